//! Async mode: how fast callbacks are accepted, with few and with many tokens pending.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::join_all;
use ocg_tests::agents::Answer;
use ocg_tests::harness::Config;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::arguments::CallbackArguments;
use crate::candidate::Candidate;
use crate::load::milliseconds;
use crate::report::{Column, Report};
use crate::series::Series;
use crate::stage::Stage;
use crate::{disk, process_tree};

/// Chats that the tokens belong to.
const CHATS: usize = 200;
/// Most that the fake platform is given ahead of what the agent was asked.
const AHEAD: usize = 100;

/// Measures with each number of pending tokens.
pub(crate) async fn measure(arguments: &CallbackArguments) -> Report {
    let ocg = std::fs::canonicalize(&arguments.ocg).unwrap();
    let command = format!("{} start", ocg.display());
    let install = format!("{} plugins install @tencent-weixin/openclaw-weixin", ocg.display());
    let mut columns = Vec::new();
    for pending in &arguments.pending {
        let name = format!("{pending} pending");
        let mut series = Series::default();
        for number in 1..=arguments.runs {
            eprintln!("{name}: run {number} of {}", arguments.runs);
            let candidate = Candidate::new(&name, &command, Some(install.clone()), None, None);
            candidate.prepare().await;
            run(&candidate, *pending, arguments, &mut series).await;
        }
        columns.push(Column { name, command: command.clone(), series });
    }
    let CallbackArguments { latency, load, connections, rest_s, .. } = arguments;
    let about = format!(
        "{latency} callbacks one after the other; {load} over {connections} connections; weighed \
         and measured {rest_s} s after the last message"
    );
    Report { columns, runs: arguments.runs, about }
}

async fn run(
    candidate: &Candidate,
    pending: usize,
    arguments: &CallbackArguments,
    series: &mut Series,
) {
    let limit = Duration::from_secs(arguments.limit_s);
    let fsyncs = disk::fsyncs(&candidate.state, Duration::from_secs(2));
    series.add("fsync_rate", fsyncs.len() as f64 / 2.0);
    series.percentiles("fsync", fsyncs.iter().copied().map(milliseconds).collect());

    let mut scene = Scene::new(candidate).await;
    let running = candidate.start(&scene.stage);
    let pid = running.pid();
    timed(limit, "a poll", scene.stage.wechat.first_poll()).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    series.add("idle_pss", process_tree::memory(pid).pss);
    timed(limit, "pending tokens", scene.fill(pending)).await;
    tokio::time::sleep(Duration::from_secs(arguments.rest_s)).await;
    series.add("pending_pss", process_tree::memory(pid).pss);

    let mut times = Vec::new();
    while times.len() < arguments.latency {
        // Refilled in between, so that about as many are pending all the time.
        if scene.pending() <= pending / 2 {
            timed(limit, "pending tokens", scene.fill(pending)).await;
        }
        let began = Instant::now();
        scene.call_back().await;
        times.push(milliseconds(began.elapsed()));
        timed(limit, "a reply", scene.delivered()).await;
    }
    series.percentiles("callback", times);

    timed(limit, "pending tokens", scene.fill(arguments.load)).await;
    let began = Instant::now();
    let load = timed(limit, "accepted callbacks", scene.load(arguments)).await;
    series.add("callbacks", load as f64 / began.elapsed().as_secs_f64());
    timed(limit, "replies", scene.delivered()).await;
    series.add("loaded_pss", process_tree::memory(pid).pss);
    series.add("delivered", load as f64 / began.elapsed().as_secs_f64());
    running.stop().await;
}

async fn timed<T>(limit: Duration, what: &str, work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(limit, work).await;
    done.unwrap_or_else(|_| panic!("no {what} within {limit:?}: see gateway.log"))
}

/// A platform with chats, and an agent that accepts everything.
struct Scene {
    stage: Stage,
    /// Callback URLs that were not used yet.
    urls: Arc<Mutex<VecDeque<String>>>,
    said: usize,
    accepted: usize,
    http: reqwest::Client,
}

impl Scene {
    async fn new(candidate: &Candidate) -> Self {
        let stage = Stage::new(CHATS).await;
        stage.set(candidate);
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = Config::new(&stage.agent)
            .wechat(&stage.wechat)
            .set(&["async"], true)
            .set(&["callbackHost"], "127.0.0.1")
            .set(&["callbackPort"], port)
            .set(&["callbackRateLimit"], 1_000_000)
            .set(&["callbackTokenTTL"], 24 * 60 * 60);
        std::fs::write(candidate.config_file(), config.text()).unwrap();
        let urls: Arc<Mutex<VecDeque<String>>> = Arc::default();
        let given = Arc::clone(&urls);
        stage.agent.answers(move |request| {
            given.lock().unwrap().push_back(request.headers["x-ocg-callback"].clone());
            Answer::error(202, "accepted")
        });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { stage, urls, said: 0, accepted: 0, http }
    }

    fn pending(&self) -> usize {
        self.urls.lock().unwrap().len()
    }

    /// Lets users write until so many tokens are pending.
    async fn fill(&mut self, pending: usize) {
        let mut missing = pending.saturating_sub(self.pending());
        while missing > 0 {
            for _ in 0..missing.min(AHEAD) {
                let user = &self.stage.users[self.said % CHATS];
                user.says(&format!("message {}", self.said));
                self.said += 1;
                missing -= 1;
            }
            while self.accepted + self.pending() < self.said {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    }

    fn url(&self) -> String {
        self.urls.lock().unwrap().pop_front().expect("a token is pending")
    }

    /// Posts one callback.
    async fn call_back(&mut self) {
        post(&self.http, self.url()).await;
        self.accepted += 1;
    }

    /// Waits until all accepted replies have reached their chats.
    async fn delivered(&self) {
        self.stage.wechat.until_sent(self.accepted).await;
    }

    /// Posts callbacks over several connections at once; returns how many.
    async fn load(&mut self, arguments: &CallbackArguments) -> usize {
        let each = arguments.load / arguments.connections;
        let posting = (0..arguments.connections).map(|_| async {
            for _ in 0..each {
                post(&self.http, self.url()).await;
            }
        });
        join_all(posting).await;
        self.accepted += each * arguments.connections;
        each * arguments.connections
    }
}

async fn post(http: &reqwest::Client, url: String) {
    let answer = http.post(&url).json(&json!({"reply": "an answer of a few words"}));
    let answer = answer.send().await.unwrap();
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert!(status == 200, "a callback was answered with {status}: {body}");
}
