/** What `crypto.subtle` does; loaded at its first use. */
export { CryptoKey } from "ocg:web/subtle/crypto-key";
export { exportKey, generateKey, importKey } from "ocg:web/subtle/keys";
export {
  decrypt,
  deriveBits,
  deriveKey,
  digest,
  encrypt,
  sign,
  unwrapKey,
  verify,
  wrapKey,
} from "ocg:web/subtle/operations";
