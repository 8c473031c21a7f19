use hmac::{Hmac, KeyInit, Mac};
use rquickjs::class::Trace;
use rquickjs::function::Opt;
use rquickjs::{Ctx, Exception, JsLifetime, Result, Value};
use sha2::Digest;

use super::super::arguments::{Octets, Text, View};
use super::super::throw::{Blob, coded};

/// A digest or a keyed digest that takes its input piece by piece.
#[derive(Trace, JsLifetime)]
#[rquickjs::class]
pub(crate) struct Hash {
    /// Gone once the digest has been taken.
    #[qjs(skip_trace)]
    state: Option<Box<dyn Absorb>>,
}

#[rquickjs::methods]
impl Hash {
    /// With a key it is an HMAC.
    #[qjs(constructor)]
    fn new(ctx: Ctx<'_>, algorithm: Text, key: Opt<Octets>) -> Result<Self> {
        let state = match key.0 {
            Some(key) => keyed(&algorithm.0, &key.0),
            None => plain(&algorithm.0),
        };
        state.map(|state| Self { state: Some(state) }).ok_or_else(|| unsupported(&ctx))
    }

    /// Takes a string as UTF-8, or bytes.
    fn update<'js>(&mut self, ctx: Ctx<'js>, data: Value<'js>) -> Result<()> {
        let Some(state) = &mut self.state else { return Err(finalized(&ctx)) };
        with_bytes(&ctx, data, |bytes| state.absorb(bytes))
    }

    fn digest(&mut self, ctx: Ctx<'_>) -> Result<Blob> {
        self.state.take().map(|state| Blob(state.finish())).ok_or_else(|| finalized(&ctx))
    }

    fn copy(&self, ctx: Ctx<'_>) -> Result<Self> {
        let state = self.state.as_ref().ok_or_else(|| finalized(&ctx))?;
        Ok(Self { state: Some(state.fork()) })
    }
}

pub(super) fn has_hash(algorithm: Text) -> bool {
    plain(&algorithm.0).is_some()
}

pub(super) fn hash_once<'js>(ctx: Ctx<'js>, algorithm: Text, data: Value<'js>) -> Result<Blob> {
    let mut state = plain(&algorithm.0).ok_or_else(|| unsupported(&ctx))?;
    with_bytes(&ctx, data, |bytes| state.absorb(bytes))?;
    Ok(Blob(state.finish()))
}

fn with_bytes<'js, R>(
    ctx: &Ctx<'js>,
    data: Value<'js>,
    work: impl FnOnce(&[u8]) -> R,
) -> Result<R> {
    use rquickjs::FromJs;
    if data.is_string() {
        return Ok(work(Text::from_js(ctx, data)?.0.as_bytes()));
    }
    Ok(work(View::from_js(ctx, data)?.bytes()))
}

fn unsupported(ctx: &Ctx<'_>) -> rquickjs::Error {
    coded(ctx, "ERR_OSSL_EVP_UNSUPPORTED", "Digest method not supported")
}

fn finalized(ctx: &Ctx<'_>) -> rquickjs::Error {
    Exception::throw_message(ctx, "Digest already called")
}

trait Absorb {
    fn absorb(&mut self, bytes: &[u8]);
    fn finish(self: Box<Self>) -> Vec<u8>;
    fn fork(&self) -> Box<dyn Absorb>;
}

#[derive(Clone)]
struct Plain<D>(D);

impl<D: Digest + Clone + 'static> Absorb for Plain<D> {
    fn absorb(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }

    fn fork(&self) -> Box<dyn Absorb> {
        Box::new(self.clone())
    }
}

#[derive(Clone)]
struct Keyed<M>(M);

impl<M: Mac + Clone + 'static> Absorb for Keyed<M> {
    fn absorb(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().into_bytes().to_vec()
    }

    fn fork(&self) -> Box<dyn Absorb> {
        Box::new(self.clone())
    }
}

/// Runs `$found` with `$digest` standing for the digest that has this name.
macro_rules! by_name {
    ($name:expr, $digest:ident => $found:expr) => {
        match $name.to_ascii_lowercase().as_str() {
            "md5" => {
                type $digest = md5::Md5;
                Some($found)
            }
            "sha1" | "sha-1" => {
                type $digest = sha1::Sha1;
                Some($found)
            }
            "sha224" | "sha-224" => {
                type $digest = sha2::Sha224;
                Some($found)
            }
            "sha256" | "sha-256" => {
                type $digest = sha2::Sha256;
                Some($found)
            }
            "sha384" | "sha-384" => {
                type $digest = sha2::Sha384;
                Some($found)
            }
            "sha512" | "sha-512" => {
                type $digest = sha2::Sha512;
                Some($found)
            }
            "sha512-224" => {
                type $digest = sha2::Sha512_224;
                Some($found)
            }
            "sha512-256" => {
                type $digest = sha2::Sha512_256;
                Some($found)
            }
            _ => None,
        }
    };
}
pub(super) use by_name;

fn plain(algorithm: &str) -> Option<Box<dyn Absorb>> {
    by_name!(algorithm, D => Box::new(Plain(D::new())) as Box<dyn Absorb>)
}

fn keyed(algorithm: &str, key: &[u8]) -> Option<Box<dyn Absorb>> {
    by_name!(algorithm, D => {
        let mac = Hmac::<D>::new_from_slice(key).expect("HMAC takes keys of any length");
        Box::new(Keyed(mac)) as Box<dyn Absorb>
    })
}
