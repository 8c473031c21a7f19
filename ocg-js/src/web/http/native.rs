//! What JavaScript sees of an exchange.

use std::rc::Rc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use rquickjs::class::Trace;
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::prelude::Func;
use rquickjs::{Class, Ctx, Exception, JsLifetime, Object, Promise, Result, TypedArray, Value};

use super::body::{RequestBody, copy_bytes};
use super::clients::Clients;
use super::exchange::{Exchange, Head, Request};
use super::failure::HttpFailure;
use super::redirect::RedirectMode;
use crate::isolate::Realm;

/// What fetch rejects with when there is no response.
const FAILED: &str = "fetch failed";
/// What reading a body rejects with when the connection breaks.
const TERMINATED: &str = "terminated";

/// `request(method, url, headers, body, redirect)`.
pub(crate) struct HttpModule;

impl ModuleDef for HttpModule {
    fn declare<'js>(declarations: &Declarations<'js>) -> Result<()> {
        declarations.declare("request")?;
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> Result<()> {
        exports.export("request", Func::from(request))?;
        Ok(())
    }
}

/// One exchange. When it is collected, an unfinished one is dropped with its connection.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(rename = "Exchange")]
pub(crate) struct NativeExchange<'js> {
    #[qjs(skip_trace)]
    exchange: Rc<Exchange>,
    response: Promise<'js>,
}

#[rquickjs::methods]
impl<'js> NativeExchange<'js> {
    /// A promise of the response's head.
    #[qjs(get)]
    fn response(&self) -> Promise<'js> {
        self.response.clone()
    }

    /// The next piece of the body, or undefined at its end. It is copied, because only the
    /// engine's own memory counts towards the isolate's limit.
    fn read(&self, ctx: Ctx<'js>) -> Result<Promise<'js>> {
        let (exchange, inner) = (Rc::clone(&self.exchange), ctx.clone());
        Promise::wrap_future(&ctx, async move {
            match exchange.chunk().await {
                Ok(Some(chunk)) => {
                    TypedArray::<u8>::new_copy(inner, chunk).map(TypedArray::into_value)
                }
                Ok(None) => Ok(Value::new_undefined(inner)),
                Err(failure) => Err(failure.throw(&inner, TERMINATED)),
            }
        })
    }

    /// The whole body as bytes.
    fn bytes(&self, ctx: Ctx<'js>) -> Result<Promise<'js>> {
        let (exchange, inner) = (Rc::clone(&self.exchange), ctx.clone());
        let limit = Realm::of(&ctx).memory_limit();
        Promise::wrap_future(&ctx, async move {
            match exchange.bytes(limit).await {
                Ok(bytes) => TypedArray::<u8>::new_copy(inner, bytes),
                Err(failure) => Err(failure.throw(&inner, TERMINATED)),
            }
        })
    }

    /// The whole body as UTF-8 text, without a byte order mark.
    fn text(&self, ctx: Ctx<'js>) -> Result<Promise<'js>> {
        let (exchange, inner) = (Rc::clone(&self.exchange), ctx.clone());
        let limit = Realm::of(&ctx).memory_limit();
        Promise::wrap_future(&ctx, async move {
            match exchange.bytes(limit).await {
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes);
                    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
                }
                Err(failure) => Err(failure.throw(&inner, TERMINATED)),
            }
        })
    }

    /// Sends a piece of a streamed request body.
    fn push(&self, ctx: Ctx<'js>, chunk: Value<'js>) -> Result<Promise<'js>> {
        let chunk = copy_bytes(&ctx, &chunk)?;
        let (exchange, inner) = (Rc::clone(&self.exchange), ctx.clone());
        Promise::wrap_future(&ctx, async move {
            exchange.push(chunk).await.map_err(|failure| failure.throw(&inner, FAILED))
        })
    }

    /// Ends a streamed request body.
    fn finish(&self) {
        self.exchange.finish();
    }

    /// Drops the connection; what waits for it fails.
    fn abort(&self) {
        self.exchange.abort();
    }
}

/// Starts a request. `headers` are names and values by turns; `body` is undefined, a string, a
/// Uint8Array, or `true` for a stream.
fn request<'js>(
    ctx: Ctx<'js>,
    method: String,
    url: String,
    headers: Vec<String>,
    body: Value<'js>,
    redirect: String,
) -> Result<Class<'js, NativeExchange<'js>>> {
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| {
        Exception::throw_type(&ctx, &format!("'{method}' is not a valid HTTP method"))
    })?;
    let url = Url::parse(&url)
        .map_err(|_| Exception::throw_type(&ctx, &format!("Failed to parse URL from {url}")))?;
    let headers = header_map(&ctx, &headers)?;
    let (body, upload) = RequestBody::from_js(&ctx, &body)?;
    let request = Request { method, url, headers, body, redirect: RedirectMode::parse(&redirect) };
    let Some(clients) = ctx.userdata::<Clients>().map(|clients| (*clients).clone()) else {
        return Err(Exception::throw_internal(&ctx, "the isolate has no HTTP client"));
    };
    let exchange = Exchange::new(upload);
    let (sending, inner) = (Rc::clone(&exchange), ctx.clone());
    let response = Promise::wrap_future(&ctx, async move {
        let head = sending.send(&clients, request).await;
        finish_head(&inner, head)
    })?;
    Class::instance(ctx, NativeExchange { exchange, response })
}

fn finish_head<'js>(
    ctx: &Ctx<'js>,
    head: std::result::Result<Head, HttpFailure>,
) -> Result<Object<'js>> {
    let head = head.map_err(|failure| failure.throw(ctx, FAILED))?;
    let object = Object::new(ctx.clone())?;
    object.set("status", head.status)?;
    object.set("statusText", head.status_text)?;
    object.set("url", head.url)?;
    object.set("redirected", head.redirected)?;
    let mut headers = Vec::with_capacity(head.headers.len() * 2);
    for (name, value) in &head.headers {
        headers.push(name.as_str().to_owned());
        headers.push(latin1(value.as_bytes()));
    }
    object.set("headers", headers)?;
    Ok(object)
}

fn header_map(ctx: &Ctx<'_>, pairs: &[String]) -> Result<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(pairs.len() / 2);
    for pair in pairs.chunks_exact(2) {
        let (name, value) = (&pair[0], &pair[1]);
        let parsed = HeaderName::from_bytes(name.as_bytes()).ok();
        let bytes: Option<Vec<u8>> =
            value.chars().map(|character| u8::try_from(character).ok()).collect();
        let bytes = bytes.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
        let (Some(name), Some(value)) = (parsed, bytes) else {
            return Err(Exception::throw_type(ctx, &format!("the header {name:?} is not valid")));
        };
        headers.append(name, value);
    }
    Ok(headers)
}

/// Header bytes as JavaScript sees them: one character per byte.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}
