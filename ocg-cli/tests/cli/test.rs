//! `ocg test`: the pipeline and the configured agent, well and ill.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use crate::assert_seen;
use crate::sandbox::Sandbox;

/// An agent that gives every request the same bytes and closes.
struct CannedAgent {
    url: String,
    _serving: JoinHandle<()>,
}

impl CannedAgent {
    fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1/chat/completions", listener.local_addr().unwrap());
        let serving = std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                // Each request is one small JSON object after the headers.
                while !complete(&request) {
                    match connection.read(&mut buffer) {
                        Ok(0) | Err(_) => break,
                        Ok(read) => request.extend_from_slice(&buffer[..read]),
                    }
                }
                let _ = connection.write_all(&answer);
            }
        });
        Self { url, _serving: serving }
    }

    fn sandbox(&self) -> Sandbox {
        Sandbox::with_config(format!(
            r#"{{"agentUrl": "{}", "apiKey": "sk-secret-key", "agentRetries": 0}}"#,
            self.url
        ))
    }
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn response(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

fn tested(answer: String) -> String {
    let seen = CannedAgent::answering(answer).sandbox().run(&["test"]);
    assert!(!seen.contains("sk-secret-key"), "a secret is printed: {seen}");
    seen
}

#[test]
fn the_pipeline_alone_needs_no_agent() {
    assert_seen!(Sandbox::new().run(&["test", "--offline"]));
}

#[test]
fn an_agent_that_streams_is_fine() {
    let stream = "data: {\"choices\":[{\"delta\":{\"content\":\"All \"}}]}\n\n\
                  data: {\"choices\":[{\"delta\":{\"content\":\"good.\"}}]}\n\n\
                  data: [DONE]\n\n";
    assert_seen!(tested(response("200 OK", "text/event-stream", stream)));
}

#[test]
fn an_agent_that_answers_json_is_fine() {
    let body = r#"{"choices":[{"message":{"role":"assistant","content":"All good."}}]}"#;
    assert_seen!(tested(response("200 OK", "application/json", body)));
}

#[test]
fn nobody_listens() {
    let sandbox =
        Sandbox::with_config(r#"{"agentUrl": "http://127.0.0.1:1/v1", "agentRetries": 0}"#);
    assert_seen!(sandbox.run(&["test"]));
}

#[test]
fn the_key_is_wrong() {
    let body = r#"{"error":{"message":"Incorrect API key provided: sk-secret-key"}}"#;
    assert_seen!(tested(response("401 Unauthorized", "application/json", body)));
}

#[test]
fn the_path_is_wrong() {
    assert_seen!(tested(response("404 Not Found", "text/plain", "404 page not found")));
}

#[test]
fn the_model_is_unknown() {
    let body = r#"{"error":{"message":"model 'gpt-4o' not found"}}"#;
    assert_seen!(tested(response("400 Bad Request", "application/json", body)));
}

#[test]
fn the_quota_is_used_up() {
    let body = r#"{"error":{"message":"quota exceeded"}}"#;
    assert_seen!(tested(response("429 Too Many Requests", "application/json", body)));
}

#[test]
fn the_agent_is_broken() {
    assert_seen!(tested(response("500 Internal Server Error", "text/plain", "oops")));
}

#[test]
fn a_web_page_is_no_agent() {
    let page = "<!doctype html><title>Welcome</title>";
    assert_seen!(tested(response("200 OK", "text/html", page)));
}

#[test]
fn the_agent_breaks_off() {
    let half = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\n\r\n\
                data: {\"choices\":[{\"delta\":{\"content\":\"All \"}}]}\n\n";
    assert_seen!(tested(half.to_owned()));
}

#[test]
fn an_error_in_the_stream() {
    let stream = "data: {\"error\":{\"message\":\"the model is overloaded\"}}\n\n";
    assert_seen!(tested(response("200 OK", "text/event-stream", stream)));
}

#[test]
fn something_that_is_not_http() {
    assert_seen!(tested("SSH-2.0-OpenSSH_9.6\r\n".to_owned()));
}

#[test]
fn a_host_that_does_not_exist() {
    let sandbox = Sandbox::with_config(
        r#"{"agentUrl": "http://agent.invalid/v1/chat/completions", "agentRetries": 0}"#,
    );
    assert_seen!(sandbox.run(&["test"]));
}

#[test]
fn tls_where_there_is_none() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let _ = connection.unwrap().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let sandbox = Sandbox::with_config(format!(r#"{{"agentUrl": "{url}", "agentRetries": 0}}"#));
    assert_seen!(sandbox.run(&["test"]));
}
