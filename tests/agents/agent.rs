//! The agent as a test sees it.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use super::answer::{Answer, Step};
use super::request::AgentRequest;
use crate::Watched;
use crate::http::{self, App, HangUp, Reply, Server};

type Script = Arc<dyn Fn(&AgentRequest) -> Answer + Send + Sync>;

/// A chat-completions server on loopback. By default it echoes: `echo: <text>`.
#[derive(Debug)]
pub struct Agent {
    state: Watched<State>,
    server: Server,
    scheme: &'static str,
}

struct State {
    script: Script,
    next: VecDeque<Answer>,
    requests: Vec<AgentRequest>,
    in_progress: usize,
    violations: Vec<String>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent")
            .field("requests", &self.requests)
            .field("in_progress", &self.in_progress)
            .field("violations", &self.violations)
            .finish_non_exhaustive()
    }
}

impl Agent {
    /// Starts an agent that echoes.
    pub async fn start() -> Self {
        Self::listening(None).await
    }

    /// Starts an agent that is reached by HTTPS alone.
    pub async fn with_tls(tls: TlsAcceptor) -> Self {
        Self::listening(Some(tls)).await
    }

    async fn listening(tls: Option<TlsAcceptor>) -> Self {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let state = Watched::new(State {
            script: Arc::new(|request| Answer::text(&format!("echo: {}", request.text()))),
            next: VecDeque::new(),
            requests: Vec::new(),
            in_progress: 0,
            violations: Vec::new(),
        });
        let server = Server::start(Arc::new(Front(state.clone())), tls).await;
        Self { state, server, scheme }
    }

    /// The chat-completions endpoint.
    pub fn url(&self) -> String {
        format!("{}://{}/v1/chat/completions", self.scheme, self.server.address())
    }

    /// Answers the next request without an answer of its own like this; several queue up.
    pub fn next(&self, answer: Answer) {
        self.state.change(|s| s.next.push_back(answer));
    }

    /// Answers by `script` from now on.
    pub fn answers(&self, script: impl Fn(&AgentRequest) -> Answer + Send + Sync + 'static) {
        self.state.change(|s| s.script = Arc::new(script));
    }

    /// Every request so far, in order of arrival.
    pub fn requests(&self) -> Vec<AgentRequest> {
        self.state.read(|s| s.requests.clone())
    }

    /// Waits until at least `n` requests arrived; returns all of them.
    #[track_caller]
    pub fn until_asked(&self, n: usize) -> impl Future<Output = Vec<AgentRequest>> {
        self.state.until(format!("{n} requests to the agent"), move |s| {
            (s.requests.len() >= n).then(|| s.requests.clone())
        })
    }

    /// Waits until no request is in progress.
    #[track_caller]
    pub fn until_idle(&self) -> impl Future<Output = ()> {
        self.state.until("an idle agent", |s| (s.in_progress == 0).then_some(()))
    }

    /// Most requests that were in progress at once.
    pub fn most_in_progress(&self) -> usize {
        self.state.read(|s| s.requests.iter().map(|r| r.in_progress).max().unwrap_or(0))
    }

    /// What an OpenAI-compatible server would have refused.
    pub fn violations(&self) -> Vec<String> {
        self.state.read(|s| s.violations.clone())
    }

    /// Forgets all requests so far.
    pub fn forget(&self) {
        self.state.change(|s| {
            assert_eq!(s.in_progress, 0, "requests are in progress");
            s.requests.clear();
        });
    }

    /// Fails the test if a request was not as OpenAI-compatible servers want it.
    #[track_caller]
    pub fn assert_no_violations(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "the agent refused: {violations:#?}");
    }
}

/// The endpoint of an agent that is not there: connections are refused.
pub async fn refused_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/v1/chat/completions", listener.local_addr().unwrap())
}

struct Front(Watched<State>);

impl App for Front {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Reply, HangUp> {
        let (parts, body) = request.into_parts();
        let bytes = body.collect().await.map_err(|_| HangUp)?.to_bytes();
        let headers = parts.headers.iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let mut request = AgentRequest {
            at: Instant::now(),
            done: None,
            in_progress: 0,
            headers: headers.collect(),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            raw_body: bytes,
        };
        if (parts.method.as_str(), parts.uri.path()) != ("POST", "/v1/chat/completions") {
            let what = format!("{} {}", parts.method, parts.uri);
            self.0.change(|s| s.violations.push(what));
            return Ok(http::reply(404, "text/plain", "not found"));
        }
        let complaint = request.complaint();
        let (index, answer) = self.0.change(|s| {
            s.in_progress += 1;
            request.in_progress = s.in_progress;
            let answer = match complaint {
                Some(complaint) => {
                    s.violations.push(complaint.clone());
                    Answer::error(400, &complaint)
                }
                None => s.next.pop_front().unwrap_or_else(|| (s.script)(&request)),
            };
            s.requests.push(request);
            (s.requests.len() - 1, answer)
        });
        let busy = Busy { state: self.0.clone(), index };
        play(answer, busy).await
    }
}

async fn play(answer: Answer, busy: Busy) -> Result<Reply, HangUp> {
    for step in answer.before {
        if run(step).await.is_err() {
            return Err(HangUp);
        }
    }
    let mut reply = match <[Step; 1]>::try_from(answer.body) {
        // The common case: one piece, sent with its length in one write.
        Ok([Step::Send(bytes)]) => {
            drop(busy);
            http::reply(answer.status, "text/plain", bytes)
        }
        Ok([step]) => http::stream(answer.status, pieces(vec![step], busy)),
        Err(steps) => http::stream(answer.status, pieces(steps, busy)),
    };
    let headers = reply.headers_mut();
    headers.remove("content-type");
    for (name, value) in answer.headers {
        let name = hyper::header::HeaderName::try_from(name).unwrap();
        headers.append(name, value.parse().unwrap());
    }
    Ok(reply)
}

/// Pause between two writes, so that they reach the reader apart.
const APART: Duration = Duration::from_micros(500);

fn pieces(
    steps: Vec<Step>,
    busy: Busy,
) -> impl futures::Stream<Item = Result<Bytes, io::Error>> + Send + Sync {
    let steps: VecDeque<Step> = steps.into();
    stream::unfold((steps, busy, false), |(mut steps, busy, mut sent)| async move {
        loop {
            if let Some(Step::Forever(bytes)) = steps.front() {
                tokio::task::yield_now().await;
                let bytes = bytes.clone();
                return Some((Ok(bytes), (steps, busy, true)));
            }
            if let Step::Send(bytes) = steps.front()? {
                let bytes = bytes.clone();
                // A pause lets the server write what it has; without one it would join the pieces.
                if sent && bytes.len() < 1024 {
                    tokio::time::sleep(APART).await;
                }
                steps.pop_front();
                return Some((Ok(bytes), (steps, busy, true)));
            }
            let step = steps.pop_front()?;
            sent = false;
            if let Err(error) = run(step).await {
                return Some((Err(error), (steps, busy, sent)));
            }
        }
    })
}

/// Waits as `step` says; the error is the step that breaks the connection.
async fn run(step: Step) -> io::Result<()> {
    match step {
        Step::Pause(delay) => tokio::time::sleep(delay).await,
        Step::Hold(gate) => gate.passed().await,
        Step::Silence => std::future::pending().await,
        Step::Drop => {
            // What was sent before must leave first.
            tokio::time::sleep(APART).await;
            return Err(io::Error::other("dropped on request"));
        }
        Step::Send(_) | Step::Forever(_) => unreachable!("sent by the caller"),
    }
    Ok(())
}

/// A request in progress, until its answer is complete or its connection gone.
struct Busy {
    state: Watched<State>,
    index: usize,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.state.change(|s| {
            s.in_progress -= 1;
            if let Some(request) = s.requests.get_mut(self.index) {
                request.done = Some(Instant::now());
            }
        });
    }
}
