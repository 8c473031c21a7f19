/** Algorithms of Web Crypto and how arguments name them. */

const NAMES = [
  "RSASSA-PKCS1-v1_5",
  "RSA-PSS",
  "RSA-OAEP",
  "ECDSA",
  "ECDH",
  "Ed25519",
  "X25519",
  "HMAC",
  "AES-CBC",
  "AES-CTR",
  "AES-GCM",
  "HKDF",
  "PBKDF2",
  "SHA-1",
  "SHA-256",
  "SHA-384",
  "SHA-512",
];
const BY_LOWER = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/** What keys of an algorithm may be used for; the second list is that of a public key. */
export const USAGES = {
  "RSASSA-PKCS1-v1_5": [["sign"], ["verify"]],
  "RSA-PSS": [["sign"], ["verify"]],
  ECDSA: [["sign"], ["verify"]],
  Ed25519: [["sign"], ["verify"]],
  "RSA-OAEP": [
    ["decrypt", "unwrapKey"],
    ["encrypt", "wrapKey"],
  ],
  ECDH: [["deriveKey", "deriveBits"], []],
  X25519: [["deriveKey", "deriveBits"], []],
  HMAC: [["sign", "verify"]],
  "AES-CBC": [["encrypt", "decrypt", "wrapKey", "unwrapKey"]],
  "AES-CTR": [["encrypt", "decrypt", "wrapKey", "unwrapKey"]],
  "AES-GCM": [["encrypt", "decrypt", "wrapKey", "unwrapKey"]],
  HKDF: [["deriveKey", "deriveBits"]],
  PBKDF2: [["deriveKey", "deriveBits"]],
};

export function failure(name, message) {
  return new DOMException(message, name);
}

/** The algorithm as an object with its name in the usual spelling. */
export function normalized(algorithm) {
  const given = typeof algorithm === "string" ? { name: algorithm } : algorithm;
  const name = BY_LOWER.get(String(given?.name).toLowerCase());
  if (!name) throw failure("NotSupportedError", "Unrecognized algorithm name");
  return { ...given, name };
}

/** The digest's name for the native half. */
export function digestOf(hash, otherwise = undefined) {
  if (hash === undefined && otherwise) return otherwise;
  const { name } = normalized(hash);
  if (!name.startsWith("SHA-")) throw failure("NotSupportedError", "Unrecognized algorithm name");
  return name.toLowerCase().replace("-", "");
}

/** `SHA-256` for `sha256`. */
export const hashNamed = (digest) => ({ name: digest.toUpperCase().replace("SHA", "SHA-") });

/** A copy: the caller may change what it gave while the operation waits. */
export function bytesOf(data, name = "data") {
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  if (data instanceof ArrayBuffer) return new Uint8Array(data).slice();
  throw new TypeError(`${name} must be an ArrayBuffer or a view of one`);
}
