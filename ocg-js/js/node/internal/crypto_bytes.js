// How node:crypto takes bytes and gives them back.

import { Buffer } from "node:buffer";
import { invalidArgType } from "node:internal/errors";

/** The method of a secret key that gives its bytes. */
export const SECRET = Symbol("secret bytes");

/** @returns {Uint8Array} */
export function keyBytes(value, name, encoding = "utf8") {
  if (typeof value === "string") return Buffer.from(value, encoding);
  if (value instanceof Uint8Array) return value;
  if (typeof value?.[SECRET] === "function") return value[SECRET]();
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw invalidArgType(
    name,
    "of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, KeyObject, or CryptoKey",
    value,
  );
}

/** @param {ArrayBuffer} bytes */
export function outputOf(bytes, encoding = undefined) {
  const buffer = Buffer.from(bytes);
  return encoding && encoding !== "buffer" ? buffer.toString(encoding) : buffer;
}
