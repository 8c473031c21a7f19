//! What the HTTP APIs of QQ, DingTalk and Telegram have in common as fakes: every call is recorded, goes wrong
//! if a test asked for it, and is refused and noted if it breaks a rule.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, Request, header};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::Watched;
use crate::http::{self, App, HangUp, Reply};

/// A call that reached the fake.
#[derive(Debug, Clone)]
pub struct Recorded<E> {
    /// When it arrived.
    pub at: Instant,
    /// Which call.
    pub endpoint: E,
    /// The path without the query.
    pub path: String,
    /// JSON body; null if it is none.
    pub body: Value,
}

/// What goes wrong with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An answer in place of the real one; the call has no effect.
    Answer {
        /// HTTP status.
        status: u16,
        /// `Retry-After` in seconds.
        retry_after: Option<u64>,
        /// JSON body.
        body: Value,
    },
    /// The answer is broken JSON; the call has no effect.
    Malformed,
    /// The connection ends without an answer; the call has no effect.
    Drop,
    /// The call takes effect, then the connection ends without an answer.
    DropAfter,
    /// The answer comes late.
    Slow(Duration),
}

impl Fault {
    /// An HTTP status with an error object.
    pub fn status(status: u16) -> Self {
        let body = json!({"code": status, "message": "out of order"});
        Self::Answer { status, retry_after: None, body }
    }

    /// Too many calls; try again after so many seconds.
    pub fn too_many(retry_after: u64) -> Self {
        let body = json!({"code": 22009, "message": "msg limit exceed"});
        Self::Answer { status: 429, retry_after: Some(retry_after), body }
    }

    fn reply(&self) -> Option<Reply> {
        match self {
            Self::Answer { status, retry_after, body } => {
                let mut reply = http::json(*status, body);
                if let Some(seconds) = retry_after {
                    reply.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
                }
                Some(reply)
            }
            Self::Malformed => Some(http::reply(200, "application/json", "{\"id\":")),
            Self::Drop | Self::DropAfter | Self::Slow(_) => None,
        }
    }
}

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status of the answer.
    pub status: u16,
    /// The platform's error code.
    pub code: Value,
    /// What was wrong.
    pub reason: String,
    /// When to try again, in seconds, if the platform says so.
    pub retry_after: Option<u64>,
    /// Whether a well-made bot may run into it: a token that has expired, for instance.
    pub excusable: bool,
}

impl Refusal {
    /// A refusal that counts as a violation.
    pub fn new(status: u16, code: impl Into<Value>, reason: impl Into<String>) -> Self {
        let (code, reason) = (code.into(), reason.into());
        Self { status, code, reason, retry_after: None, excusable: false }
    }

    /// Says when to try again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Not a violation: the bot could not have known.
    pub fn excused(mut self) -> Self {
        self.excusable = true;
        self
    }
}

/// Calls, faults and violations of one fake.
#[derive(Debug)]
pub struct Calls<E> {
    /// Every call so far.
    pub requests: Vec<Recorded<E>>,
    /// What shall go wrong.
    pub faults: BTreeMap<E, VecDeque<Fault>>,
    /// What was refused.
    pub violations: Vec<String>,
}

impl<E> Default for Calls<E> {
    fn default() -> Self {
        Self { requests: Vec::new(), faults: BTreeMap::new(), violations: Vec::new() }
    }
}

/// One call, read.
#[derive(Debug)]
pub struct Call {
    /// Head of the request.
    pub parts: Parts,
    /// Query parameters, decoded.
    pub query: BTreeMap<String, String>,
    /// Body as sent.
    pub bytes: Bytes,
    /// Body as JSON; null if it is none.
    pub body: Value,
}

impl Call {
    /// The path's `n`th segment (from 0).
    pub fn segment(&self, n: usize) -> &str {
        self.parts.uri.path().split('/').nth(n + 1).unwrap_or_default()
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.parts.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// A query parameter, or nothing.
    pub fn parameter(&self, name: &str) -> &str {
        self.query.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// The HTTP side of a platform.
pub trait Api: Send + Sync + 'static {
    /// Its calls.
    type Endpoint: Copy + Ord + Debug + Send + 'static;

    /// The call behind a host, a method and a path.
    fn endpoint(host: &str, method: &Method, path: &str) -> Option<Self::Endpoint>;

    /// What was called so far.
    fn calls(&self) -> &Watched<Calls<Self::Endpoint>>;

    /// Does what the call asks for.
    fn act(
        &self,
        endpoint: Self::Endpoint,
        call: Call,
    ) -> impl Future<Output = Result<Reply, Refusal>> + Send;

    /// A refusal in the platform's words.
    fn refused(refusal: &Refusal) -> Reply;
}

/// Serves an [`Api`].
#[derive(Debug)]
pub struct Front<A>(pub A);

impl<A: Api> App for Front<A> {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Reply, HangUp> {
        let (parts, body) = request.into_parts();
        let bytes = body.collect().await.map_err(|_| HangUp)?.to_bytes();
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.unwrap_or_default().trim_end_matches(":443");
        let calls = self.0.calls();
        let Some(endpoint) = A::endpoint(host, &parts.method, parts.uri.path()) else {
            let what = format!("no such call: {} {host}{}", parts.method, parts.uri.path());
            calls.change(|c| c.violations.push(what.clone()));
            return Ok(A::refused(&Refusal::new(404, 404, what)));
        };
        let query = parts.uri.query().unwrap_or_default();
        let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let recorded = Recorded {
            at: Instant::now(),
            endpoint,
            path: parts.uri.path().to_owned(),
            body: body.clone(),
        };
        let fault = calls.change(|c| {
            c.requests.push(recorded);
            c.faults.get_mut(&endpoint)?.pop_front()
        });
        match &fault {
            Some(Fault::Drop) => return Err(HangUp),
            Some(Fault::Slow(delay)) => tokio::time::sleep(*delay).await,
            Some(fault) => {
                if let Some(reply) = fault.reply() {
                    return Ok(reply);
                }
            }
            None => {}
        }
        let acted = self.0.act(endpoint, Call { parts, query, bytes, body }).await;
        if fault == Some(Fault::DropAfter) {
            return Err(HangUp);
        }
        Ok(acted.unwrap_or_else(|refusal| {
            if !refusal.excusable {
                let what = format!("{endpoint:?}: {}", refusal.reason);
                calls.change(|c| c.violations.push(what));
            }
            A::refused(&refusal)
        }))
    }
}

/// What tests ask of the calls; every platform offers these under its own name.
impl<E: Copy + Ord + Debug + Send + 'static> Watched<Calls<E>> {
    /// The next call of `endpoint` goes wrong; several faults go one after the other.
    pub fn fault(&self, endpoint: E, fault: Fault) {
        self.change(|c| c.faults.entry(endpoint).or_default().push_back(fault));
    }

    /// Calls of `endpoint` so far.
    pub fn requests_to(&self, endpoint: E) -> Vec<Recorded<E>> {
        self.read(|c| c.requests.iter().filter(|r| r.endpoint == endpoint).cloned().collect())
    }

    /// Waits until `endpoint` was called at least `n` times.
    #[track_caller]
    pub fn until_called(&self, endpoint: E, n: usize) -> impl Future<Output = ()> {
        self.until(format!("{n} calls of {endpoint:?}"), move |c| {
            let count = c.requests.iter().filter(|r| r.endpoint == endpoint).count();
            (count >= n).then_some(())
        })
    }

    /// What bots did wrong so far.
    pub fn violations(&self) -> Vec<String> {
        self.read(|c| c.violations.clone())
    }

    /// Fails the test if a bot broke a rule.
    #[track_caller]
    pub fn assert_no_violations(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "the platform refused: {violations:#?}");
    }
}
