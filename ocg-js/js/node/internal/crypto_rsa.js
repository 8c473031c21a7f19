// RSA encryption: publicEncrypt and privateDecrypt.

import { Buffer } from "node:buffer";
import { keyBytes } from "node:internal/crypto_bytes";
import { privateKeyOf, publicKeyOf } from "node:internal/crypto_keys";

const OAEP = 4;

function parameters(key) {
  const given = typeof key === "object" && key !== null && !ArrayBuffer.isView(key) ? key : {};
  const { padding = OAEP, oaepHash = "sha1", oaepLabel } = given;
  return [
    padding,
    oaepHash,
    oaepLabel === undefined ? new Uint8Array(0) : keyBytes(oaepLabel, "key.oaepLabel"),
  ];
}

export function publicEncrypt(key, buffer) {
  return Buffer.from(publicKeyOf(key).encrypt(...parameters(key), keyBytes(buffer, "buffer")));
}

export function privateDecrypt(key, buffer) {
  return Buffer.from(privateKeyOf(key).decrypt(...parameters(key), keyBytes(buffer, "buffer")));
}
