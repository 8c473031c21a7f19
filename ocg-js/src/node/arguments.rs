//! How JavaScript values arrive in Rust functions.

use rquickjs::{Ctx, Error, FromJs, Result, TypedArray, Value};

/// A string. Lone surrogates, which Rust cannot hold, become U+FFFD as in Node.
pub(crate) struct Text(pub(crate) String);

impl<'js> FromJs<'js> for Text {
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> Result<Self> {
        let Some(text) = value.into_string() else {
            return Err(rquickjs::Exception::throw_type(ctx, "a string is expected here"));
        };
        let raw = text.to_cstring()?;
        // SAFETY: the pointer and the length come from the same live CString. `as_str` is not
        // used because QuickJS writes lone surrogates as three bytes that are not UTF-8.
        #[allow(unsafe_code)]
        let bytes = unsafe { std::slice::from_raw_parts(raw.as_ptr().cast::<u8>(), raw.len()) };
        Ok(Self(well_formed(bytes)))
    }
}

fn well_formed(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut fixed = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if let [0xed, 0xa0..=0xff, _, tail @ ..] = rest {
            fixed.extend_from_slice("\u{fffd}".as_bytes());
            rest = tail;
        } else {
            fixed.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&fixed).into_owned()
}

/// A `Uint8Array` (or `Buffer`), borrowed.
pub(crate) struct View<'js>(TypedArray<'js, u8>);

impl View<'_> {
    /// The bytes. Nothing that runs JavaScript may happen while the slice is in use.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self.0.as_raw() {
            // SAFETY: the engine owns this memory and `self` keeps the array alive; callers run
            // no JavaScript meanwhile (see above).
            #[allow(unsafe_code)]
            Some(raw) => unsafe { raw.as_ref() },
            // Empty or detached.
            None => &[],
        }
    }

    /// The bytes, to be written. The same rule holds, and no other slice of the same buffer may
    /// be in use.
    #[allow(clippy::mut_from_ref)] // the memory belongs to the engine, not to `self`
    pub(crate) fn bytes_mut(&self) -> &mut [u8] {
        match self.0.as_raw() {
            // SAFETY: as above, and the caller holds no second slice of this buffer.
            #[allow(unsafe_code)]
            Some(mut raw) => unsafe { raw.as_mut() },
            None => &mut [],
        }
    }
}

impl<'js> FromJs<'js> for View<'js> {
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> Result<Self> {
        TypedArray::from_value(value).map(Self).map_err(|_: Error| {
            rquickjs::Exception::throw_type(ctx, "a Uint8Array is expected here")
        })
    }
}

/// Bytes to keep: the UTF-8 of a string, or a copy of a `Uint8Array`.
pub(crate) struct Octets(pub(crate) Vec<u8>);

impl<'js> FromJs<'js> for Octets {
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> Result<Self> {
        if value.is_string() {
            return Text::from_js(ctx, value).map(|text| Self(text.0.into_bytes()));
        }
        View::from_js(ctx, value).map(|view| Self(view.bytes().to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::well_formed;

    #[test]
    fn lone_surrogates_become_replacement_characters() {
        assert_eq!(well_formed(b"a\xed\xa0\xbdb"), "a\u{fffd}b");
        assert_eq!(well_formed("\u{d7ff}\u{1f600}".as_bytes()), "\u{d7ff}\u{1f600}");
    }
}
