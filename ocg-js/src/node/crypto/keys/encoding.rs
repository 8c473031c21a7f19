use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use rquickjs::{Ctx, Result};
use rsa::pkcs1::{
    DecodeRsaPrivateKey, DecodeRsaPublicKey, EncodeRsaPrivateKey, EncodeRsaPublicKey,
};

use super::super::super::arguments::{Octets, Text};
use super::key::{Failed, Key, Material};

/// Everything before the 32 bytes of a key of RFC 8410; the byte after the OID's arc tells
/// X25519 (0x6e) from Ed25519 (0x70).
const PKCS8_25519: [u8; 16] = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x00\x04\x22\x04\x20";
const SPKI_25519: [u8; 12] = *b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x00\x03\x21\x00";
const X25519: u8 = 0x6e;
const ED25519: u8 = 0x70;

/// The key in DER bytes: `pkcs8`, `spki`, `pkcs1-private`, `pkcs1-public` or `sec1`.
pub(in super::super) fn decode(ctx: Ctx<'_>, format: Text, der: Octets) -> Result<Key> {
    let material = read(&format.0, &der.0).ok_or_else(|| Failed::Decode.throw(&ctx))?;
    Ok(Key { material })
}

/// A key from its raw bytes, `kind` being `P-256`, `P-384`, `ed25519` or `x25519`.
pub(in super::super) fn from_raw(
    ctx: Ctx<'_>,
    kind: Text,
    private: bool,
    bytes: Octets,
) -> Result<Key> {
    let material =
        read_raw(&kind.0, private, &bytes.0).ok_or_else(|| Failed::Decode.throw(&ctx))?;
    Ok(Key { material })
}

fn read(format: &str, der: &[u8]) -> Option<Material> {
    match format {
        "pkcs8" => read_pkcs8(der),
        "spki" => read_spki(der),
        "pkcs1-private" => {
            rsa::PrivateKey::from_pkcs1_der(der).ok().map(|key| Material::RsaPrivate(Box::new(key)))
        }
        "pkcs1-public" => {
            rsa::PublicKey::from_pkcs1_der(der).ok().map(|key| Material::RsaPublic(Box::new(key)))
        }
        "sec1" => (p256::SecretKey::from_sec1_der(der).ok().map(Material::P256Private))
            .or_else(|| p384::SecretKey::from_sec1_der(der).ok().map(Material::P384Private)),
        _ => None,
    }
}

fn read_pkcs8(der: &[u8]) -> Option<Material> {
    if let Some((kind, key)) = split_25519(der, &PKCS8_25519, 11) {
        return read_raw(kind, true, key);
    }
    (rsa::PrivateKey::from_pkcs8_der(der).ok().map(|key| Material::RsaPrivate(Box::new(key))))
        .or_else(|| p256::SecretKey::from_pkcs8_der(der).ok().map(Material::P256Private))
        .or_else(|| p384::SecretKey::from_pkcs8_der(der).ok().map(Material::P384Private))
}

fn read_spki(der: &[u8]) -> Option<Material> {
    if let Some((kind, key)) = split_25519(der, &SPKI_25519, 8) {
        return read_raw(kind, false, key);
    }
    (rsa::PublicKey::from_public_key_der(der).ok().map(|key| Material::RsaPublic(Box::new(key))))
        .or_else(|| p256::PublicKey::from_public_key_der(der).ok().map(Material::P256Public))
        .or_else(|| p384::PublicKey::from_public_key_der(der).ok().map(Material::P384Public))
}

/// The key's bytes if the DER begins as `prefix` does, whose byte `at` tells the kind.
fn split_25519<'a>(der: &'a [u8], prefix: &[u8], at: usize) -> Option<(&'static str, &'a [u8])> {
    let (head, key) = der.split_at_checked(prefix.len())?;
    let kind = match *head.get(at)? {
        X25519 => "x25519",
        ED25519 => "ed25519",
        _ => return None,
    };
    let same = head.iter().zip(prefix).enumerate().all(|(place, (a, b))| place == at || a == b);
    (same && key.len() == 32).then_some((kind, key))
}

fn read_raw(kind: &str, private: bool, bytes: &[u8]) -> Option<Material> {
    let array = || <[u8; 32]>::try_from(bytes).ok();
    match (kind, private) {
        ("P-256", true) => p256::SecretKey::from_slice(bytes).ok().map(Material::P256Private),
        ("P-256", false) => p256::PublicKey::from_sec1_bytes(bytes).ok().map(Material::P256Public),
        ("P-384", true) => p384::SecretKey::from_slice(bytes).ok().map(Material::P384Private),
        ("P-384", false) => p384::PublicKey::from_sec1_bytes(bytes).ok().map(Material::P384Public),
        ("ed25519", true) => {
            let key = ed25519_dalek::SigningKey::from_bytes(&array()?);
            Some(Material::Ed25519Private(Box::new(key)))
        }
        ("ed25519", false) => {
            ed25519_dalek::VerifyingKey::from_bytes(&array()?).ok().map(Material::Ed25519Public)
        }
        ("x25519", true) => Some(Material::X25519Private(array()?.into())),
        ("x25519", false) => Some(Material::X25519Public(array()?.into())),
        _ => None,
    }
}

/// The bytes of a point (uncompressed) or of a scalar.
pub(super) fn raw(key: &Material) -> std::result::Result<Vec<u8>, Failed> {
    Ok(match key {
        Material::P256Private(key) => key.to_bytes().to_vec(),
        Material::P256Public(key) => key.to_sec1_point(false).as_bytes().to_vec(),
        Material::P384Private(key) => key.to_bytes().to_vec(),
        Material::P384Public(key) => key.to_sec1_point(false).as_bytes().to_vec(),
        Material::Ed25519Private(key) => key.to_bytes().to_vec(),
        Material::Ed25519Public(key) => key.to_bytes().to_vec(),
        Material::X25519Private(key) => key.to_bytes().to_vec(),
        Material::X25519Public(key) => key.to_bytes().to_vec(),
        Material::RsaPrivate(_) | Material::RsaPublic(_) => return Err(Failed::Kind),
    })
}

pub(super) fn encode(key: &Material, format: &str) -> std::result::Result<Vec<u8>, Failed> {
    let bytes = match (format, key) {
        ("pkcs8", Material::RsaPrivate(key)) => key.to_pkcs8_der().ok().map(secret),
        ("pkcs8", Material::P256Private(key)) => key.to_pkcs8_der().ok().map(secret),
        ("pkcs8", Material::P384Private(key)) => key.to_pkcs8_der().ok().map(secret),
        ("pkcs8", Material::Ed25519Private(_)) => Some(join(&PKCS8_25519, 11, ED25519, raw(key)?)),
        ("pkcs8", Material::X25519Private(_)) => Some(join(&PKCS8_25519, 11, X25519, raw(key)?)),
        ("spki", Material::RsaPublic(key)) => key.to_public_key_der().ok().map(public),
        ("spki", Material::P256Public(key)) => key.to_public_key_der().ok().map(public),
        ("spki", Material::P384Public(key)) => key.to_public_key_der().ok().map(public),
        ("spki", Material::Ed25519Public(_)) => Some(join(&SPKI_25519, 8, ED25519, raw(key)?)),
        ("spki", Material::X25519Public(_)) => Some(join(&SPKI_25519, 8, X25519, raw(key)?)),
        ("pkcs1", Material::RsaPrivate(key)) => key.to_pkcs1_der().ok().map(secret),
        ("pkcs1", Material::RsaPublic(key)) => key.to_pkcs1_der().ok().map(public),
        ("sec1", Material::P256Private(key)) => key.to_sec1_der().ok().map(|der| der.to_vec()),
        ("sec1", Material::P384Private(key)) => key.to_sec1_der().ok().map(|der| der.to_vec()),
        _ => return Err(Failed::Kind),
    };
    bytes.ok_or(Failed::Operation)
}

fn secret(document: p256::pkcs8::SecretDocument) -> Vec<u8> {
    document.as_bytes().to_vec()
}

fn public(document: p256::pkcs8::Document) -> Vec<u8> {
    document.as_bytes().to_vec()
}

fn join(prefix: &[u8], at: usize, kind: u8, key: Vec<u8>) -> Vec<u8> {
    let mut der = prefix.to_vec();
    der[at] = kind;
    der.extend(key);
    der
}
