//! What an agent answers: a status, headers, and a list of steps. Every way of answering, good or
//! bad, is made of these.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::gate::Gate;

/// One step of an answer's body.
#[derive(Debug, Clone)]
pub enum Step {
    /// Sends bytes in a network write of their own.
    Send(Bytes),
    /// Waits.
    Pause(Duration),
    /// Waits until the test opens the gate.
    Hold(Gate),
    /// Says nothing more, with the connection open.
    Silence,
    /// Breaks the connection.
    Drop,
    /// Sends the same bytes for ever.
    Forever(Bytes),
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    /// Waits that happen before the status is sent.
    pub(super) before: Vec<Step>,
    pub(super) body: Vec<Step>,
}

impl Answer {
    /// A body of one piece.
    pub fn raw(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, before: Vec::new(), body: vec![Step::Send(body.into())] }
    }

    /// An event stream with exactly these bytes.
    pub fn sse(bytes: impl Into<Bytes>) -> Self {
        Self::raw(200, "text/event-stream", bytes)
    }

    /// A well-formed stream of `tokens`.
    pub fn tokens<T: AsRef<str>>(tokens: impl IntoIterator<Item = T>) -> Self {
        let mut answer = Self::sse("");
        answer.body = tokens.into_iter().map(|t| Step::Send(token(t.as_ref()).into())).collect();
        answer.body.push(Step::Send(Bytes::from_static(END)));
        answer
    }

    /// A well-formed stream of `text`, in tokens of a few characters, all in one write.
    pub fn text(text: &str) -> Self {
        Self::sse(stream_of(text))
    }

    /// A chat completion in one JSON object.
    pub fn json(body: &Value) -> Self {
        Self::raw(200, "application/json", body.to_string())
    }

    /// A complete chat completion that says `text`.
    pub fn completion(text: &str) -> Self {
        Self::json(&json!({
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        }))
    }

    /// An error status with an OpenAI-style error object.
    pub fn error(status: u16, message: &str) -> Self {
        let body = json!({"error": {"message": message, "type": "error", "code": null}});
        Self::raw(status, "application/json", body.to_string())
    }

    /// A stream that says `text` and then reports an error.
    pub fn error_in_stream(text: &str, message: &str) -> Self {
        let error = json!({"error": {"message": message, "type": "server_error"}});
        Self::sse(format!("{}data: {error}\n\n", token(text)))
    }

    /// A web page.
    pub fn html() -> Self {
        Self::raw(
            200,
            "text/html; charset=utf-8",
            "<!doctype html><title>Sign in</title><p>Sign in",
        )
    }

    /// A stream that breaks after `text`.
    pub fn dropped_after(text: &str) -> Self {
        Self::sse(token(text)).then(Step::Drop)
    }

    /// A stream that falls silent after `text`.
    pub fn silent_after(text: &str) -> Self {
        Self::sse(token(text)).then(Step::Silence)
    }

    /// A stream that never ends.
    pub fn endless(text: &str) -> Self {
        let mut answer = Self::sse("");
        answer.body = vec![Step::Forever(token(text).into())];
        answer
    }

    /// A stream of about `bytes` bytes of text.
    pub fn huge(bytes: usize) -> Self {
        let line = token(&"x".repeat(64 * 1024));
        let mut answer = Self::sse("");
        let count = bytes.div_ceil(64 * 1024);
        answer.body = vec![Step::Send(Bytes::from(line)); count];
        answer.then(Step::Send(Bytes::from_static(END)))
    }

    /// No answer at all: the connection closes.
    pub fn hang_up() -> Self {
        let mut answer = Self::sse("");
        answer.before = vec![Step::Drop];
        answer
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds `Retry-After` in seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header("retry-after", &seconds.to_string())
    }

    /// Adds a step to the body.
    pub fn then(mut self, step: Step) -> Self {
        self.body.push(step);
        self
    }

    /// Waits before anything is sent.
    pub fn after(mut self, delay: Duration) -> Self {
        self.before.push(Step::Pause(delay));
        self
    }

    /// Sends nothing until the gate is open.
    pub fn behind(mut self, gate: &Gate) -> Self {
        self.before.push(Step::Hold(gate.clone()));
        self
    }

    /// Cuts the body into network writes at these byte positions.
    pub fn cut_at(mut self, positions: &[usize]) -> Self {
        let whole: Vec<u8> = self.bytes();
        let mut cuts: Vec<usize> = positions.iter().copied().filter(|p| *p < whole.len()).collect();
        cuts.push(whole.len());
        cuts.sort_unstable();
        let mut start = 0;
        self.body.clear();
        for cut in cuts {
            if cut > start {
                self.body.push(Step::Send(Bytes::copy_from_slice(&whole[start..cut])));
                start = cut;
            }
        }
        self
    }

    /// Sends every byte in a network write of its own.
    pub fn byte_by_byte(self) -> Self {
        let length = self.bytes().len();
        self.cut_at(&(0..length).collect::<Vec<_>>())
    }

    /// The bytes of the body.
    pub fn bytes(&self) -> Vec<u8> {
        let pieces = self.body.iter().filter_map(|step| match step {
            Step::Send(bytes) => Some(bytes.as_ref()),
            _ => None,
        });
        pieces.collect::<Vec<_>>().concat()
    }
}

const END: &[u8] = b"data: [DONE]\n\n";

/// One event of a chat completion stream.
fn token(text: &str) -> String {
    let chunk = json!({
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}],
    });
    format!("data: {chunk}\n\n")
}

fn stream_of(text: &str) -> Vec<u8> {
    const TOKEN: usize = 24;
    let characters: Vec<char> = text.chars().collect();
    let mut bytes = Vec::new();
    for piece in characters.chunks(TOKEN) {
        bytes.extend(token(&piece.iter().collect::<String>()).into_bytes());
    }
    bytes.extend_from_slice(END);
    bytes
}
