// node:stream/consumers

import { Buffer } from "node:buffer";
import { Blob } from "ocg:web/blob";

export async function buffer(stream) {
  const pieces = [];
  for await (const piece of stream)
    pieces.push(typeof piece === "string" ? Buffer.from(piece) : piece);
  return Buffer.concat(pieces);
}

export async function text(stream) {
  return (await buffer(stream)).toString();
}

export async function json(stream) {
  return JSON.parse(await text(stream));
}

export async function arrayBuffer(stream) {
  const bytes = await buffer(stream);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

export async function blob(stream) {
  return new Blob([await buffer(stream)]);
}

export default { arrayBuffer, blob, buffer, json, text };
