use rand::TryRngCore;
use rand::rngs::OsRng;
use rquickjs::{Ctx, Result};

use super::super::arguments::View;
use super::super::throw::coded;

/// Fills from the operating system's generator.
pub(super) fn fill(ctx: Ctx<'_>, view: View<'_>) -> Result<()> {
    random(&ctx, view.bytes_mut())
}

/// A version 4 UUID (RFC 9562).
pub(super) fn uuid(ctx: Ctx<'_>) -> Result<String> {
    let mut bytes = [0; 16];
    random(&ctx, &mut bytes)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex::encode(bytes);
    Ok(format!(
        "{}-{}-{}-{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..]
    ))
}

fn random(ctx: &Ctx<'_>, bytes: &mut [u8]) -> Result<()> {
    OsRng.try_fill_bytes(bytes).map_err(|error| {
        coded(ctx, "ERR_OPERATION_FAILED", &format!("the system gives no random numbers: {error}"))
    })
}
