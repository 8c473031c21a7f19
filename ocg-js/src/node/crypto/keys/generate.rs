use p256::elliptic_curve::Generate;
use rquickjs::{Ctx, Result};

use super::super::super::arguments::Text;
use super::key::{Failed, Key, Material};

/// More bits than anybody uses would keep a thread busy for minutes.
const LONGEST_RSA: usize = 8192;

/// A new private key; `kind` is `rsa` (with the bits of its modulus), `P-256`, `P-384`, `ed25519`
/// or `x25519`.
pub(in super::super) fn generate_sync(ctx: Ctx<'_>, kind: Text, bits: usize) -> Result<Key> {
    let material = generate(&kind.0, bits).map_err(|failed| failed.throw(&ctx))?;
    Ok(Key { material })
}

pub(in super::super) async fn generate_async(ctx: Ctx<'_>, kind: Text, bits: usize) -> Result<Key> {
    let made = tokio::task::spawn_blocking(move || generate(&kind.0, bits)).await;
    let material = made.unwrap_or(Err(Failed::Operation)).map_err(|failed| failed.throw(&ctx))?;
    Ok(Key { material })
}

fn generate(kind: &str, bits: usize) -> std::result::Result<Material, Failed> {
    let rng = &mut getrandom::SysRng;
    let random = |bytes: &mut [u8; 32]| getrandom::fill(bytes).map_err(|_| Failed::Operation);
    let mut bytes = [0; 32];
    match kind {
        "rsa" if bits <= LONGEST_RSA => {
            let key = rsa::PrivateKey::new(rng, bits).map_err(|_| Failed::Operation)?;
            Ok(Material::RsaPrivate(Box::new(key)))
        }
        "P-256" => p256::SecretKey::try_generate_from_rng(rng)
            .map(Material::P256Private)
            .map_err(|_| Failed::Operation),
        "P-384" => p384::SecretKey::try_generate_from_rng(rng)
            .map(Material::P384Private)
            .map_err(|_| Failed::Operation),
        "ed25519" => {
            random(&mut bytes)?;
            let key = ed25519_dalek::SigningKey::from_bytes(&bytes);
            Ok(Material::Ed25519Private(Box::new(key)))
        }
        "x25519" => {
            random(&mut bytes)?;
            Ok(Material::X25519Private(bytes.into()))
        }
        _ => Err(Failed::Kind),
    }
}
