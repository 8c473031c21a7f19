//! An agent that answers later: 202 at once, then a callback that is repeated until it is settled.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use super::{Agent, AgentRequest, Answer};
use crate::Watched;

/// Pause before a callback is repeated.
const PAUSE: Duration = Duration::from_millis(30);

/// A callback, from the request that asked for it on.
#[derive(Debug, Clone)]
pub struct Callback {
    /// What the gateway asked.
    pub text: String,
    /// What is said in the callback; no two callbacks say the same.
    pub reply: String,
    /// How often it was posted.
    pub posts: usize,
    /// The status that settled it: 200, 409 (used), 410 (expired) or 404 (revoked).
    pub settled: Option<u16>,
}

/// The callbacks of an [`Agent`]. Dropping it ends those that are not settled.
#[derive(Debug)]
pub struct Callbacks {
    all: Watched<Vec<Callback>>,
    _posting: Arc<Mutex<JoinSet<()>>>,
}

impl Callbacks {
    /// Makes `agent` accept everything and call back after `delay`: `echo: <text>`, and with which
    /// of its answers this is, from the second on.
    pub fn of(
        agent: &Agent,
        delay: impl Fn(&AgentRequest) -> Duration + Send + Sync + 'static,
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let all: Watched<Vec<Callback>> = Watched::default();
        let posting: Arc<Mutex<JoinSet<()>>> = Arc::default();
        let (calls, tasks) = (all.clone(), Arc::clone(&posting));
        agent.answers(move |request| {
            let Some(url) = request.headers.get("x-ocg-callback") else {
                return Answer::error(400, "there is no address to call back");
            };
            let text = request.text();
            let index = calls.change(|calls| {
                let reply = match calls.iter().filter(|call| call.text == text).count() {
                    0 => format!("echo: {text}"),
                    earlier => format!("echo: {text} (answer {})", earlier + 1),
                };
                calls.push(Callback { text, reply, posts: 0, settled: None });
                calls.len() - 1
            });
            let call = post(http.clone(), url.clone(), calls.clone(), index, delay(request));
            tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(call);
            Answer::error(202, "accepted")
        });
        Self { all, _posting: posting }
    }

    /// All callbacks so far, in the order in which they were asked for.
    pub fn all(&self) -> Vec<Callback> {
        self.all.read(Clone::clone)
    }

    /// Waits until none is under way; gives all.
    #[track_caller]
    pub fn until_settled(&self) -> impl Future<Output = Vec<Callback>> {
        self.all.until("settled callbacks", |calls| {
            calls.iter().all(|call| call.settled.is_some()).then(|| calls.clone())
        })
    }
}

/// Posts a callback until it is settled: a gateway that is down, busy or stopping is asked again.
async fn post(
    http: reqwest::Client,
    url: String,
    calls: Watched<Vec<Callback>>,
    index: usize,
    delay: Duration,
) {
    tokio::time::sleep(delay).await;
    loop {
        let reply = calls.change(|calls| {
            calls[index].posts += 1;
            calls[index].reply.clone()
        });
        let answer = http.post(&url).json(&json!({ "reply": reply })).send().await;
        let status = answer.ok().map(|answer| answer.status().as_u16());
        if let Some(status @ (200 | 404 | 409 | 410)) = status {
            calls.change(|calls| calls[index].settled = Some(status));
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
