//! `ocg:native/crypto`: digests, MACs, ciphers, keys, signatures and randomness of `node:crypto` and WebCrypto.

mod cipher;
mod derive;
mod gcm;
mod hash;
mod keys;
mod random;

use rquickjs::Class;
use rquickjs::function::{Async, Func};

use super::arguments::View;
use super::native_module;

native_module!(CryptoModule(ctx) {
    Hash => Class::<hash::Hash>::create_constructor(ctx)?,
    hashOnce => Func::from(hash::hash_once),
    hasHash => Func::from(hash::has_hash),
    Cipher => Class::<cipher::Cipher>::create_constructor(ctx)?,
    cipherInfo => Func::from(cipher::cipher_info),
    randomFill => Func::from(random::fill),
    randomUUID => Func::from(random::uuid),
    timingSafeEqual => Func::from(timing_safe_equal),
    decodeKey => Func::from(keys::decode),
    rawKey => Func::from(keys::from_raw),
    generateKeySync => Func::from(keys::generate_sync),
    generateKey => Func::from(Async(keys::generate_async)),
    agree => Func::from(keys::agree),
    scryptSync => Func::from(derive::scrypt_sync),
    scrypt => Func::from(Async(derive::scrypt_async)),
    pbkdf2Sync => Func::from(derive::pbkdf2_sync),
    pbkdf2 => Func::from(Async(derive::pbkdf2_async)),
});

/// Both must have the same length; JavaScript checks that first.
fn timing_safe_equal(left: View<'_>, right: View<'_>) -> bool {
    subtle::ConstantTimeEq::ct_eq(left.bytes(), right.bytes()).into()
}
