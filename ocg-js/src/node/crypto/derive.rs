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

/// RFC 7914. `cost` is a power of two; JavaScript has checked it and the memory that it takes.
pub(super) fn scrypt_sync(
    ctx: Ctx<'_>,
    password: Octets,
    salt: Octets,
    cost: u32,
    block: u32,
    parallel: u32,
    length: usize,
) -> Result<Blob> {
    check_length(&ctx, length)?;
    stretch(&password.0, &salt.0, [cost, block, parallel], length).ok_or_else(|| bad_scrypt(&ctx))
}

pub(super) async fn scrypt_async(
    ctx: Ctx<'_>,
    password: Octets,
    salt: Octets,
    cost: u32,
    block: u32,
    parallel: u32,
    length: usize,
) -> Result<Blob> {
    check_length(&ctx, length)?;
    let work = move || stretch(&password.0, &salt.0, [cost, block, parallel], length);
    tokio::task::spawn_blocking(work).await.ok().flatten().ok_or_else(|| bad_scrypt(&ctx))
}

fn stretch(
    password: &[u8],
    salt: &[u8],
    [cost, block, parallel]: [u32; 3],
    length: usize,
) -> Option<Blob> {
    if !cost.is_power_of_two() {
        return None;
    }
    let parameters = scrypt::Params::new(cost.ilog2() as u8, block, parallel).ok()?;
    let mut key = vec![0; length];
    if length > 0 {
        scrypt::scrypt(password, salt, &parameters, &mut key).ok()?;
    }
    Some(Blob(key))
}

fn bad_scrypt(ctx: &Ctx<'_>) -> rquickjs::Error {
    coded(ctx, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params")
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
