// Cipheriv and Decipheriv of node:crypto.

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import { invalidArgType, nodeError } from "node:internal/errors";
import { keyBytes, outputOf } from "node:internal/crypto_bytes";
import { StringDecoder } from "node:string_decoder";
import { Transform } from "node:stream";

class Cipher extends Transform {
  #cipher;
  #decoder;

  constructor(name, key, iv, options, encrypt) {
    super(options);
    if (typeof name !== "string") throw invalidArgType("cipher", "of type string", name);
    const info = native.cipherInfo(name);
    if (!info) throw nodeError(Error, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
    const secret = keyBytes(key, "key");
    const start = iv === null || iv === undefined ? new Uint8Array(0) : keyBytes(iv, "iv");
    if (secret.length !== info[0])
      throw nodeError(RangeError, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
    const gcm = /gcm$/i.test(name);
    if (gcm ? start.length === 0 : start.length !== info[1]) {
      throw nodeError(TypeError, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector");
    }
    this.#cipher = new native.Cipher(name, secret, start, encrypt);
  }

  update(data, inputEncoding, outputEncoding) {
    const input =
      typeof data === "string" ? Buffer.from(data, inputEncoding) : keyBytes(data, "data");
    return this.#out(Buffer.from(this.#cipher.update(input)), outputEncoding, false);
  }

  final(outputEncoding) {
    return this.#out(Buffer.from(this.#cipher.final()), outputEncoding, true);
  }

  #out(bytes, encoding, last) {
    if (!encoding || encoding === "buffer") return bytes;
    this.#decoder ??= new StringDecoder(encoding);
    return last ? this.#decoder.end(bytes) : this.#decoder.write(bytes);
  }

  setAutoPadding(padding = true) {
    this.#cipher.setAutoPadding(Boolean(padding));
    return this;
  }

  setAAD(data) {
    this.#cipher.setAAD(keyBytes(data, "buffer"));
    return this;
  }

  setAuthTag(tag, encoding) {
    this.#cipher.setAuthTag(
      typeof tag === "string" ? Buffer.from(tag, encoding) : keyBytes(tag, "tag"),
    );
    return this;
  }

  getAuthTag() {
    return outputOf(this.#cipher.getAuthTag());
  }

  _transform(chunk, encoding, done) {
    try {
      done(null, this.update(chunk, encoding));
    } catch (error) {
      done(error);
    }
  }

  _flush(done) {
    try {
      done(null, this.final());
    } catch (error) {
      done(error);
    }
  }
}

export class Cipheriv extends Cipher {
  constructor(name, key, iv, options) {
    super(name, key, iv, options, true);
  }
}

export class Decipheriv extends Cipher {
  constructor(name, key, iv, options) {
    super(name, key, iv, options, false);
  }
}
