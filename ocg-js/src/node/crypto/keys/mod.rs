//! Asymmetric keys of `node:crypto` and WebCrypto: RSA, NIST P-256 and P-384, Ed25519, X25519.

mod agreement;
mod encoding;
mod generate;
mod key;
mod rsa_cipher;
mod signature;

pub(super) use agreement::agree;
pub(super) use encoding::{decode, from_raw};
pub(super) use generate::{generate_async, generate_sync};
