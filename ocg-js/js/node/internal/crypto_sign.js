// Signatures: Sign, Verify, sign() and verify().

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import { keyBytes, outputOf } from "node:internal/crypto_bytes";
import { privateKeyOf, publicKeyOf } from "node:internal/crypto_keys";
import { invalidArgValue, nodeError, validateFunction, validateString } from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";
import { Writable } from "node:stream";

const PKCS1 = 1;
const ANY_SALT = -2;

/** OpenSSL knows signature algorithms by many names; what counts is the digest. */
function digestNamed(algorithm) {
  const name = algorithm
    .replace(/^RSA-/i, "")
    .replace(/WithRSAEncryption$/i, "")
    .replace(/^ecdsa-with-/i, "");
  if (!native.hasHash(name)) {
    throw nodeError(TypeError, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest");
  }
  return name.toLowerCase();
}

/** `[padding, saltLength, whether ECDSA is DER]` */
function parameters(key) {
  const given = typeof key === "object" && key !== null && !ArrayBuffer.isView(key) ? key : {};
  const { padding = PKCS1, saltLength = ANY_SALT, dsaEncoding = "der" } = given;
  if (dsaEncoding !== "der" && dsaEncoding !== "ieee-p1363")
    throw invalidArgValue("options.dsaEncoding", dsaEncoding);
  return [padding, saltLength, dsaEncoding === "der"];
}

class Absorber extends Writable {
  #hash;
  digestName;

  constructor(algorithm, options) {
    validateString(algorithm, "algorithm");
    super(options);
    this.digestName = digestNamed(algorithm);
    this.#hash = new native.Hash(this.digestName);
  }

  update(data, encoding) {
    this.#hash.update(keyBytes(data, "data", encoding));
    return this;
  }

  _write(chunk, encoding, done) {
    this.update(chunk, encoding);
    done();
  }

  digest() {
    return new Uint8Array(this.#hash.digest());
  }
}

export class Sign extends Absorber {
  sign(key, encoding) {
    const signed = privateKeyOf(key).sign(this.digestName, this.digest(), ...parameters(key));
    return outputOf(signed, encoding);
  }
}

export class Verify extends Absorber {
  verify(key, signature, encoding) {
    const bytes = keyBytes(signature, "signature", encoding);
    return publicKeyOf(key).verify(this.digestName, this.digest(), ...parameters(key), bytes);
  }
}

/** `[digest name, what is signed]`: Ed25519 signs the message itself. */
function prepared(algorithm, data, kind) {
  if (kind === "ed25519") return ["", data];
  const digest = digestNamed(algorithm ?? "sha256");
  return [digest, new Uint8Array(native.hashOnce(digest, data))];
}

export function sign(algorithm, data, key, callback) {
  if (callback !== undefined) return later(callback, () => sign(algorithm, data, key));
  const native = privateKeyOf(key);
  const [digest, message] = prepared(algorithm, keyBytes(data, "data"), native.describe()[1]);
  return Buffer.from(native.sign(digest, message, ...parameters(key)));
}

export function verify(algorithm, data, key, signature, callback) {
  if (callback !== undefined) return later(callback, () => verify(algorithm, data, key, signature));
  const native = publicKeyOf(key);
  const [digest, message] = prepared(algorithm, keyBytes(data, "data"), native.describe()[1]);
  return native.verify(digest, message, ...parameters(key), keyBytes(signature, "signature"));
}

function later(callback, work) {
  validateFunction(callback, "callback");
  const result = work();
  nextTick(callback, null, result);
  return undefined;
}
