// Keys from passwords and secrets: PBKDF2, scrypt and HKDF.

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import { keyBytes, outputOf } from "node:internal/crypto_bytes";
import { Hmac } from "node:internal/crypto_hash";
import {
  invalidArgType,
  nodeError,
  outOfRange,
  validateFunction,
  validateInteger,
} from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";

function checkDigest(digest) {
  if (typeof digest !== "string") throw invalidArgType("digest", "of type string", digest);
  if (!native.hasHash(digest))
    throw nodeError(TypeError, "ERR_CRYPTO_INVALID_DIGEST", `Invalid digest: ${digest}`);
}

export function pbkdf2Sync(password, salt, iterations, keylen, digest) {
  checkDigest(digest);
  return outputOf(
    native.pbkdf2Sync(
      keyBytes(password, "password"),
      keyBytes(salt, "salt"),
      iterations,
      keylen,
      digest,
    ),
  );
}

export function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  validateFunction(callback, "callback");
  checkDigest(digest);
  native
    .pbkdf2(keyBytes(password, "password"), keyBytes(salt, "salt"), iterations, keylen, digest)
    .then((bytes) => callback(null, outputOf(bytes)), callback);
}

/** Native memory does not count towards the isolate's limit, hence a bound of its own. */
const MOST_MEMORY = 128 * 1024 * 1024;

function scryptArguments(password, salt, keylen, options = {}) {
  const cost = options.cost ?? options.N ?? 16384;
  const block = options.blockSize ?? options.r ?? 8;
  const parallel = options.parallelization ?? options.p ?? 1;
  const memory = Math.min(options.maxmem ?? 32 * 1024 * 1024, MOST_MEMORY);
  validateInteger(keylen, "keylen", 0, 0x7fffffff);
  if (128 * cost * block > memory || cost < 2 || (cost & (cost - 1)) !== 0) {
    const why =
      128 * cost * block > memory
        ? ": error:030000AC:digital envelope routines::memory limit exceeded"
        : "";
    throw nodeError(RangeError, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", `Invalid scrypt params${why}`);
  }
  return [keyBytes(password, "password"), keyBytes(salt, "salt"), cost, block, parallel, keylen];
}

export function scryptSync(password, salt, keylen, options) {
  return outputOf(native.scryptSync(...scryptArguments(password, salt, keylen, options)));
}

export function scrypt(password, salt, keylen, options, callback) {
  const [settings, done] =
    typeof options === "function" ? [undefined, options] : [options, callback];
  validateFunction(done, "callback");
  native
    .scrypt(...scryptArguments(password, salt, keylen, settings))
    .then((bytes) => done(null, outputOf(bytes)), done);
}

export function hkdfSync(digest, key, salt, info, length) {
  checkDigest(digest);
  validateInteger(length, "length", 0, 0x7fffffff);
  const sign = (secret, data) => new Hmac(digest, secret).update(data).digest();
  const seed = sign(keyBytes(salt, "salt"), keyBytes(key, "ikm"));
  if (length > 255 * seed.length)
    throw nodeError(RangeError, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
  if (keyBytes(info, "info").length > 1024)
    throw outOfRange(
      "info",
      "must not contain more than 1024 bytes",
      keyBytes(info, "info").length,
    );
  const blocks = [];
  let last = Buffer.alloc(0);
  for (let made = 0; made < length; made += last.length) {
    last = sign(
      seed,
      Buffer.concat([last, keyBytes(info, "info"), Buffer.from([blocks.length + 1])]),
    );
    blocks.push(last);
  }
  const joined = Buffer.concat(blocks).subarray(0, length);
  return joined.buffer.slice(joined.byteOffset, joined.byteOffset + length);
}

export function hkdf(digest, key, salt, info, length, callback) {
  validateFunction(callback, "callback");
  nextTick(callback, null, hkdfSync(digest, key, salt, info, length));
}
