//! The SSE dispatcher against real sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use url::Url;

use super::*;
use crate::http::HttpSettings;
use crate::message::{AccountKey, InboundMedia, InboundMessage, Quote};
use crate::store::TurnId;

/// What the fake agent does with one connection after it has read the request.
#[derive(Clone)]
enum Act {
    /// Sends these bytes and closes.
    Send(Vec<u8>),
    /// Sends these bytes and keeps the connection open.
    Hold(Vec<u8>),
    /// Sends these bytes for ever.
    Repeat(Vec<u8>),
    /// Closes at once.
    Close,
}

/// A fake agent that reacts to one request per connection; the last act is repeated.
struct Agent {
    url: Url,
    requests: Arc<Mutex<Vec<String>>>,
    count: Arc<AtomicUsize>,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Agent {
    async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let count = Arc::new(AtomicUsize::new(0));
        let (kept, counter) = (Arc::clone(&requests), Arc::clone(&count));
        let server = tokio::spawn(async move {
            let mut held = tokio::task::JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let number = counter.fetch_add(1, Ordering::SeqCst);
                let act = acts[number.min(acts.len() - 1)].clone();
                let kept = Arc::clone(&kept);
                held.spawn(async move { react(socket, act, &kept).await });
            }
        });
        let url = format!("http://me:s3cret@{address}/v1/chat/completions?key=s3cret");
        Self { url: Url::parse(&url).unwrap(), requests, count, server }
    }

    fn settings(&self) -> AgentSettings {
        AgentSettings {
            url: self.url.clone(),
            api_key: Some("sk-s3cret".to_owned().into()),
            retries: 0,
            ..AgentSettings::default()
        }
    }

    async fn ask(&self) -> Outcome {
        ask(self.settings(), message("hi")).await
    }
}

async fn react(mut socket: TcpStream, act: Act, requests: &Mutex<Vec<String>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let Ok(read @ 1..) = socket.read(&mut buffer).await else { return };
        request.extend_from_slice(&buffer[..read]);
        if request[0] == 0x16 {
            // A TLS handshake, which this agent takes for bad HTTP.
            let _ = socket.write_all(&response("400 Bad Request", "", "")).await;
            return;
        }
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.unwrap().parse().unwrap() {
            requests.lock().await.push(text.into_owned());
            break;
        }
    }
    match act {
        Act::Send(bytes) => {
            let _ = socket.write_all(&bytes).await;
        }
        Act::Hold(bytes) => {
            let _ = socket.write_all(&bytes).await;
            std::future::pending().await
        }
        Act::Repeat(bytes) => while socket.write_all(&bytes).await.is_ok() {},
        Act::Close => {}
    }
}

struct Outcome {
    result: Result<Dispatched, AgentError>,
    text: String,
    retries: u64,
}

async fn ask(settings: AgentSettings, message: InboundMessage) -> Outcome {
    let dispatcher = SseDispatcher::new(&HttpSettings::default()).unwrap();
    let request = DispatchRequest {
        turn: TurnId::default(),
        message: message.into(),
        agent: settings.into(),
        history: Vec::new(),
        callback: None,
    };
    let (events, mut received) = mpsc::channel(4);
    let collect = async {
        let mut text = String::new();
        while let Some(event) = received.recv().await {
            match event {
                ReplyEvent::Delta(delta) => text.push_str(&delta),
                ReplyEvent::Media(url) => text.push_str(&format!("<{url}>")),
            }
        }
        text
    };
    let (result, text) = tokio::join!(dispatcher.dispatch(request, events), collect);
    Outcome { result, text, retries: dispatcher.retries() }
}

fn message(text: &str) -> InboundMessage {
    InboundMessage {
        origin: AccountKey::new("demo", "default"),
        session_key: "agent:main:demo:u1".into(),
        message_id: None,
        from: "demo:u1\nX: y".into(),
        chat: Default::default(),
        sender: Default::default(),
        text: text.into(),
        quote: None,
        media: Vec::new(),
        style: Default::default(),
        policy: Default::default(),
    }
}

fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

fn ok(body: &str) -> Act {
    Act::Send(response("200 OK", "content-type: text/event-stream\r\n", body))
}

fn chunk(text: &str) -> String {
    format!("data: {}\n\n", json!({ "choices": [{ "delta": { "content": text } }] }))
}

fn open_stream(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n", body.len())
        .into_bytes()
}

#[tokio::test]
async fn an_answer_and_its_request() {
    let agent =
        Agent::start(vec![ok(&(chunk("hi ") + &chunk("there") + "data: [DONE]\n\n"))]).await;
    let outcome = agent.ask().await;
    assert_eq!(outcome.result.unwrap(), Dispatched::Answered);
    assert_eq!(outcome.text, "hi there");
    let requests = agent.requests.lock().await;
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(head.contains("authorization: Bearer sk-s3cret"), "{head}");
    assert!(head.contains("x-ocg-target: demo:u1X: y\r\n"), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        body,
        json!({ "model": "gpt-4o", "messages": [{ "role": "user", "content": "hi" }],
                "stream": true, "user": "demo:agent:main:demo:u1" })
    );
}

#[tokio::test]
async fn every_failure_has_a_text_for_the_operator_and_one_for_the_user() {
    let status =
        |status: &str, headers: &str, body: &str| Act::Send(response(status, headers, body));
    let message = json!({ "error": { "message": "Incorrect key sk-s3cret, see https://x.example/?k=s3cret" } });
    let cases = [
        ("401 with key", status("401 Unauthorized", "", &message.to_string())),
        ("403", status("403 Forbidden", "", "<html>s3cret</html>")),
        ("404", status("404 Not Found", "", "")),
        ("400", status("400 Bad Request", "", "{\"detail\":[{\"msg\":\"field\\nrequired\"}]}")),
        ("413", status("413 Payload Too Large", "", "")),
        ("429", status("429 Too Many Requests", "", "")),
        ("429 with pause", status("429 Too Many Requests", "retry-after: 90\r\n", "")),
        ("500", status("500 Internal Server Error", "", "{\"error\":\"out of memory\"}")),
        (
            "redirect",
            status(
                "308 Permanent Redirect",
                "location: https://other.example/v1?key=s3cret\r\n",
                "",
            ),
        ),
        ("web page", ok("<!doctype html><title>s3cret</title>")),
        ("empty", ok("")),
        ("JSON of something else", ok("{\"models\":[]}")),
        ("error object", ok("data: {\"error\":{\"message\":\"overloaded, sk-s3cret\"}}\n\n")),
        ("closed at once", Act::Close),
        ("dropped in mid-answer", Act::Send(open_stream(&chunk("half")))),
        ("cut in the middle", ok("{\"choices\":[{\"message\":")),
        ("endless text", Act::Repeat(endless_stream())),
    ];
    let mut report = String::new();
    for (name, act) in cases {
        let agent = Agent::start(vec![act]).await;
        let error = agent.ask().await.result.unwrap_err();
        report += &describe(name, &error, &agent.url);
    }
    insta::assert_snapshot!(report);
}

/// A stream of text, to be sent again and again: the repeated head is a line without meaning.
fn endless_stream() -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    format!("{head}{}", chunk(&"x".repeat(60_000))).into_bytes()
}

fn describe(name: &str, error: &AgentError, url: &Url) -> String {
    let all = format!("{error} {error:?} {}", error.user_text());
    assert!(!all.contains("s3cret"), "{name}: {all}");
    assert!(!error.user_text().contains("127.0.0.1"), "{name}");
    let port = format!(":{}", url.port().unwrap_or_default());
    format!(
        "--- {name}: {:?}, retryable: {}, fault: {}\n{}\n{}\n",
        error.kind,
        error.retryable(),
        error.fault(),
        error.to_string().replace(&port, ":PORT"),
        error.user_text()
    )
}

#[tokio::test]
async fn agents_that_cannot_be_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let plain = Agent::start(vec![Act::Close]).await;
    let plain_port = plain.url.port().unwrap();
    let mut report = String::new();
    for (name, url, port) in [
        ("refused", format!("http://me:s3cret@127.0.0.1:{port}/v1"), port),
        ("no such host", format!("http://agent.invalid:{port}/v1"), port),
        ("no TLS there", format!("https://127.0.0.1:{plain_port}/v1"), plain_port),
    ] {
        let url = Url::parse(&url).unwrap();
        let settings = AgentSettings { url: url.clone(), retries: 0, ..AgentSettings::default() };
        let mut error = ask(settings, message("hi")).await.result.unwrap_err();
        // What the resolver and the TLS library say differs between machines.
        if matches!(error.kind, AgentErrorKind::Dns) {
            let (start, rest) = error.detail.split_once("invalid:").unwrap();
            let (_, end) = rest.split_once(';').unwrap();
            error.detail = format!("{start}HOST;{end}");
        }
        report += &describe(name, &error, &url).replace(&format!(":{port}"), ":PORT");
    }
    insta::assert_snapshot!(report);
}

#[tokio::test]
async fn failures_are_repeated_until_something_was_said() {
    let failure = || Act::Send(response("503 Service Unavailable", "retry-after: 0\r\n", ""));
    let answer = || ok(&(chunk("hi") + "data: [DONE]\n\n"));
    let retrying = |agent: &Agent| AgentSettings { retries: 2, ..agent.settings() };

    let agent = Agent::start(vec![failure(), Act::Close, answer()]).await;
    let outcome = ask(retrying(&agent), message("hi")).await;
    assert_eq!((outcome.result.is_ok(), outcome.text.as_str()), (true, "hi"));
    assert_eq!(outcome.retries, 2);

    let agent = Agent::start(vec![failure()]).await;
    let outcome = ask(retrying(&agent), message("hi")).await;
    assert_eq!(outcome.result.unwrap_err().kind, AgentErrorKind::Status(503));
    assert_eq!(agent.count.load(Ordering::SeqCst), 3);

    let agent = Agent::start(vec![Act::Send(open_stream(&chunk("half"))), answer()]).await;
    let outcome = ask(retrying(&agent), message("hi")).await;
    assert_eq!(outcome.result.unwrap_err().kind, AgentErrorKind::Dropped);
    assert_eq!((outcome.text.as_str(), agent.count.load(Ordering::SeqCst)), ("half", 1));

    let busy = Act::Send(response("429 Too Many Requests", "retry-after: 31\r\n", ""));
    let agent = Agent::start(vec![busy, answer()]).await;
    let error = ask(retrying(&agent), message("hi")).await.result.unwrap_err();
    assert!(error.detail.contains("given up"), "{error}");
    assert_eq!(agent.count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_finished_stream_may_end_in_any_way() {
    let stop = json!({ "choices": [{ "delta": { "content": "!" }, "finish_reason": "stop" }] });
    let finished = chunk("hi") + &format!("data: {stop}\n\n");
    for act in [
        Act::Send(open_stream(&finished)),
        Act::Hold(open_stream(&(finished.clone() + "data: [DONE]\n\n"))),
        ok(&(chunk("hi") + &chunk("!"))),
        ok(&(chunk("hi") + chunk("!").trim_end())),
    ] {
        let agent = Agent::start(vec![act]).await;
        let outcome = agent.ask().await;
        assert!(outcome.result.is_ok(), "{:?}", outcome.result);
        assert_eq!(outcome.text, "hi!");
    }
}

#[tokio::test]
async fn an_agent_that_never_answers_is_given_up() {
    let agent = Agent::start(vec![Act::Hold(Vec::new())]).await;
    let settings = AgentSettings { timeout: Duration::from_millis(200), ..agent.settings() };
    let error = ask(settings, message("hi")).await.result.unwrap_err();
    assert_eq!(error.kind, AgentErrorKind::Timeout);
    assert!(error.detail.contains("agentTimeoutMs"), "{error}");
}

/// Reads an answer that is made of `pieces`, with the pause before each, and then stays open;
/// no socket is involved, so that paused time is exact.
async fn read_slowly(pieces: Vec<(Duration, String)>) -> (Outcome, Duration) {
    let pieces = futures::stream::iter(pieces).then(|(pause, piece)| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, std::io::Error>(piece)
    });
    let body = reqwest::Body::wrap_stream(pieces.chain(futures::stream::pending()));
    let response = reqwest::Response::from(axum::http::Response::new(body));
    let agent = AgentSettings::default();
    let (events, mut received) = mpsc::channel(64);
    let started = tokio::time::Instant::now();
    let result = sse_dispatcher::read_answer(&agent, response, events).await;
    let elapsed = started.elapsed();
    let mut text = String::new();
    while let Some(ReplyEvent::Delta(delta)) = received.recv().await {
        text.push_str(&delta);
    }
    (Outcome { result: result.map(|()| Dispatched::Answered), text, retries: 0 }, elapsed)
}

#[tokio::test(start_paused = true)]
async fn silence_in_mid_answer_ends_in_time() {
    let second = Duration::from_secs(1);
    let (outcome, elapsed) =
        read_slowly(vec![(second, chunk("a")), (119 * second, chunk("b"))]).await;
    let error = outcome.result.unwrap_err();
    assert_eq!((error.kind.clone(), outcome.text.as_str()), (AgentErrorKind::Timeout, "ab"));
    assert!(error.detail.contains("agentIdleTimeoutMs"), "{error}");
    assert_eq!(elapsed.as_secs(), 240);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_end_is_given_up() {
    // Reasoning: never silent, never any text.
    let thought = json!({ "choices": [{ "delta": { "reasoning_content": "hm" } }] });
    let pieces = vec![(Duration::from_secs(1), format!("data: {thought}\n\n")); 1000];
    let (outcome, elapsed) = read_slowly(pieces).await;
    let error = outcome.result.unwrap_err();
    assert!(error.detail.contains("agentTimeoutMs"), "{error}");
    assert_eq!((outcome.text.as_str(), elapsed.as_secs()), ("", 300));
}

#[tokio::test]
async fn everything_a_message_can_carry() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, mime: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        InboundMedia { path, mime: mime.into(), name: Some(name.into()) }
    };
    let jpeg = b"\xff\xd8\xff\xe0 jpeg";
    let mut message = message("look");
    message.quote = Some(Quote { text: "one\ntwo\n".into(), sender: Some("Ann".into()) });
    message.media = vec![
        file("photo", "image/*", jpeg),
        file("wrong.png", "image/png", jpeg),
        file("photo.heic", "image/heic", b"????ftypheic"),
        file("notes.md", "application/octet-stream", "# Grüße".as_bytes()),
        file("big.txt", "text/plain", "ä".repeat(40_000).as_bytes()),
        file("binary.txt", "text/plain", b"a\0b"),
        file("voice.ogg", "audio/ogg", &[0; 3000]),
        InboundMedia { path: dir.path().join("gone"), mime: "video/mp4".into(), name: None },
    ];
    let agent =
        AgentSettings { system_prompt: Some("Be brief.".into()), ..AgentSettings::default() };
    let history = vec![HistoryTurn { user: "q".into(), assistant: "a".into() }];
    let mut request = DispatchRequest {
        turn: TurnId::default(),
        message: message.into(),
        agent: agent.into(),
        history,
        callback: None,
    };
    let body = request::body(&request, true).await.unwrap();
    let mut body: Value = serde_json::from_slice(&body).unwrap();
    let cut = body["messages"][3]["content"][5]["text"].take();
    let cut = cut.as_str().unwrap();
    assert!(cut.ends_with("ä\n[the rest of the file is cut]"), "{}", &cut[cut.len() - 60..]);
    assert!(cut.len() < 66_000);
    insta::assert_json_snapshot!(body);

    let without = AgentSettings { media: false, ..(*request.agent).clone() };
    request.agent = without.into();
    request.history.clear();
    let body: Value =
        serde_json::from_slice(&request::body(&request, false).await.unwrap()).unwrap();
    assert_eq!(body["messages"][1]["content"], "> Ann:\n> one\n> two\n\nlook");
    assert_eq!(body["stream"], false);
}
