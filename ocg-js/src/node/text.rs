//! `ocg:native/text`: decoders behind `TextDecoder`, by the Encoding Standard.

use encoding_rs::{CoderResult, DecoderResult};
use rquickjs::class::Trace;
use rquickjs::function::{Func, Opt};
use rquickjs::{Class, Ctx, Exception, JsLifetime, Result};

use super::arguments::{Text, View};
use super::native_module;

native_module!(TextModule(ctx) {
    Decoder => Class::<Decoder>::create_constructor(ctx)?,
    encodingName => Func::from(encoding_name),
    decodeUtf8 => Func::from(decode_utf8),
});

/// The canonical lower-case name for a label, or nothing when the label is unknown.
fn encoding_name(label: Text) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label(label.0.as_bytes())?;
    Some(encoding.name().to_ascii_lowercase())
}

/// The common case without state: whole UTF-8 with replacement characters.
fn decode_utf8(view: View<'_>, keep_bom: bool) -> String {
    let mut bytes = view.bytes();
    if !keep_bom {
        bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// One stream of bytes being decoded.
#[derive(Trace, JsLifetime)]
#[rquickjs::class]
pub(crate) struct Decoder {
    #[qjs(skip_trace)]
    decoder: encoding_rs::Decoder,
    #[qjs(skip_trace)]
    encoding: &'static encoding_rs::Encoding,
    fatal: bool,
    keep_bom: bool,
}

#[rquickjs::methods]
impl Decoder {
    #[qjs(constructor)]
    fn new(ctx: Ctx<'_>, label: Text, fatal: bool, keep_bom: bool) -> Result<Self> {
        let encoding = encoding_rs::Encoding::for_label(label.0.as_bytes())
            .ok_or_else(|| Exception::throw_range(&ctx, "unknown encoding"))?;
        Ok(Self { decoder: start(encoding, keep_bom), encoding, fatal, keep_bom })
    }

    fn decode(&mut self, ctx: Ctx<'_>, view: View<'_>, more: Opt<bool>) -> Result<String> {
        let last = !more.0.unwrap_or(false);
        let decoded = self.run(view.bytes(), last);
        if last || decoded.is_none() {
            self.decoder = start(self.encoding, self.keep_bom);
        }
        decoded.ok_or_else(|| {
            let name = self.encoding.name().to_ascii_lowercase();
            Exception::throw_type(
                &ctx,
                &format!("The encoded data was not valid for encoding {name}"),
            )
        })
    }
}

impl Decoder {
    /// `None` when the bytes are malformed and that is fatal.
    fn run(&mut self, mut bytes: &[u8], last: bool) -> Option<String> {
        let mut text = String::new();
        loop {
            let (read, full) = if self.fatal {
                text.reserve(self.decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
                let (result, read) =
                    self.decoder.decode_to_string_without_replacement(bytes, &mut text, last);
                match result {
                    DecoderResult::Malformed(..) => return None,
                    DecoderResult::InputEmpty => (read, false),
                    DecoderResult::OutputFull => (read, true),
                }
            } else {
                text.reserve(self.decoder.max_utf8_buffer_length(bytes.len())?);
                let (result, read, _) = self.decoder.decode_to_string(bytes, &mut text, last);
                (read, result == CoderResult::OutputFull)
            };
            bytes = &bytes[read..];
            if !full {
                return Some(text);
            }
        }
    }
}

fn start(encoding: &'static encoding_rs::Encoding, keep_bom: bool) -> encoding_rs::Decoder {
    if keep_bom {
        encoding.new_decoder_without_bom_handling()
    } else {
        encoding.new_decoder_with_bom_removal()
    }
}
