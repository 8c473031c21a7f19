// Hash and Hmac of node:crypto.

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import { invalidArgType, nodeError, validateString } from "node:internal/errors";
import { keyBytes, outputOf } from "node:internal/crypto_bytes";
import { Transform } from "node:stream";

function checkData(data) {
  if (typeof data !== "string" && !ArrayBuffer.isView(data)) {
    throw invalidArgType(
      "data",
      "of type string or an instance of Buffer, TypedArray, or DataView",
      data,
    );
  }
}

class Digest extends Transform {
  #state;
  #taken = false;

  constructor(state, options) {
    super(options);
    this.#state = state;
  }

  get state() {
    return this.#state;
  }

  update(data, encoding) {
    checkData(data);
    if (this.#taken) throw nodeError(Error, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
    const plain = encoding === undefined || encoding === "utf8" || encoding === "utf-8";
    this.#state.update(typeof data === "string" && plain ? data : keyBytes(data, "data", encoding));
    return this;
  }

  digest(encoding) {
    if (this.#taken) return this.again(encoding);
    this.#taken = true;
    return outputOf(this.#state.digest(), encoding);
  }

  _transform(chunk, encoding, done) {
    this.update(chunk, encoding);
    done();
  }

  _flush(done) {
    this.push(this.digest());
    done();
  }
}

export class Hash extends Digest {
  constructor(algorithm, options, state = undefined) {
    if (state === undefined) {
      validateString(algorithm, "algorithm");
      if (!native.hasHash(algorithm)) {
        throw new Error("Digest method not supported");
      }
    }
    super(state ?? new native.Hash(algorithm), options);
  }

  copy(options) {
    return new Hash(undefined, options, this.state.copy());
  }

  again() {
    throw nodeError(Error, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
  }
}

export class Hmac extends Digest {
  constructor(algorithm, key, options) {
    validateString(algorithm, "hmac");
    if (!native.hasHash(algorithm)) {
      throw nodeError(TypeError, "ERR_CRYPTO_INVALID_DIGEST", `Invalid digest: ${algorithm}`);
    }
    super(new native.Hash(algorithm, keyBytes(key, "key")), options);
  }

  again(encoding) {
    return outputOf(new ArrayBuffer(0), encoding);
  }
}

/** The digest of one piece of data, without a Hash object. */
export function hash(algorithm, data, outputEncoding = "hex") {
  validateString(algorithm, "algorithm");
  checkData(data);
  if (!native.hasHash(algorithm)) {
    throw new Error("Digest method not supported");
  }
  const bytes = native.hashOnce(
    algorithm,
    typeof data === "string" ? data : keyBytes(data, "data"),
  );
  return outputEncoding === "buffer" ? Buffer.from(bytes) : outputOf(bytes, outputEncoding);
}
