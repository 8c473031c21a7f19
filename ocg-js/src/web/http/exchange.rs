//! One request and its response.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use futures::SinkExt;
use reqwest::header::HeaderMap;
use reqwest::{Method, Response, Url};
use tokio::sync::Notify;

use super::body::{BodySender, RequestBody};
use super::clients::Clients;
use super::failure::HttpFailure;
use super::redirect::{self, MAX_REDIRECTS, RedirectMode};

/// A request on its way, shared between its promises and its JavaScript object.
#[derive(Default)]
pub(crate) struct Exchange {
    response: RefCell<Option<Response>>,
    upload: RefCell<Option<BodySender>>,
    aborted: Cell<bool>,
    abort: Notify,
}

/// What is sent.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: RequestBody,
    pub(crate) redirect: RedirectMode,
}

/// The response without its body, which stays in the exchange.
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) status_text: String,
    pub(crate) url: String,
    pub(crate) redirected: bool,
    pub(crate) headers: HeaderMap,
}

impl Exchange {
    pub(crate) fn new(upload: Option<BodySender>) -> Rc<Self> {
        Rc::new(Self { upload: RefCell::new(upload), ..Self::default() })
    }

    /// Stops what is going on; waiting promises fail.
    pub(crate) fn abort(&self) {
        self.aborted.set(true);
        self.upload.borrow_mut().take();
        self.response.borrow_mut().take();
        self.abort.notify_waiters();
    }

    /// Sends the request and waits for the response's head.
    pub(crate) async fn send(
        &self,
        clients: &Clients,
        request: Request,
    ) -> Result<Head, HttpFailure> {
        self.unless_aborted(self.follow(clients, request)).await
    }

    async fn follow(&self, clients: &Clients, request: Request) -> Result<Head, HttpFailure> {
        let Request { mut method, mut url, mut headers, mut body, redirect } = request;
        for redirects in 0..=MAX_REDIRECTS {
            let port = url.port_or_known_default().unwrap_or(0);
            let host =
                url.host_str().ok_or_else(|| HttpFailure::Invalid(format!("{url} has no host")))?;
            clients.permit().check_host(host, port)?;
            let mut builder =
                clients.client(port)?.request(method.clone(), url.clone()).headers(headers.clone());
            if let Some(body) = body.take() {
                builder = builder.body(body);
            }
            let response = builder.send().await?;
            let target = match redirect {
                RedirectMode::Manual => None,
                _ => redirect::target(&response)?,
            };
            let Some(target) = target else {
                let head = head(&response, redirects > 0);
                *self.response.borrow_mut() = Some(response);
                return Ok(head);
            };
            if redirect == RedirectMode::Error {
                return Err(HttpFailure::UnexpectedRedirect);
            }
            let status = response.status();
            if !redirect::adapt(status, &url, &target, &mut method, &mut headers) {
                body = RequestBody::None;
            }
            url = target;
        }
        Err(HttpFailure::TooManyRedirects)
    }

    /// The next piece of the response's body.
    pub(crate) async fn chunk(&self) -> Result<Option<Bytes>, HttpFailure> {
        let Some(mut response) = self.response.borrow_mut().take() else {
            return if self.aborted.get() { Err(HttpFailure::Aborted) } else { Ok(None) };
        };
        let chunk = self.unless_aborted(async { Ok(response.chunk().await?) }).await?;
        if chunk.is_some() {
            *self.response.borrow_mut() = Some(response);
        }
        Ok(chunk)
    }

    /// All of the body that is left, as long as it does not pass `limit`: it is not JavaScript's
    /// memory yet, which the engine limits.
    pub(crate) async fn bytes(&self, limit: usize) -> Result<Bytes, HttpFailure> {
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let Some(second) = self.chunk().await? else { return Ok(first) };
        let mut all = BytesMut::from(first);
        all.extend_from_slice(&second);
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
            if all.len() > limit {
                self.abort();
                return Err(HttpFailure::TooLarge { limit });
            }
        }
        Ok(all.freeze())
    }

    /// Sends a piece of a streamed body; waits while the connection is behind.
    pub(crate) async fn push(&self, chunk: Bytes) -> Result<(), HttpFailure> {
        let Some(mut upload) = self.upload.borrow_mut().take() else {
            return Err(HttpFailure::Aborted);
        };
        let sent = self.unless_aborted(async { Ok(upload.send(chunk).await) }).await?;
        if sent.is_ok() {
            *self.upload.borrow_mut() = Some(upload);
        }
        sent.map_err(|_| HttpFailure::Aborted)
    }

    /// The streamed body is complete.
    pub(crate) fn finish(&self) {
        self.upload.borrow_mut().take();
    }

    async fn unless_aborted<T>(
        &self,
        work: impl Future<Output = Result<T, HttpFailure>>,
    ) -> Result<T, HttpFailure> {
        if self.aborted.get() {
            return Err(HttpFailure::Aborted);
        }
        tokio::select! {
            biased;
            () = self.abort.notified() => Err(HttpFailure::Aborted),
            done = work => done,
        }
    }
}

fn head(response: &Response, redirected: bool) -> Head {
    let reason = response.extensions().get::<hyper::ext::ReasonPhrase>();
    let status_text = match reason {
        Some(reason) => String::from_utf8_lossy(reason.as_bytes()).into_owned(),
        None => response.status().canonical_reason().unwrap_or_default().to_owned(),
    };
    Head {
        status: response.status().as_u16(),
        status_text,
        url: response.url().to_string(),
        redirected,
        headers: response.headers().clone(),
    }
}
