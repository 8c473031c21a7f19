// node:crypto: digests, MACs, AES, randomness and key derivation. Signatures, certificates and
// asymmetric keys are not provided.

import * as native from "ocg:native/crypto";
import { crypto as webcrypto } from "ocg:web/crypto";
import { Buffer } from "node:buffer";
import { invalidArgType, nodeError, unavailable, validateFunction } from "node:internal/errors";
import { KeyObject, keyBytes, outputOf } from "node:internal/crypto_bytes";
import { Cipheriv, Decipheriv } from "node:internal/crypto_cipher";
import { Hash, Hmac, hash } from "node:internal/crypto_hash";
import {
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
} from "node:internal/crypto_random";

export function createHash(algorithm, options) {
  return new Hash(algorithm, options);
}

export function createHmac(algorithm, key, options) {
  return new Hmac(algorithm, key, options);
}

export function createCipheriv(name, key, iv, options) {
  return new Cipheriv(name, key, iv, options);
}

export function createDecipheriv(name, key, iv, options) {
  return new Decipheriv(name, key, iv, options);
}

export function createSecretKey(key, encoding) {
  return new KeyObject("secret", Buffer.from(keyBytes(key, "key", encoding)));
}

export function timingSafeEqual(left, right) {
  const [one, two] = [left, right].map((value, at) => {
    if (typeof value === "string")
      throw invalidArgType(
        `buf${at + 1}`,
        "an instance of ArrayBuffer, Buffer, TypedArray, or DataView",
        value,
      );
    return keyBytes(value, `buf${at + 1}`);
  });
  if (one.length !== two.length) {
    throw nodeError(
      RangeError,
      "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
      "Input buffers must have the same byte length",
    );
  }
  return native.timingSafeEqual(one, two);
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

function checkDigest(digest) {
  if (typeof digest !== "string") throw invalidArgType("digest", "of type string", digest);
  if (!native.hasHash(digest))
    throw nodeError(TypeError, "ERR_CRYPTO_INVALID_DIGEST", `Invalid digest: ${digest}`);
}

export function hkdfSync(digest, key, salt, info, length) {
  checkDigest(digest);
  const sign = (secret, data) => createHmac(digest, secret).update(data).digest();
  const seed = sign(keyBytes(salt, "salt"), keyBytes(key, "key"));
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

export function getHashes() {
  return ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256"];
}

export function getCiphers() {
  return [128, 192, 256].flatMap((bits) =>
    ["cbc", "ctr", "ecb", "gcm"].map((mode) => `aes-${bits}-${mode}`),
  );
}

export function getCipherInfo(name) {
  const info = native.cipherInfo(String(name));
  if (!info) return undefined;
  const [keyLength, ivLength, blockSize] = info;
  const mode = String(name).slice(-3).toLowerCase();
  return {
    mode,
    name: String(name).toLowerCase(),
    ...(blockSize > 1 ? { blockSize } : {}),
    ...(ivLength > 0 ? { ivLength } : {}),
    keyLength,
  };
}

export function getCurves() {
  return [];
}

export function getFips() {
  return 0;
}

export const constants = Object.freeze({
  RSA_PKCS1_PADDING: 1,
  RSA_PKCS1_OAEP_PADDING: 4,
  RSA_PKCS1_PSS_PADDING: 6,
});

const WHY = "asymmetric cryptography is not provided to plugins";
export const createSign = unavailable("createSign", WHY);
export const createVerify = unavailable("createVerify", WHY);
export const createPublicKey = unavailable("createPublicKey", WHY);
export const createPrivateKey = unavailable("createPrivateKey", WHY);
export const sign = unavailable("sign", WHY);
export const verify = unavailable("verify", WHY);
export const generateKeyPair = unavailable("generateKeyPair", WHY);
export const generateKeyPairSync = unavailable("generateKeyPairSync", WHY);
export const diffieHellman = unavailable("diffieHellman", WHY);
export const createDiffieHellman = unavailable("createDiffieHellman", WHY);
export const createECDH = unavailable("createECDH", WHY);
export const publicEncrypt = unavailable("publicEncrypt", WHY);
export const privateDecrypt = unavailable("privateDecrypt", WHY);
export const scrypt = unavailable("scrypt", "scrypt is not provided to plugins");
export const scryptSync = unavailable("scryptSync", "scrypt is not provided to plugins");
export const X509Certificate = unavailable("X509Certificate", WHY);

export const subtle = webcrypto.subtle;
export const getRandomValues = (array) => webcrypto.getRandomValues(array);

export {
  Cipheriv,
  Decipheriv,
  Hash,
  hash,
  Hmac,
  KeyObject,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  webcrypto,
};

export default {
  createHash,
  createHmac,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  timingSafeEqual,
  pbkdf2,
  pbkdf2Sync,
  hkdfSync,
  getHashes,
  getCiphers,
  getCipherInfo,
  getCurves,
  getFips,
  constants,
  createSign,
  createVerify,
  createPublicKey,
  createPrivateKey,
  sign,
  verify,
  generateKeyPair,
  generateKeyPairSync,
  diffieHellman,
  createDiffieHellman,
  createECDH,
  publicEncrypt,
  privateDecrypt,
  scrypt,
  scryptSync,
  X509Certificate,
  subtle,
  getRandomValues,
  Cipheriv,
  Decipheriv,
  Hash,
  hash,
  Hmac,
  KeyObject,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  webcrypto,
};
