// Web Crypto: randomness and UUIDs here, everything else loaded when it is used.

import * as native from "ocg:native/crypto";
import { importSync } from "ocg:native/module";

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

let loaded;
const subtle = () => (loaded ??= importSync("ocg:web/subtle"));

export class SubtleCrypto {
  /** @returns {Promise<ArrayBuffer>} */
  async digest(algorithm, data) {
    return subtle().digest(algorithm, data);
  }

  async sign(algorithm, key, data) {
    return subtle().sign(algorithm, key, data);
  }

  async verify(algorithm, key, signature, data) {
    return subtle().verify(algorithm, key, signature, data);
  }

  async encrypt(algorithm, key, data) {
    return subtle().encrypt(algorithm, key, data);
  }

  async decrypt(algorithm, key, data) {
    return subtle().decrypt(algorithm, key, data);
  }

  async importKey(format, data, algorithm, extractable, usages) {
    return subtle().importKey(format, data, algorithm, extractable, usages);
  }

  async exportKey(format, key) {
    return subtle().exportKey(format, key);
  }

  async generateKey(algorithm, extractable, usages) {
    return subtle().generateKey(algorithm, extractable, usages);
  }

  async deriveBits(algorithm, key, length) {
    return subtle().deriveBits(algorithm, key, length);
  }

  async deriveKey(algorithm, key, target, extractable, usages) {
    return subtle().deriveKey(algorithm, key, target, extractable, usages);
  }

  async wrapKey(format, key, wrapping, algorithm) {
    return subtle().wrapKey(format, key, wrapping, algorithm);
  }

  async unwrapKey(...given) {
    return subtle().unwrapKey(...given);
  }

  get [Symbol.toStringTag]() {
    return "SubtleCrypto";
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

  get [Symbol.toStringTag]() {
    return "Crypto";
  }
}

export const crypto = new Crypto();
