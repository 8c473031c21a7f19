//! The server side of WebSocket (RFC 6455) on top of [`crate::http`].

use futures::{SinkExt, StreamExt};
use hyper::http::request::Parts;
use hyper::upgrade::Upgraded;
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use crate::http::{self, Reply};

/// A connection that carries JSON texts.
#[derive(Debug)]
pub struct Socket(WebSocketStream<TokioIo<Upgraded>>);

impl Socket {
    /// The next text as JSON (null if it is none); nothing once the peer is gone.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => {
                    return Some(serde_json::from_str(&text).unwrap_or_default());
                }
                Ok(Message::Binary(_)) => return Some(Value::Null),
                // Answered below.
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
                Ok(Message::Close(_)) | Err(_) => return None,
            }
        }
    }

    /// Sends JSON as one text. A peer that is gone shows in [`Self::next`].
    pub async fn send(&mut self, value: &Value) {
        let _ = self.0.send(Message::text(value.to_string())).await;
    }

    /// Closes with a code, and waits until the peer has closed, too.
    pub async fn close(mut self, code: u16, reason: &str) {
        let frame = CloseFrame { code: CloseCode::from(code), reason: reason.to_owned().into() };
        let _ = self.0.close(Some(frame)).await;
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

/// Accepts a WebSocket handshake, after which `session` runs; anything else gets status 400.
pub fn accept<F>(parts: Parts, session: impl FnOnce(Socket) -> F + Send + 'static) -> Reply
where
    F: Future<Output = ()> + Send,
{
    let mut request = Request::from_parts(parts, ());
    let text = |name: header::HeaderName| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let key = text(header::SEC_WEBSOCKET_KEY);
    let asks = text(header::UPGRADE).eq_ignore_ascii_case("websocket");
    if !asks || key.is_empty() || text(header::SEC_WEBSOCKET_VERSION) != "13" {
        return http::reply(400, "text/plain", "not a WebSocket handshake");
    }
    let mut reply = http::reply(101, "text/plain", "");
    let headers = reply.headers_mut();
    headers.clear();
    headers.insert(header::UPGRADE, header::HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, header::HeaderValue::from_static("Upgrade"));
    let accepted = derive_accept_key(key.as_bytes()).parse().unwrap();
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accepted);
    let upgrade = hyper::upgrade::on(&mut request);
    http::switch(reply, async move {
        // An error is the peer going away before the switch.
        let Ok(upgraded) = upgrade.await else { return };
        let io = TokioIo::new(upgraded);
        let stream = WebSocketStream::from_raw_socket(io, Role::Server, None).await;
        session(Socket(stream)).await;
    })
}
