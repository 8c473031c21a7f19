//! An agent that repeats what it is told, over the same HTTP as a real one.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use ocg_core::dispatch::AgentSettings;

const PATH: &str = "/v1/chat/completions";
/// However long an answer is, it takes no longer than this.
const LONGEST: Duration = Duration::from_secs(2);
/// It answers at once: whoever waits this long has met a bug.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A running echo agent on a free port of the loopback address.
pub struct EchoAgent {
    address: SocketAddr,
    stop: CancellationToken,
    server: JoinHandle<io::Result<()>>,
}

impl EchoAgent {
    /// Starts it; it waits for up to `pause` between two words.
    ///
    /// # Errors
    /// The loopback address has no free port.
    pub async fn start(pause: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let router = Router::new().route(PATH, post(answer)).with_state(pause);
        let server = tokio::spawn(
            axum::serve(listener, router)
                .with_graceful_shutdown(stop.clone().cancelled_owned())
                .into_future(),
        );
        Ok(Self { address, stop, server })
    }

    /// How the gateway reaches it.
    pub fn settings(&self) -> AgentSettings {
        let url = Url::parse(&format!("http://{}{PATH}", self.address))
            .expect("a socket address and a constant path make a URL");
        AgentSettings {
            url,
            model: "echo".into(),
            timeout: TIMEOUT,
            idle_timeout: TIMEOUT,
            retries: 0,
            ..AgentSettings::default()
        }
    }

    /// Ends it; answers that are being given are finished first.
    pub async fn stop(self) {
        self.stop.cancel();
        let _ = self.server.await;
    }
}

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    stream: bool,
    messages: Vec<ChatMessage>,
}

#[derive(Deserialize)]
struct ChatMessage {
    role: String,
    content: Value,
}

async fn answer(State(pause): State<Duration>, Json(request): Json<Completion>) -> Response {
    let asked = request.messages.iter().rev().find(|message| message.role == "user");
    let Some(text) = asked.map(|message| plain_text(&message.content)) else {
        let error =
            json!({"error": {"message": "no user message", "type": "invalid_request_error"}});
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    };
    let reply = format!("You said: {text}");
    if request.stream {
        Sse::new(stream_words(reply, pause)).into_response()
    } else {
        let message = json!({"role": "assistant", "content": reply});
        Json(json!({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}))
            .into_response()
    }
}

/// Content is a string, or a list of parts of which some are text.
fn plain_text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}

fn stream_words(reply: String, pause: Duration) -> impl Stream<Item = Result<Event, Infallible>> {
    let words: Vec<String> =
        reply.split_inclusive(char::is_whitespace).map(str::to_owned).collect();
    let pause = pause.min(LONGEST / u32::try_from(words.len().max(1)).unwrap_or(u32::MAX));
    let chunks = stream::iter(words).then(move |word| async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        chunk(json!({"content": word}), Value::Null)
    });
    let end = [chunk(json!({}), json!("stop")), Event::default().data("[DONE]")];
    chunks.chain(stream::iter(end)).map(Ok)
}

fn chunk(delta: Value, finish_reason: Value) -> Event {
    let choice = json!({"index": 0, "delta": delta, "finish_reason": finish_reason});
    let body = json!({"object": "chat.completion.chunk", "choices": [choice]});
    Event::default().data(body.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_text_are_joined_and_images_left_out() {
        let content = json!([
            {"type": "text", "text": "look"},
            {"type": "image_url", "image_url": {"url": "data:,"}},
            {"type": "text", "text": "here"},
        ]);
        assert_eq!(plain_text(&content), "look\nhere");
    }
}
