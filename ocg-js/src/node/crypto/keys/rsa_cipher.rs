use rsa::{Oaep, Pkcs1v15Encrypt};

use super::super::hash::by_name;
use super::key::{Failed, Material};

/// Node's `RSA_PKCS1_PADDING` and `RSA_PKCS1_OAEP_PADDING`.
const PKCS1: u32 = 1;
const OAEP: u32 = 4;

/// RFC 8017, 7.1.1 and 7.2.1. `key` is public.
pub(super) fn encrypt(
    key: &Material,
    padding: u32,
    hash: &str,
    label: Vec<u8>,
    data: &[u8],
) -> Result<Vec<u8>, Failed> {
    let Material::RsaPublic(key) = key else { return Err(Failed::Kind) };
    let rng = &mut getrandom::SysRng;
    let encrypted = match padding {
        PKCS1 => key.encrypt(rng, Pkcs1v15Encrypt, data),
        OAEP => by_name!(hash, D => key.encrypt(rng, Oaep::<D>::new_with_label(label), data))
            .ok_or(Failed::Digest)?,
        _ => return Err(Failed::Padding),
    };
    encrypted.map_err(|_| Failed::TooLong)
}

/// RFC 8017, 7.1.2 and 7.2.2.
pub(super) fn decrypt(
    key: &Material,
    padding: u32,
    hash: &str,
    label: Vec<u8>,
    data: &[u8],
) -> Result<Vec<u8>, Failed> {
    let Material::RsaPrivate(key) = key else { return Err(Failed::Kind) };
    let rng = &mut getrandom::SysRng;
    let decrypted = match padding {
        PKCS1 => key.decrypt_blinded(rng, Pkcs1v15Encrypt, data),
        OAEP => by_name!(hash, D => {
            key.decrypt_blinded(rng, Oaep::<D>::new_with_label(label), data)
        })
        .ok_or(Failed::Digest)?,
        _ => return Err(Failed::Padding),
    };
    decrypted.map_err(|_| Failed::Decrypt)
}
