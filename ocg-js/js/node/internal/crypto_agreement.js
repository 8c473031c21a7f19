// Shared secrets: ECDH on P-256 and P-384, and diffieHellman().

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import { keyBytes, outputOf } from "node:internal/crypto_bytes";
import { curveNamed } from "node:internal/crypto_generate";
import { privateKeyOf, publicKeyOf } from "node:internal/crypto_keys";
import { nodeError, validateFunction } from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";

export function diffieHellman(options, callback) {
  const work = () =>
    Buffer.from(native.agree(privateKeyOf(options.privateKey), publicKeyOf(options.publicKey)));
  if (callback === undefined) return work();
  validateFunction(callback, "callback");
  const secret = work();
  nextTick(callback, null, secret);
  return undefined;
}

function encoded(point, encoding, format) {
  if (format !== "compressed") return outputOf(point, encoding);
  const half = (point.length - 1) / 2;
  const sign = Buffer.from([2 + (point.at(-1) & 1)]);
  return outputOf(Buffer.concat([sign, point.subarray(1, 1 + half)]), encoding);
}

export class ECDH {
  #curve;
  #key;

  constructor(curve) {
    this.#curve = curveNamed(curve);
  }

  generateKeys(encoding, format) {
    this.#key = native.generateKeySync(this.#curve, 0);
    return this.getPublicKey(encoding, format);
  }

  setPrivateKey(key, encoding) {
    try {
      this.#key = native.rawKey(this.#curve, true, keyBytes(key, "key", encoding));
    } catch {
      throw nodeError(
        Error,
        "ERR_CRYPTO_INVALID_KEYTYPE",
        "Private key is not valid for specified curve.",
      );
    }
  }

  getPublicKey(encoding, format) {
    return encoded(Buffer.from(this.#own().toPublic().raw()), encoding, format);
  }

  getPrivateKey(encoding) {
    return outputOf(this.#own().raw(), encoding);
  }

  computeSecret(other, inputEncoding, outputEncoding) {
    let point;
    try {
      point = native.rawKey(this.#curve, false, keyBytes(other, "otherPublicKey", inputEncoding));
    } catch {
      throw nodeError(
        Error,
        "ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY",
        "Public key is not valid for specified curve",
      );
    }
    return outputOf(native.agree(this.#own(), point), outputEncoding);
  }

  #own() {
    if (!this.#key) {
      throw nodeError(Error, "ERR_CRYPTO_ECDH_INVALID_KEY", "Failed to get ECDH private key");
    }
    return this.#key;
  }
}
