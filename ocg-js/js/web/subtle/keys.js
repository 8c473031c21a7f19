/** Keys of Web Crypto: import, export and generation. */
import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, createSecretKey } from "node:internal/crypto_keys";
import { generateKeyPair, generateKeySync } from "node:internal/crypto_generate";
import {
  bytesOf,
  digestOf,
  failure,
  hashNamed,
  normalized,
  USAGES,
} from "ocg:web/subtle/algorithms";
import { checkUse, CryptoKey, cryptoKey, keyObjectOf } from "ocg:web/subtle/crypto-key";
import * as native from "ocg:native/crypto";

const RSA = ["RSASSA-PKCS1-v1_5", "RSA-PSS", "RSA-OAEP"];
const EC = ["ECDSA", "ECDH"];
const SECRETS = ["HMAC", "AES-CBC", "AES-CTR", "AES-GCM", "HKDF", "PBKDF2"];
const CURVES = { "P-256": "prime256v1", "P-384": "secp384r1" };

/** Where HMAC keys have no length of their own: a block of the digest, in bits. */
const blockBits = (digest) => (digest === "sha384" || digest === "sha512" ? 1024 : 512);

const unsupported = (name) => `Unsupported key usage for ${name} key`;

function checkUsages(name, usages, isPublic) {
  const [own, other = own] = USAGES[name] ?? [[]];
  const allowed = isPublic ? other : own;
  if (usages.some((usage) => !allowed.includes(usage)))
    throw failure("SyntaxError", unsupported(name));
}

/** What the key's `algorithm` shows. */
function described(algorithm, keyObject) {
  const { name } = algorithm;
  if (keyObject.type === "secret") {
    const length = keyObject.symmetricKeySize * 8;
    if (name === "HMAC") return { name, hash: hashNamed(digestOf(algorithm.hash)), length };
    return name.startsWith("AES-") ? { name, length } : { name };
  }
  const { modulusLength, publicExponent } = keyObject.asymmetricKeyDetails;
  if (RSA.includes(name)) {
    const digits = publicExponent.toString(16);
    const exponent = new Uint8Array(
      Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex"),
    );
    return {
      name,
      modulusLength,
      publicExponent: exponent,
      hash: hashNamed(digestOf(algorithm.hash)),
    };
  }
  return EC.includes(name) ? { name, namedCurve: algorithm.namedCurve } : { name };
}

function secretKey(name, bytes) {
  if (name.startsWith("AES-") && ![16, 24, 32].includes(bytes.length))
    throw failure("DataError", "Invalid key length");
  if (name === "HMAC" && bytes.length === 0)
    throw failure("DataError", "Zero-length key is not supported");
  return createSecretKey(bytes);
}

function publicPoint(algorithm, bytes) {
  const kind = EC.includes(algorithm.name) ? algorithm.namedCurve : algorithm.name.toLowerCase();
  const key = native.rawKey(kind, false, bytes);
  return createPublicKey({ key: Buffer.from(key.encode("spki")), format: "der", type: "spki" });
}

function readKey(format, data, algorithm) {
  const { name } = algorithm;
  if (SECRETS.includes(name)) {
    if (format === "raw" || format === "raw-secret")
      return secretKey(name, bytesOf(data, "keyData"));
    if (format === "jwk" && data.kty === "oct")
      return secretKey(name, Buffer.from(data.k, "base64url"));
    throw failure("NotSupportedError", `Unable to import ${name} key with format ${format}`);
  }
  if (format === "raw") return publicPoint(algorithm, bytesOf(data, "keyData"));
  if (format === "spki")
    return createPublicKey({ key: bytesOf(data, "keyData"), format: "der", type: "spki" });
  if (format === "pkcs8")
    return createPrivateKey({ key: bytesOf(data, "keyData"), format: "der", type: "pkcs8" });
  if (format === "jwk")
    return data.d === undefined
      ? createPublicKey({ key: data, format: "jwk" })
      : createPrivateKey({ key: data, format: "jwk" });
  throw failure("NotSupportedError", `Unable to import ${name} key with format ${format}`);
}

/** @throws unless the key is one of the algorithm */
function checkKind({ name, namedCurve }, key) {
  if (key.type === "secret") return;
  const kind = RSA.includes(name) ? "rsa" : EC.includes(name) ? "ec" : name.toLowerCase();
  const curve = CURVES[namedCurve];
  if (
    key.asymmetricKeyType !== kind ||
    (kind === "ec" && key.asymmetricKeyDetails.namedCurve !== curve)
  )
    throw failure("DataError", "Invalid key type");
}

export async function importKey(format, data, algorithm, extractable, usages) {
  const wanted = normalized(algorithm);
  let key;
  try {
    key = readKey(format, data, wanted);
  } catch (error) {
    if (error instanceof DOMException || !error.code) throw error;
    throw new DOMException("Invalid keyData", { name: "DataError", cause: error });
  }
  checkKind(wanted, key);
  checkUsages(wanted.name, usages, key.type === "public");
  const open = key.type === "public" || extractable;
  return cryptoKey(
    key,
    described(wanted, key),
    format === "jwk" || key.type !== "public" ? extractable : open,
    usages,
  );
}

const copy = (buffer) => new Uint8Array(buffer).buffer;

export async function exportKey(format, key) {
  if (!(key instanceof CryptoKey)) throw new TypeError("a CryptoKey is expected");
  if (!key.extractable) throw failure("InvalidAccessError", "key is not extractable");
  const object = keyObjectOf(key);
  if (format === "jwk") {
    const { name, hash } = key.algorithm;
    const alg = jwkAlgorithm(name, hash?.name, key.algorithm.length);
    return {
      key_ops: key.usages,
      ext: true,
      ...object.export({ format: "jwk" }),
      ...(alg ? { alg } : {}),
    };
  }
  if (object.type === "secret" && (format === "raw" || format === "raw-secret"))
    return copy(object.export());
  if (format === "spki" && object.type === "public")
    return copy(object.export({ format: "der", type: "spki" }));
  if (format === "pkcs8" && object.type === "private")
    return copy(object.export({ format: "der", type: "pkcs8" }));
  if (format === "raw" && object.type === "public" && !RSA.includes(key.algorithm.name)) {
    const { x, y } = object.export({ format: "jwk" });
    const parts = [x, y].filter(Boolean).map((part) => Buffer.from(part, "base64url"));
    return copy(Buffer.concat(y ? [Buffer.from([4]), ...parts] : parts));
  }
  throw failure(
    "NotSupportedError",
    `Unable to export a ${object.type} ${key.algorithm.name} key using ${format} format`,
  );
}

function jwkAlgorithm(name, hash = "", length = 0) {
  const bits = hash.slice(4);
  if (name === "HMAC") return `HS${bits}`;
  if (name.startsWith("AES-")) return `A${length}${name.slice(4)}`;
  if (name === "RSASSA-PKCS1-v1_5") return `RS${bits}`;
  if (name === "RSA-PSS") return `PS${bits}`;
  if (name === "RSA-OAEP") return hash === "SHA-1" ? "RSA-OAEP" : `RSA-OAEP-${bits}`;
  return name === "Ed25519" ? "Ed25519" : undefined;
}

const generated = (type, options) =>
  generateKeyPair[Symbol.for("nodejs.util.promisify.custom")](type, options);

async function newPair(wanted) {
  const { name } = wanted;
  if (RSA.includes(name)) {
    const exponent = Number(`0x${Buffer.from(wanted.publicExponent).toString("hex")}`);
    return generated("rsa", { modulusLength: wanted.modulusLength, publicExponent: exponent });
  }
  if (EC.includes(name)) {
    if (!CURVES[wanted.namedCurve]) throw failure("NotSupportedError", "Unrecognized namedCurve");
    return generated("ec", { namedCurve: wanted.namedCurve });
  }
  return generated(name.toLowerCase(), {});
}

export async function generateKey(algorithm, extractable, usages) {
  const wanted = normalized(algorithm);
  const [own, other] = USAGES[wanted.name] ?? [[]];
  if (SECRETS.includes(wanted.name)) {
    checkUsages(wanted.name, usages, false);
    const length = wanted.length ?? blockBits(digestOf(wanted.hash, "sha256"));
    const object = generateKeySync(wanted.name === "HMAC" ? "hmac" : "aes", { length });
    return cryptoKey(object, described(wanted, object), extractable, usages);
  }
  if (usages.some((usage) => !own.includes(usage) && !other.includes(usage)))
    throw failure("SyntaxError", unsupported(wanted.name));
  const { publicKey, privateKey } = await newPair(wanted);
  const only = (allowed) => usages.filter((usage) => allowed.includes(usage));
  return {
    publicKey: cryptoKey(publicKey, described(wanted, publicKey), true, only(other)),
    privateKey: cryptoKey(privateKey, described(wanted, privateKey), extractable, only(own)),
  };
}

/** Bits that a derived key of this algorithm takes. */
export function derivedLength(algorithm) {
  const wanted = normalized(algorithm);
  if (wanted.name === "HKDF" || wanted.name === "PBKDF2") return null;
  return wanted.length ?? blockBits(digestOf(wanted.hash, "sha256"));
}

export { checkUse };
