//! A picture of one pixel.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

pub(crate) fn png() -> Vec<u8> {
    BASE64_STANDARD.decode(PNG).unwrap()
}

/// As agents get it.
pub(crate) fn data_url() -> String {
    format!("data:image/png;base64,{PNG}")
}
