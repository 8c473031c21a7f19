// New keys: generateKeyPair and generateKey.

import * as native from "ocg:native/crypto";
import { keyObject, SecretKeyObject } from "node:internal/crypto_keys";
import { randomBytes } from "node:internal/crypto_random";
import {
  invalidArgType,
  invalidArgValue,
  nodeError,
  outOfRange,
  validateFunction,
} from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";

const CURVES = {
  "P-256": "P-256",
  prime256v1: "P-256",
  secp256r1: "P-256",
  "P-384": "P-384",
  secp384r1: "P-384",
};

/** The curve's name in JWK. */
export function curveNamed(name) {
  if (typeof name !== "string") throw invalidArgType("options.namedCurve", "of type string", name);
  const curve = CURVES[name];
  if (!curve) throw nodeError(TypeError, "ERR_CRYPTO_INVALID_CURVE", "Invalid EC curve name");
  return curve;
}

/** What the native half is asked for: `[kind, bits]`. */
function request(type, options = {}) {
  if (type === "rsa" || type === "rsa-pss") {
    const { modulusLength, publicExponent = 65537 } = options;
    if (typeof modulusLength !== "number")
      throw invalidArgType("options.modulusLength", "of type number", modulusLength);
    if (modulusLength < 1024 || modulusLength > 4096)
      throw outOfRange("options.modulusLength", ">= 1024 && <= 4096", modulusLength);
    if (publicExponent !== 65537)
      throw outOfRange("options.publicExponent", "65537", publicExponent);
    return ["rsa", modulusLength];
  }
  if (type === "ec") return [curveNamed(options.namedCurve), 0];
  if (type === "ed25519" || type === "x25519") return [type, 0];
  throw invalidArgValue("type", type, "must be a supported key type");
}

function pair(key, { publicKeyEncoding, privateKeyEncoding } = {}) {
  const [publicKey, privateKey] = [keyObject(key.toPublic()), keyObject(key)];
  return {
    publicKey: publicKeyEncoding ? publicKey.export(publicKeyEncoding) : publicKey,
    privateKey: privateKeyEncoding ? privateKey.export(privateKeyEncoding) : privateKey,
  };
}

export function generateKeyPairSync(type, options) {
  return pair(native.generateKeySync(...request(type, options)), options);
}

async function generatePair(type, options) {
  return pair(await native.generateKey(...request(type, options)), options);
}

export function generateKeyPair(type, options, callback) {
  const [settings, done] =
    typeof options === "function" ? [undefined, options] : [options, callback];
  validateFunction(done, "callback");
  request(type, settings);
  generatePair(type, settings).then(
    ({ publicKey, privateKey }) => done(null, publicKey, privateKey),
    (error) => done(error),
  );
}
Object.defineProperty(generateKeyPair, Symbol.for("nodejs.util.promisify.custom"), {
  value: generatePair,
});

export function generateKeySync(type, { length } = {}) {
  if (type !== "hmac" && type !== "aes")
    throw invalidArgValue("type", type, "must be a supported key type");
  if (typeof length !== "number") throw invalidArgType("options.length", "of type number", length);
  if (type === "aes" && ![128, 192, 256].includes(length))
    throw invalidArgValue("options.length", length, "must be one of: 128, 192, 256");
  return new SecretKeyObject(randomBytes(length >> 3));
}

export function generateKey(type, options, callback) {
  validateFunction(callback, "callback");
  nextTick(callback, null, generateKeySync(type, options));
}
