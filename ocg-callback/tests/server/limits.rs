//! Bodies, times and rates.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Duration, interval};

use crate::kit::{Running, settings, sign, start};

const REPLY: &str = r#"{"reply": "hello"}"#;

/// The status of a raw answer.
fn status(answer: &str) -> &str {
    answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).unwrap_or(answer)
}

fn head(path: &str, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\n{more}\r\n\r\n")
}

async fn path_and_url(running: &mut Running) -> (String, String) {
    let url = running.asked("hi").await;
    (url.split_once(&running.address.to_string()).unwrap().1.to_owned(), url)
}

#[tokio::test]
async fn a_body_of_two_mebibytes_is_413() {
    let mut running = start(settings()).await;
    let (path, url) = path_and_url(&mut running).await;
    let large = "x".repeat(2 * 1024 * 1024);
    // The server may answer and close while the client still writes.
    if let Ok(response) = running.http.post(&url).body(large).send().await {
        assert_eq!(response.status(), 413);
    }
    let answer = running.raw(head(&path, "content-length: 2097152").as_bytes()).await;
    assert_eq!(status(&answer), "413", "{answer}");
    // One that does not say how long it is.
    let mut chunked = head(&path, "transfer-encoding: chunked").into_bytes();
    let chunk = format!("100001\r\n{}", "x".repeat(0x10_0001));
    chunked.extend(chunk.bytes());
    let answer = running.raw(&chunked).await;
    assert_eq!(status(&answer), "413", "{answer}");
    assert_eq!(running.signed(&url, REPLY).await.0, 200, "the token is still good");
    running.end().await;
}

#[tokio::test]
async fn a_body_that_stays_out_is_408() {
    let mut running = start(settings()).await;
    let (path, url) = path_and_url(&mut running).await;
    let answer = running.raw((head(&path, "content-length: 20") + "{\"re").as_bytes()).await;
    assert_eq!(status(&answer), "408", "{answer}");
    assert_eq!(running.signed(&url, REPLY).await.0, 200, "the token is still good");
    running.end().await;
}

/// A slow loris: there is always a little more.
#[tokio::test]
async fn a_body_that_drips_is_408() {
    let mut running = start(settings()).await;
    let (path, url) = path_and_url(&mut running).await;
    let socket = TcpStream::connect(running.address).await.unwrap();
    let (mut reader, mut writer) = socket.into_split();
    writer.write_all(head(&path, "content-length: 100000").as_bytes()).await.unwrap();
    let drip = async {
        let mut tick = interval(Duration::from_millis(20));
        while writer.write_all(b" ").await.is_ok() {
            tick.tick().await;
        }
    };
    let mut answer = String::new();
    tokio::select! {
        () = drip => {}
        read = reader.read_to_string(&mut answer) => drop(read.unwrap()),
    }
    assert_eq!(status(&answer), "408", "{answer}");
    assert_eq!(running.signed(&url, REPLY).await.0, 200, "the token is still good");
    running.end().await;
}

#[tokio::test]
async fn a_head_that_never_ends_is_hung_up_on() {
    let running = start(settings()).await;
    running.raw(b"POST / HTTP/1.1\r\nhost: x\r\n").await;
    running.end().await;
}

#[tokio::test]
async fn too_many_requests_are_429_wherever_they_go() {
    let running = start(ocg_callback::ServerSettings { rate: 1, ..settings() }).await;
    let callback = running.url(&format!("/ocg/callback/{}", "0".repeat(64)));
    let body = json!({"channel": "test", "to": "ann", "text": "hi"}).to_string();
    let mut refused = None;
    for _ in 0..8 {
        let response = running.post(&callback, Some(&sign(REPLY)), REPLY).await;
        if response.status() == 429 {
            refused = Some(response);
            break;
        }
        assert_eq!(response.status(), 404);
    }
    assert_eq!(refused.expect("eight requests in a moment").headers()["retry-after"], "5");
    let send = running.post(&running.url("/ocg/send"), Some(&sign(&body)), body).await;
    assert_eq!(send.status(), 429);
    assert_eq!(running.http.get(running.url("/hook")).send().await.unwrap().status(), 429);
    running.end().await;
}
