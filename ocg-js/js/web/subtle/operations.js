/** Operations of Web Crypto with keys. */
import { Buffer } from "node:buffer";
import { diffieHellman } from "node:internal/crypto_agreement";
import { Cipheriv, Decipheriv } from "node:internal/crypto_cipher";
import { hkdfSync, pbkdf2 } from "node:internal/crypto_derive";
import { Hmac } from "node:internal/crypto_hash";
import { privateDecrypt, publicEncrypt } from "node:internal/crypto_rsa";
import { sign as signNow, verify as verifyNow } from "node:internal/crypto_sign";
import { bytesOf, digestOf, failure, normalized } from "ocg:web/subtle/algorithms";
import { checkUse, keyObjectOf } from "ocg:web/subtle/crypto-key";
import { derivedLength, exportKey, importKey } from "ocg:web/subtle/keys";
import * as native from "ocg:native/crypto";

const PKCS1 = 1;
const OAEP = 4;
const PSS = 6;

const copy = (bytes) => new Uint8Array(bytes).buffer;

function operationFailed(cause) {
  return new DOMException("The operation failed for an operation-specific reason", {
    name: "OperationError",
    cause,
  });
}

export async function digest(algorithm, data) {
  const { name } = normalized(algorithm);
  return native.hashOnce(digestOf(name), bytesOf(data));
}

/** `[digest, key]` as node:crypto's sign() and verify() take them. */
function signing(wanted, key) {
  const object = keyObjectOf(key);
  switch (wanted.name) {
    case "ECDSA":
      return [digestOf(wanted.hash), { key: object, dsaEncoding: "ieee-p1363" }];
    case "RSASSA-PKCS1-v1_5":
      return [digestOf(key.algorithm.hash), { key: object, padding: PKCS1 }];
    case "RSA-PSS":
      return [
        digestOf(key.algorithm.hash),
        { key: object, padding: PSS, saltLength: wanted.saltLength },
      ];
    case "Ed25519":
      return [null, object];
    default:
      throw failure("NotSupportedError", "Unrecognized algorithm name");
  }
}

const mac = (key, data) =>
  new Hmac(digestOf(key.algorithm.hash), keyObjectOf(key)).update(data).digest();

export async function sign(algorithm, key, data) {
  const wanted = normalized(algorithm);
  const message = bytesOf(data);
  checkUse(key, wanted, "sign");
  if (wanted.name === "HMAC") return copy(mac(key, message));
  const [hash, object] = signing(wanted, key);
  return copy(signNow(hash, message, object));
}

export async function verify(algorithm, key, signature, data) {
  const wanted = normalized(algorithm);
  const [given, message] = [bytesOf(signature, "signature"), bytesOf(data)];
  checkUse(key, wanted, "verify");
  if (wanted.name === "HMAC") {
    const own = mac(key, message);
    return own.length === given.length && native.timingSafeEqual(own, given);
  }
  const [hash, object] = signing(wanted, key);
  return verifyNow(hash, message, object, given);
}

function cipherName(wanted, key) {
  return `aes-${key.algorithm.length}-${wanted.name.slice(4).toLowerCase()}`;
}

/** The cipher's start value and the bytes of its tag. */
function cipherStart(wanted) {
  if (wanted.name === "AES-CTR") return [bytesOf(wanted.counter, "counter"), 0];
  const iv = bytesOf(wanted.iv, "iv");
  return [iv, wanted.name === "AES-GCM" ? (wanted.tagLength ?? 128) / 8 : 0];
}

function rsaKey(wanted, key) {
  const label = wanted.label === undefined ? undefined : bytesOf(wanted.label, "label");
  const hash = digestOf(key.algorithm.hash);
  return { key: keyObjectOf(key), padding: OAEP, oaepHash: hash, oaepLabel: label };
}

function encryptWith(wanted, key, text) {
  if (wanted.name === "RSA-OAEP") return publicEncrypt(rsaKey(wanted, key), text);
  const [iv, tagLength] = cipherStart(wanted);
  const cipher = new Cipheriv(cipherName(wanted, key), keyObjectOf(key), iv);
  if (wanted.additionalData !== undefined) cipher.setAAD(bytesOf(wanted.additionalData));
  const parts = [cipher.update(text), cipher.final()];
  return Buffer.concat(tagLength ? [...parts, cipher.getAuthTag().subarray(0, tagLength)] : parts);
}

function decryptWith(wanted, key, text) {
  if (wanted.name === "RSA-OAEP") return privateDecrypt(rsaKey(wanted, key), text);
  const [iv, tagLength] = cipherStart(wanted);
  if (text.length < tagLength) throw new RangeError("the data is too short");
  const cipher = new Decipheriv(cipherName(wanted, key), keyObjectOf(key), iv);
  if (wanted.additionalData !== undefined) cipher.setAAD(bytesOf(wanted.additionalData));
  const end = text.length - tagLength;
  if (tagLength) cipher.setAuthTag(text.subarray(end));
  return Buffer.concat([cipher.update(text.subarray(0, end)), cipher.final()]);
}

function crypt(work, usage) {
  return async (algorithm, key, data) => {
    const wanted = normalized(algorithm);
    const text = bytesOf(data);
    checkUse(key, wanted, usage);
    try {
      return copy(work(wanted, key, text));
    } catch (error) {
      if (error instanceof TypeError && !error.code) throw error;
      throw operationFailed(error);
    }
  };
}
export const encrypt = crypt(encryptWith, "encrypt");
export const decrypt = crypt(decryptWith, "decrypt");
const wrap = crypt(encryptWith, "wrapKey");
const unwrap = crypt(decryptWith, "unwrapKey");

async function derived(wanted, key, length) {
  if (wanted.name === "ECDH" || wanted.name === "X25519") {
    const pair = { privateKey: keyObjectOf(key), publicKey: keyObjectOf(wanted.public) };
    const secret = diffieHellman(pair);
    const bytes = length === null || length === undefined ? secret.length : Math.ceil(length / 8);
    if (bytes > secret.length) throw failure("OperationError", "derived bit length is too small");
    return copy(secret.subarray(0, bytes));
  }
  if (length === null || length === undefined || length % 8 !== 0)
    throw failure("OperationError", "length must be a multiple of 8");
  const [secret, hash] = [keyObjectOf(key).export(), digestOf(wanted.hash)];
  const salt = bytesOf(wanted.salt, "salt");
  if (wanted.name === "HKDF")
    return hkdfSync(hash, secret, salt, bytesOf(wanted.info, "info"), length / 8);
  if (wanted.name !== "PBKDF2") throw failure("NotSupportedError", "Unrecognized algorithm name");
  return new Promise((resolve, reject) => {
    pbkdf2(secret, salt, wanted.iterations, length / 8, hash, (error, bytes) =>
      error ? reject(operationFailed(error)) : resolve(copy(bytes)),
    );
  });
}

export async function deriveBits(algorithm, key, length = null) {
  const wanted = normalized(algorithm);
  checkUse(key, wanted, "deriveBits");
  return derived(wanted, key, length);
}

export async function deriveKey(algorithm, key, target, extractable, usages) {
  const wanted = normalized(algorithm);
  checkUse(key, wanted, "deriveKey");
  const bits = await derived(wanted, key, derivedLength(target));
  return importKey("raw", bits, target, extractable, usages);
}

export async function wrapKey(format, key, wrapping, algorithm) {
  const exported = await exportKey(format, key);
  const bytes = format === "jwk" ? Buffer.from(JSON.stringify(exported)) : exported;
  return wrap(algorithm, wrapping, bytes);
}

export async function unwrapKey(format, wrapped, wrapping, algorithm, target, extractable, usages) {
  const bytes = await unwrap(algorithm, wrapping, wrapped);
  const data = format === "jwk" ? JSON.parse(Buffer.from(bytes).toString()) : bytes;
  return importKey(format, data, target, extractable, usages);
}
