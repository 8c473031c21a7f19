// How node:crypto takes bytes and gives them back.

import { Buffer } from "node:buffer";
import { invalidArgType } from "node:internal/errors";

const RAW = Symbol("key bytes");

/** A secret key. Asymmetric keys are not provided. */
export class KeyObject {
  #bytes;

  constructor(type, bytes) {
    this.type = type;
    this.#bytes = bytes;
    this[RAW] = () => this.#bytes;
    Object.defineProperty(this, RAW, { enumerable: false });
  }

  get symmetricKeySize() {
    return this.#bytes.length;
  }

  export(options) {
    if (options?.format === "jwk")
      return { kty: "oct", k: Buffer.from(this.#bytes).toString("base64url") };
    return Buffer.from(this.#bytes);
  }

  equals(other) {
    return Buffer.from(this.#bytes).equals(other[RAW]());
  }
}

/** @returns {Uint8Array} */
export function keyBytes(value, name, encoding = "utf8") {
  if (typeof value === "string") return Buffer.from(value, encoding);
  if (value instanceof Uint8Array) return value;
  if (value instanceof KeyObject) return value[RAW]();
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
