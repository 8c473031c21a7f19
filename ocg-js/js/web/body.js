/** Bodies of requests and responses (Fetch standard, "Body"). */
import { Blob } from "ocg:web/blob";
import { decodeMultipart, encodeMultipart, FormData } from "ocg:web/form-data";
import { ReadableStream, coreOf } from "ocg:web/readable-stream";
import { TextDecoder, TextEncoder } from "ocg:web/text-encoder";
import { URLSearchParams } from "ocg:web/url";

/**
 * What a body is made of: `bytes` (string or Uint8Array), a stream, or an exchange with the
 * network whose body was not touched yet.
 * @typedef {{ bytes?: string | Uint8Array, stream?: ReadableStream, exchange?: object,
 *   blob?: Blob, type?: string }} Content
 */

const bytesOf = (data) =>
  data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** @returns {Content} */
export function extract(body) {
  if (body == null) return {};
  if (typeof body === "string") return { bytes: body, type: "text/plain;charset=UTF-8" };
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { bytes: bytesOf(body) };
  if (body instanceof URLSearchParams) {
    const type = "application/x-www-form-urlencoded;charset=UTF-8";
    return { bytes: String(body), type };
  }
  if (body instanceof FormData) {
    const blob = encodeMultipart(body);
    return { blob, type: blob.type };
  }
  if (body instanceof Blob) return { blob: body, type: body.type || undefined };
  if (body instanceof ReadableStream) {
    if (body.locked || coreOf(body).disturbed) {
      throw new TypeError("Body is unusable: the stream was read or is locked");
    }
    return { stream: body };
  }
  if (typeof body[Symbol.asyncIterator] === "function")
    return { stream: ReadableStream.from(body) };
  return { bytes: String(body), type: "text/plain;charset=UTF-8" };
}

/** Lets the network run a stream: one read per pull. */
function streamOfExchange(exchange) {
  return new ReadableStream(
    {
      async pull(controller) {
        const chunk = await exchange.read();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
      cancel: () => exchange.abort(),
    },
    { highWaterMark: 0 },
  );
}

function streamOfBytes(bytes) {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}

async function drain(stream) {
  const chunks = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("a body's chunks are Uint8Arrays");
    chunks.push(chunk);
    length += chunk.length;
  }
  if (chunks.length === 1) return chunks[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

const encode = (bytes) => (typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);

/** What Request and Response have in common. */
export class Body {
  #content;
  #used = false;

  /** @param {Content} content */
  constructor(content) {
    this.#content = content;
  }

  static contentOf(body) {
    return body.#content;
  }

  get body() {
    const content = this.#content;
    if (content.stream) return content.stream;
    if (content.exchange) content.stream = streamOfExchange(content.exchange);
    else if (content.blob) content.stream = content.blob.stream();
    else if (content.bytes !== undefined) content.stream = streamOfBytes(encode(content.bytes));
    else return null;
    if (this.#used) content.stream.cancel().catch(() => {});
    return content.stream;
  }

  get bodyUsed() {
    const { stream } = this.#content;
    return this.#used || (stream !== undefined && coreOf(stream).disturbed);
  }

  /** Marks the body as read; it can be read once. */
  #use() {
    if (this.bodyUsed || this.#content.stream?.locked) {
      throw new TypeError("Body is unusable: Body has already been read");
    }
    const { stream, exchange, blob, bytes } = this.#content;
    this.#used =
      stream !== undefined || exchange !== undefined || blob !== undefined || bytes !== undefined;
    return this.#content;
  }

  async bytes() {
    const { stream, exchange, blob, bytes } = this.#use();
    if (stream) return drain(stream);
    if (exchange) return exchange.bytes();
    if (blob) return new Uint8Array(await blob.arrayBuffer());
    return bytes === undefined ? new Uint8Array(0) : encode(bytes).slice();
  }

  async arrayBuffer() {
    const bytes = await this.bytes();
    const whole = bytes.byteLength === bytes.buffer.byteLength;
    return whole ? bytes.buffer : bytes.slice().buffer;
  }

  async text() {
    const content = this.#content;
    if (content.exchange && !content.stream) return this.#use().exchange.text();
    if (typeof content.bytes === "string" && !content.stream) return this.#use().bytes;
    return new TextDecoder().decode(await this.bytes());
  }

  async json() {
    return JSON.parse(await this.text());
  }

  async blob() {
    const type = this.headers.get("content-type") ?? "";
    return new Blob([await this.bytes()], { type });
  }

  async formData() {
    const type = this.headers.get("content-type") ?? "";
    const boundary = /^multipart\/form-data\b.*\bboundary="?([^";]+)"?/i.exec(type)?.[1];
    if (boundary) return decodeMultipart(await this.bytes(), boundary);
    if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
      throw new TypeError(`a body of type ${JSON.stringify(type)} is no form`);
    }
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(await this.text())) form.append(name, value);
    return form;
  }

  /** The content for a clone; a stream is divided between both. */
  static divide(body) {
    if (body.bodyUsed) throw new TypeError("Body is unusable: it was read and cannot be cloned");
    const content = body.#content;
    if (!content.stream && !content.exchange) return { ...content };
    const [own, other] = body.body.tee();
    body.#content = { ...content, exchange: undefined, stream: own };
    return { ...body.#content, stream: other };
  }
}
