//! Request bodies.

use bytes::Bytes;
use futures::StreamExt;
use futures::channel::mpsc;
use rquickjs::{Ctx, Exception, Result, TypedArray, Value};

/// Chunks that wait for the connection while JavaScript makes more.
const CHUNKS: usize = 4;

/// What is sent with a request.
pub(crate) enum RequestBody {
    None,
    Bytes(Bytes),
    /// Filled by `push`; it cannot be sent twice.
    Stream(mpsc::Receiver<Bytes>),
}

/// JavaScript's end of a streamed body.
pub(crate) type BodySender = mpsc::Sender<Bytes>;

impl RequestBody {
    /// From undefined, a string, bytes, or `true` for a stream.
    pub(crate) fn from_js<'js>(
        ctx: &Ctx<'js>,
        value: &Value<'js>,
    ) -> Result<(Self, Option<BodySender>)> {
        if value.as_bool() == Some(true) {
            let (sender, receiver) = mpsc::channel(CHUNKS);
            return Ok((Self::Stream(receiver), Some(sender)));
        }
        if value.is_undefined() || value.is_null() {
            return Ok((Self::None, None));
        }
        if let Some(text) = value.as_string() {
            return Ok((Self::Bytes(text.to_string()?.into()), None));
        }
        Ok((Self::Bytes(copy_bytes(ctx, value)?), None))
    }

    /// The body for the next attempt.
    ///
    /// A stream can be taken once: afterwards there is nothing left to send.
    pub(crate) fn take(&mut self) -> Option<reqwest::Body> {
        match self {
            Self::None => None,
            Self::Bytes(bytes) => Some(bytes.clone().into()),
            Self::Stream(_) => {
                let Self::Stream(chunks) = std::mem::replace(self, Self::None) else { return None };
                Some(reqwest::Body::wrap_stream(chunks.map(Ok::<_, std::convert::Infallible>)))
            }
        }
    }
}

/// The bytes of a Uint8Array (or Buffer).
pub(crate) fn copy_bytes<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Bytes> {
    let array = TypedArray::<u8>::from_value(value.clone())
        .map_err(|_| Exception::throw_type(ctx, "a body is a string or a Uint8Array"))?;
    let raw = array.as_raw();
    let Some(raw) = raw else { return Ok(Bytes::new()) };
    #[allow(unsafe_code)]
    // SAFETY: the array is alive and no JavaScript runs while its bytes are copied.
    let bytes = unsafe { raw.as_ref() };
    Ok(Bytes::copy_from_slice(bytes))
}
