// KeyObject, and keys from PEM, DER and JWK.

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import { keyBytes, SECRET } from "node:internal/crypto_bytes";
import { children, readElement, readPem, writePem } from "node:internal/crypto_der";
import { keyFromJwk, keyToJwk } from "node:internal/crypto_jwk";
import { invalidArgType, invalidArgValue, nodeError } from "node:internal/errors";

const NATIVE = Symbol("native key");
const TOKEN = Symbol("made here");

export class KeyObject {
  constructor(type, handle, token = undefined) {
    if (token !== TOKEN) {
      if (!["secret", "public", "private"].includes(type)) throw invalidArgValue("type", type);
      throw invalidArgType("handle", "of type object", handle);
    }
    Object.defineProperty(this, "type", { value: type, enumerable: true });
  }

  /** The KeyObject of a Web Crypto key. */
  static from(key) {
    const made = key?.[Symbol.for("ocg.keyObject")];
    if (!made) throw invalidArgType("key", "an instance of CryptoKey", key);
    return made;
  }

  equals(other) {
    if (!(other instanceof KeyObject)) {
      throw invalidArgType("otherKeyObject", "an instance of KeyObject", other);
    }
    if (other.type !== this.type) return false;
    const [one, two] = [this, other].map((key) =>
      key.type === "secret"
        ? key.export()
        : key.export({ format: "der", type: key.type === "public" ? "spki" : "pkcs8" }),
    );
    return one.equals(two);
  }

  get [Symbol.toStringTag]() {
    return "KeyObject";
  }
}

export class SecretKeyObject extends KeyObject {
  #bytes;

  constructor(bytes) {
    super("secret", undefined, TOKEN);
    this.#bytes = Buffer.from(bytes);
  }

  [SECRET]() {
    return this.#bytes;
  }

  get symmetricKeySize() {
    return this.#bytes.length;
  }

  export(options) {
    if (options?.format === "jwk") return { kty: "oct", k: this.#bytes.toString("base64url") };
    return Buffer.from(this.#bytes);
  }
}

const ENCODINGS = {
  public: { spki: ["spki", "PUBLIC KEY"], pkcs1: ["pkcs1", "RSA PUBLIC KEY"] },
  private: {
    pkcs8: ["pkcs8", "PRIVATE KEY"],
    pkcs1: ["pkcs1", "RSA PRIVATE KEY"],
    sec1: ["sec1", "EC PRIVATE KEY"],
  },
};

export class AsymmetricKeyObject extends KeyObject {
  #key;

  constructor(key) {
    super(key.describe()[0] ? "private" : "public", undefined, TOKEN);
    this.#key = key;
  }

  [NATIVE]() {
    return this.#key;
  }

  get asymmetricKeyType() {
    return this.#key.describe()[1];
  }

  get asymmetricKeyDetails() {
    const [, kind, namedCurve, modulusLength, exponent] = this.#key.describe();
    if (kind === "rsa") return { modulusLength, publicExponent: BigInt(exponent) };
    return kind === "ec" ? { namedCurve } : {};
  }

  export(options) {
    if (typeof options !== "object" || options === null)
      throw invalidArgType("options", "of type object", options);
    if (options.format === "jwk") return keyToJwk(this.#key);
    if (options.cipher !== undefined || options.passphrase !== undefined)
      throw nodeError(
        Error,
        "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
        "keys cannot be encrypted here",
      );
    const encoding = ENCODINGS[this.type][options.type];
    if (!encoding) throw invalidArgValue("options.type", options.type);
    const [format, label] = encoding;
    if (format === "pkcs1" && this.asymmetricKeyType !== "rsa")
      throw nodeError(
        Error,
        "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS",
        "The selected key encoding pkcs1 can only be used for RSA keys.",
      );
    if (format === "sec1" && this.asymmetricKeyType !== "ec")
      throw nodeError(
        Error,
        "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS",
        "The selected key encoding sec1 can only be used for EC keys.",
      );
    const der = Buffer.from(this.#key.encode(format));
    if (options.format === "der") return der;
    if (options.format !== "pem") throw invalidArgValue("options.format", options.format);
    return writePem(label, der);
  }
}

class PublicKeyObject extends AsymmetricKeyObject {}
class PrivateKeyObject extends AsymmetricKeyObject {}

export function keyObject(key) {
  return key.describe()[0] ? new PrivateKeyObject(key) : new PublicKeyObject(key);
}

const PEM_FORMATS = {
  "PUBLIC KEY": "spki",
  "RSA PUBLIC KEY": "pkcs1-public",
  "PRIVATE KEY": "pkcs8",
  "RSA PRIVATE KEY": "pkcs1-private",
  "EC PRIVATE KEY": "sec1",
};

/** The public key inside a certificate (RFC 5280). */
export function certificateKey(der) {
  const [body] = children(readElement(der).body);
  const fields = children(body.body);
  // The version, which is tagged, may be absent.
  return fields[fields[0].tag === 0xa0 ? 6 : 5].raw;
}

function unsupported(message = "error:1E08010C:DECODER routines::unsupported") {
  return nodeError(Error, "ERR_OSSL_UNSUPPORTED", message);
}

function fromPem(text) {
  const block = readPem(text);
  if (!block) throw unsupported();
  if (block.label === "ENCRYPTED PRIVATE KEY" || block.encrypted)
    throw nodeError(
      Error,
      "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
      "encrypted private keys cannot be read here: decrypt the key first",
    );
  if (block.label === "CERTIFICATE") return native.decodeKey("spki", certificateKey(block.der));
  const format = PEM_FORMATS[block.label];
  if (!format) throw unsupported();
  return native.decodeKey(format, block.der);
}

function fromDer(bytes, type, isPrivate) {
  if (type === undefined || !["pkcs1", "pkcs8", "sec1", "spki"].includes(type))
    throw invalidArgValue("options.type", type);
  if (type === "pkcs1")
    return native.decodeKey(isPrivate ? "pkcs1-private" : "pkcs1-public", bytes);
  return native.decodeKey(type, bytes);
}

/** The native key that an argument of any kind means. */
function nativeKey(input, wantPrivate) {
  if (input instanceof AsymmetricKeyObject) return input[NATIVE]();
  const made = input?.[Symbol.for("ocg.keyObject")];
  if (made instanceof AsymmetricKeyObject) return made[NATIVE]();
  if (typeof input === "string") return fromPem(input);
  if (input instanceof KeyObject) {
    throw nodeError(
      TypeError,
      "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE",
      `Invalid key object type secret, expected ${wantPrivate ? "private" : "private or public"}.`,
    );
  }
  if (ArrayBuffer.isView(input) || input instanceof ArrayBuffer)
    return fromPem(Buffer.from(keyBytes(input, "key")).toString("latin1"));
  if (typeof input !== "object" || input === null) {
    throw invalidArgType(
      "key",
      "of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, or URL",
      input,
    );
  }
  const { key, format, type, encoding } = input;
  if (format === "jwk") return keyFromJwk(key, wantPrivate);
  if (format === "der") return fromDer(keyBytes(key, "key.key", encoding), type, wantPrivate);
  if (key === undefined)
    throw invalidArgType(
      "key.key",
      "of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, KeyObject, or CryptoKey",
      key,
    );
  return nativeKey(key, wantPrivate);
}

/** @throws if the argument is no private key */
export function privateKeyOf(input) {
  const key = nativeKey(input, true);
  if (!key.describe()[0]) {
    if (input instanceof KeyObject)
      throw nodeError(
        TypeError,
        "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE",
        "Invalid key object type public, expected private.",
      );
    throw unsupported();
  }
  return key;
}

/** The public key, or that of a private key. */
export function publicKeyOf(input) {
  const key = nativeKey(input, false);
  return key.describe()[0] ? key.toPublic() : key;
}

export function createPublicKey(key) {
  if (key instanceof KeyObject && key.type !== "private")
    throw nodeError(
      TypeError,
      "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE",
      `Invalid key object type ${key.type}, expected private.`,
    );
  return keyObject(publicKeyOf(key));
}

export function createPrivateKey(key) {
  return keyObject(privateKeyOf(key));
}

export function createSecretKey(key, encoding) {
  return new SecretKeyObject(keyBytes(key, "key", encoding));
}
