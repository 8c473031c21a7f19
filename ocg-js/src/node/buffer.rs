//! `ocg:native/buffer`: encodings and searches of `node:buffer`.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rquickjs::{Ctx, Exception, Result, function::Func};

use super::arguments::{Text, View};
use super::native_module;
use super::throw::Blob;

native_module!(BufferModule(_ctx) {
    fromString => Func::from(from_string),
    toString => Func::from(to_string),
    byteLength => Func::from(byte_length),
    writeString => Func::from(write_string),
    indexOf => Func::from(index_of),
    compare => Func::from(compare),
    isUtf8 => Func::from(|view: View<'_>| std::str::from_utf8(view.bytes()).is_ok()),
    isAscii => Func::from(|view: View<'_>| view.bytes().is_ascii()),
});

/// Encodings by the numbers that js/node/internal/encoding.js uses.
#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Hex,
    Base64,
    Base64Url,
    Latin1,
    Ascii,
    Utf16Le,
}

impl Encoding {
    fn of(ctx: &Ctx<'_>, number: u8) -> Result<Self> {
        Ok(match number {
            0 => Self::Utf8,
            1 => Self::Hex,
            2 => Self::Base64,
            3 => Self::Base64Url,
            4 => Self::Latin1,
            5 => Self::Ascii,
            6 => Self::Utf16Le,
            _ => return Err(Exception::throw_type(ctx, "unknown encoding")),
        })
    }

    fn encode(self, text: String) -> Vec<u8> {
        match self {
            Self::Utf8 => text.into_bytes(),
            Self::Hex => decode_hex(&text),
            Self::Base64 | Self::Base64Url => decode_base64(text.into_bytes()),
            Self::Latin1 | Self::Ascii if text.is_ascii() => text.into_bytes(),
            // Only the low byte of each UTF-16 unit is kept.
            Self::Latin1 | Self::Ascii => text.encode_utf16().map(|unit| unit as u8).collect(),
            Self::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        }
    }

    fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Hex => hex::encode(bytes),
            Self::Base64 => base64::engine::general_purpose::STANDARD.encode(bytes),
            Self::Base64Url => base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes),
            Self::Latin1 => bytes.iter().copied().map(char::from).collect(),
            Self::Ascii => bytes.iter().map(|byte| char::from(byte & 0x7f)).collect(),
            Self::Utf16Le => {
                let units =
                    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
                char::decode_utf16(units)
                    .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect()
            }
        }
    }
}

fn from_string<'js>(ctx: Ctx<'js>, text: Text, encoding: u8) -> Result<Blob> {
    Ok(Blob(Encoding::of(&ctx, encoding)?.encode(text.0)))
}

fn to_string<'js>(
    ctx: Ctx<'js>,
    view: View<'js>,
    encoding: u8,
    start: usize,
    end: usize,
) -> Result<String> {
    let bytes = view.bytes();
    let end = end.min(bytes.len());
    Ok(Encoding::of(&ctx, encoding)?.decode(&bytes[start.min(end)..end]))
}

fn byte_length<'js>(ctx: Ctx<'js>, text: Text, encoding: u8) -> Result<usize> {
    Ok(match Encoding::of(&ctx, encoding)? {
        Encoding::Utf8 => text.0.len(),
        Encoding::Hex => text.0.encode_utf16().count() / 2,
        Encoding::Base64 | Encoding::Base64Url => {
            let units = text.0.trim_end_matches('=').encode_utf16().count();
            units * 3 / 4
        }
        Encoding::Latin1 | Encoding::Ascii => text.0.encode_utf16().count(),
        Encoding::Utf16Le => text.0.encode_utf16().count() * 2,
    })
}

/// Writes as much of the text as fits, never half a character. Returns the bytes written.
fn write_string<'js>(
    ctx: Ctx<'js>,
    view: View<'js>,
    text: Text,
    encoding: u8,
    offset: usize,
    length: usize,
) -> Result<usize> {
    let encoding = Encoding::of(&ctx, encoding)?;
    let source = encoding.encode(text.0);
    let target = view.bytes_mut();
    let room = length.min(target.len().saturating_sub(offset));
    let mut count = source.len().min(room);
    match encoding {
        Encoding::Utf8 => {
            while count < source.len() && count > 0 && source[count] & 0xc0 == 0x80 {
                count -= 1;
            }
        }
        Encoding::Utf16Le => count &= !1,
        _ => {}
    }
    target[offset..offset + count].copy_from_slice(&source[..count]);
    Ok(count)
}

/// Position of `needle` at or after `from` (or, backwards, at or before it); -1 when there is
/// none. `step` 2 finds UTF-16 units only at even positions.
fn index_of(hay: View<'_>, needle: View<'_>, from: usize, backwards: bool, step: usize) -> i64 {
    let (hay, needle) = (hay.bytes(), needle.bytes());
    if needle.len() > hay.len() {
        return -1;
    }
    let position = if backwards {
        let end = (from.min(hay.len() - needle.len())) + needle.len();
        memchr::memmem::rfind_iter(&hay[..end], needle).find(|at| at % step == 0)
    } else {
        let from = from.min(hay.len());
        memchr::memmem::find_iter(&hay[from..], needle)
            .map(|at| at + from)
            .find(|at| at % step == 0)
    };
    position.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)
}

fn compare(left: View<'_>, right: View<'_>) -> i32 {
    left.bytes().cmp(right.bytes()) as i32
}

/// As Node: stops at the first pair that is not hexadecimal.
fn decode_hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|value| value as u8);
    text.as_bytes()
        .chunks_exact(2)
        .map_while(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);

/// As Node: both alphabets at once, anything else skipped, ends at the first `=`.
fn decode_base64(mut text: Vec<u8>) -> Vec<u8> {
    if let Ok(bytes) = BASE64.decode(&text) {
        return bytes;
    }
    if let Some(end) = memchr::memchr(b'=', &text) {
        text.truncate(end);
    }
    text.retain_mut(|byte| {
        match *byte {
            b'-' => *byte = b'+',
            b'_' => *byte = b'/',
            _ => {}
        }
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
    });
    // A last group of a single character holds no whole byte.
    if text.len() % 4 == 1 {
        text.pop();
    }
    BASE64.decode(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_leniently_as_node_reads_it() {
        for (text, bytes) in [
            ("aGVsbG8=", "hello"),
            ("aGVsbG8", "hello"),
            ("aGVs\nbG8=", "hello"),
            ("aGVsbG8=aGVs", "hello"),
            ("aGVsb", "hel"),
            ("", ""),
        ] {
            assert_eq!(decode_base64(text.into()), bytes.as_bytes(), "{text:?}");
        }
        assert_eq!(decode_base64("-_-_".into()), [0xfb, 0xff, 0xbf]);
    }

    #[test]
    fn hex_stops_at_the_first_bad_pair() {
        assert_eq!(decode_hex("0aFg12"), [0x0a]);
        assert_eq!(decode_hex("abc"), [0xab]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_encoded_comes_back(bytes: Vec<u8>) {
            for encoding in [Encoding::Hex, Encoding::Base64, Encoding::Base64Url, Encoding::Latin1] {
                proptest::prop_assert_eq!(encoding.encode(encoding.decode(&bytes)), bytes.clone());
            }
        }
    }
}
