use rquickjs::{Ctx, Result};

use super::super::arguments::{Octets, Text};
use super::super::throw::{Blob, coded};
use super::hash::by_name;
use crate::isolate::Realm;

pub(super) fn pbkdf2_sync(
    ctx: Ctx<'_>,
    password: Octets,
    salt: Octets,
    rounds: u32,
    length: usize,
    digest: Text,
) -> Result<Blob> {
    check_length(&ctx, length)?;
    derive(&password.0, &salt.0, rounds, length, &digest.0).ok_or_else(|| unsupported(&ctx))
}

pub(super) async fn pbkdf2_async(
    ctx: Ctx<'_>,
    password: Octets,
    salt: Octets,
    rounds: u32,
    length: usize,
    digest: Text,
) -> Result<Blob> {
    check_length(&ctx, length)?;
    let work = move || derive(&password.0, &salt.0, rounds, length, &digest.0);
    let derived = tokio::task::spawn_blocking(work).await.ok().flatten();
    derived.ok_or_else(|| unsupported(&ctx))
}

/// Refuses what JavaScript could not take anyway.
fn check_length(ctx: &Ctx<'_>, length: usize) -> Result<()> {
    if length <= Realm::of(ctx).memory_limit() {
        return Ok(());
    }
    Err(coded(ctx, "ERR_OUT_OF_RANGE", "keylen is larger than the memory limit of the plugin"))
}

fn derive(password: &[u8], salt: &[u8], rounds: u32, length: usize, digest: &str) -> Option<Blob> {
    let mut key = vec![0; length];
    by_name!(digest, D => {
        pbkdf2::pbkdf2::<hmac::Hmac<D>>(password, salt, rounds, &mut key)
            .expect("HMAC takes keys of any length");
    })?;
    Some(Blob(key))
}

fn unsupported(ctx: &Ctx<'_>) -> rquickjs::Error {
    coded(ctx, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest")
}
