// Web Crypto, as far as it is provided: randomness, UUIDs and digests.

import * as native from "ocg:native/crypto";

const DIGESTS = new Set(["SHA-1", "SHA-256", "SHA-384", "SHA-512"]);

function domError(message, name) {
  if (typeof DOMException === "function") return new DOMException(message, name);
  const error = new Error(message);
  error.name = name;
  return error;
}

function bytesOf(data) {
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new TypeError("an ArrayBuffer or a view of one is expected");
}

export class SubtleCrypto {
  /** @returns {Promise<ArrayBuffer>} */
  async digest(algorithm, data) {
    const name = String(typeof algorithm === "object" ? algorithm.name : algorithm).toUpperCase();
    if (!DIGESTS.has(name))
      throw domError(`Unrecognized algorithm name: ${name}`, "NotSupportedError");
    return native.hashOnce(name.toLowerCase(), bytesOf(data));
  }
}

export class Crypto {
  #subtle = new SubtleCrypto();

  get subtle() {
    return this.#subtle;
  }

  getRandomValues(array) {
    if (
      !ArrayBuffer.isView(array) ||
      array instanceof DataView ||
      array.constructor.name.startsWith("Float")
    ) {
      throw domError("The data argument must be an integer-type TypedArray", "TypeMismatchError");
    }
    if (array.byteLength > 65536) {
      throw domError(`The requested length exceeds 65,536 bytes`, "QuotaExceededError");
    }
    native.randomFill(bytesOf(array));
    return array;
  }

  randomUUID() {
    return native.randomUUID();
  }
}

export const crypto = new Crypto();
