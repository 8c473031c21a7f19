// node:crypto: digests, MACs, AES, randomness, key derivation, and keys and signatures of RSA,
// P-256, P-384, Ed25519 and X25519.

import * as native from "ocg:native/crypto";
import { crypto as webcrypto } from "ocg:web/crypto";
import { diffieHellman, ECDH } from "node:internal/crypto_agreement";
import { keyBytes } from "node:internal/crypto_bytes";
import { X509Certificate } from "node:internal/crypto_certificate";
import { Cipheriv, Decipheriv } from "node:internal/crypto_cipher";
import {
  hkdf,
  hkdfSync,
  pbkdf2,
  pbkdf2Sync,
  scrypt,
  scryptSync,
} from "node:internal/crypto_derive";
import {
  generateKey,
  generateKeyPair,
  generateKeyPairSync,
  generateKeySync,
} from "node:internal/crypto_generate";
import { Hash, Hmac, hash } from "node:internal/crypto_hash";
import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  KeyObject,
} from "node:internal/crypto_keys";
import {
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
} from "node:internal/crypto_random";
import { privateDecrypt, publicEncrypt } from "node:internal/crypto_rsa";
import { Sign, sign, Verify, verify } from "node:internal/crypto_sign";
import { invalidArgType, nodeError, unavailable } from "node:internal/errors";

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

export function createSign(algorithm, options) {
  return new Sign(algorithm, options);
}

export function createVerify(algorithm, options) {
  return new Verify(algorithm, options);
}

export function createECDH(curve) {
  return new ECDH(curve);
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
  return ["prime256v1", "secp384r1"];
}

export function getFips() {
  return 0;
}

export const constants = Object.freeze({
  RSA_PKCS1_PADDING: 1,
  RSA_NO_PADDING: 3,
  RSA_PKCS1_OAEP_PADDING: 4,
  RSA_X931_PADDING: 5,
  RSA_PKCS1_PSS_PADDING: 6,
  RSA_PSS_SALTLEN_DIGEST: -1,
  RSA_PSS_SALTLEN_MAX_SIGN: -2,
  RSA_PSS_SALTLEN_AUTO: -2,
  POINT_CONVERSION_COMPRESSED: 2,
  POINT_CONVERSION_UNCOMPRESSED: 4,
});

const WHY = "it is not provided to plugins";
export const createDiffieHellman = unavailable("createDiffieHellman", WHY);
export const privateEncrypt = unavailable("privateEncrypt", WHY);
export const publicDecrypt = unavailable("publicDecrypt", WHY);

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
  ECDH,
  X509Certificate,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKey,
  generateKeyPair,
  generateKeyPairSync,
  generateKeySync,
  hkdf,
  hkdfSync,
  pbkdf2,
  pbkdf2Sync,
  privateDecrypt,
  publicEncrypt,
  scrypt,
  scryptSync,
  Sign,
  sign,
  Verify,
  verify,
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
  ECDH,
  generateKey,
  generateKeySync,
  hkdf,
  Sign,
  Verify,
  privateEncrypt,
  publicDecrypt,
};
