// JSON Web Keys (RFC 7517, 7518, 8037) from and to native keys.

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import {
  children,
  element,
  integer,
  readElement,
  SEQUENCE,
  unsigned,
} from "node:internal/crypto_der";
import { invalidArgType, nodeError } from "node:internal/errors";

const CURVES = { "P-256": "prime256v1", "P-384": "secp384r1" };
const OKP = { Ed25519: "ed25519", X25519: "x25519" };
const RSA_PRIVATE = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

const text = (bytes) => Buffer.from(bytes).toString("base64url");

function invalid(kind) {
  const message = `${kind} is not a supported JWK key type`;
  return nodeError(TypeError, "ERR_CRYPTO_INVALID_JWK", message);
}

function bytesOf(jwk, name) {
  if (typeof jwk[name] !== "string")
    throw invalidArgType(`key.${name}`, "of type string", jwk[name]);
  return Buffer.from(jwk[name], "base64url");
}

export function keyFromJwk(jwk, wantPrivate) {
  if (typeof jwk !== "object" || jwk === null)
    throw invalidArgType("key.key", "of type object", jwk);
  const isPrivate = wantPrivate || jwk.d !== undefined;
  if (jwk.kty === "RSA") {
    const names = isPrivate ? RSA_PRIVATE : ["n", "e"];
    const version = isPrivate ? [integer(Buffer.from([0]))] : [];
    const numbers = names.map((name) => integer(bytesOf(jwk, name)));
    const der = element(SEQUENCE, ...version, ...numbers);
    return native.decodeKey(isPrivate ? "pkcs1-private" : "pkcs1-public", der);
  }
  if (jwk.kty === "EC") {
    if (!CURVES[jwk.crv]) {
      throw nodeError(TypeError, "ERR_CRYPTO_INVALID_CURVE", "Invalid EC curve name");
    }
    if (isPrivate) return native.rawKey(jwk.crv, true, bytesOf(jwk, "d"));
    const point = [Buffer.from([4]), bytesOf(jwk, "x"), bytesOf(jwk, "y")];
    return native.rawKey(jwk.crv, false, Buffer.concat(point));
  }
  if (jwk.kty === "OKP" && OKP[jwk.crv]) {
    return native.rawKey(OKP[jwk.crv], isPrivate, bytesOf(jwk, isPrivate ? "d" : "x"));
  }
  throw invalid(jwk.kty);
}

export function keyToJwk(key) {
  const [isPrivate, kind, curve] = key.describe();
  if (kind === "rsa") {
    const numbers = children(readElement(Buffer.from(key.encode("pkcs1"))).body);
    const names = isPrivate ? ["version", ...RSA_PRIVATE] : ["n", "e"];
    const members = names.map((name, at) => [name, text(unsigned(numbers[at].body))]);
    return { kty: "RSA", ...Object.fromEntries(members.filter(([name]) => name !== "version")) };
  }
  const point = Buffer.from((isPrivate ? key.toPublic() : key).raw());
  const secret = isPrivate ? { d: text(key.raw()) } : {};
  if (kind === "ec") {
    const crv = Object.keys(CURVES).find((name) => CURVES[name] === curve);
    const half = (point.length - 1) / 2;
    return {
      kty: "EC",
      x: text(point.subarray(1, 1 + half)),
      y: text(point.subarray(1 + half)),
      crv,
      ...secret,
    };
  }
  const crv = Object.keys(OKP).find((name) => OKP[name] === kind);
  return { crv, ...secret, x: text(point), kty: "OKP" };
}
