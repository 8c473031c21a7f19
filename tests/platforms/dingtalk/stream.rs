//! The stream: callbacks over WebSocket, sent again until they are acknowledged.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::server::Service;
use super::state::State;
use crate::websocket::Socket;

/// Topic of messages to the robot.
pub(super) const TOPIC: &str = "/v1.0/im/bot/messages/get";

/// A callback on its way.
#[derive(Debug)]
pub(super) struct Callback {
    /// Id of this delivery; a redelivery keeps it.
    pub message_id: String,
    pub data: Value,
    /// When it was last sent, and how often.
    pub sent: Option<Instant>,
    pub deliveries: usize,
    pub acknowledged: bool,
    /// Acknowledgements for it that the platform shall overlook.
    pub overlook: usize,
}

/// How a callback fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// How often it was sent.
    pub deliveries: usize,
    /// Whether the bot acknowledged it.
    pub acknowledged: bool,
}

/// What the platform does to the live connection on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The connection breaks without a word.
    Drop,
    /// The platform announces the end of the connection and closes it.
    Disconnect,
}

/// Serves one connection until either side ends it.
pub(super) async fn serve(service: Service, mut socket: Socket) {
    let (number, ping) = service.state.change(|s| {
        s.connected += 1;
        let number = s.id();
        s.live = Some(number);
        (number, s.settings.ping)
    });
    let mut pings = tokio::time::interval(ping);
    let mut unanswered: Option<Value> = None;
    loop {
        let due = service.state.read(next_redelivery);
        let redelivery = async {
            match due {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let orders = service.state.when(|s| {
            if s.live != Some(number) {
                return Some(None);
            }
            s.orders.front().copied().map(Some)
        });
        let news = service.state.when(|s| s.callbacks.iter().any(is_due(s)).then_some(()));
        tokio::select! {
            order = orders => {
                service.state.change(|s| s.orders.pop_front());
                match order {
                    Some(Order::Drop) => break,
                    Some(Order::Disconnect) => {
                        socket.send(&system("disconnect", &json!({"reason": "persistent connection is timeout"}), "0")).await;
                        service.state.change(|s| s.live = None);
                        return socket.close(1000, "disconnect").await;
                    }
                    // A newer connection has taken over.
                    None => return socket.close(1000, "replaced").await,
                }
            }
            () = news => deliver(&service, &mut socket).await,
            () = redelivery => {}
            _ = pings.tick() => {
                if unanswered.is_some() {
                    violation(&service, "a ping was not answered");
                    break;
                }
                let id = service.state.change(State::id).to_string();
                let frame = system("ping", &json!({"opaque": id}), &id);
                socket.send(&frame).await;
                unanswered = Some(frame);
            }
            message = socket.next() => match message {
                Some(message) => answered(&service, &message, &mut unanswered),
                None => break,
            },
        }
    }
    service.state.change(|s| {
        if s.live == Some(number) {
            s.live = None;
        }
    });
}

fn is_due(state: &State) -> impl Fn(&Callback) -> bool + use<> {
    let redelivery = state.settings.redelivery;
    move |callback| {
        !callback.acknowledged && callback.sent.is_none_or(|sent| sent.elapsed() >= redelivery)
    }
}

fn next_redelivery(state: &State) -> Option<Instant> {
    let open = state.callbacks.iter().filter(|callback| !callback.acknowledged);
    open.filter_map(|callback| callback.sent).min().map(|sent| sent + state.settings.redelivery)
}

async fn deliver(service: &Service, socket: &mut Socket) {
    let frames: Vec<Value> = service.state.change(|s| {
        let is_due = is_due(s);
        let due = s.callbacks.iter_mut().filter(|callback| is_due(callback));
        due.map(|callback| {
            callback.sent = Some(Instant::now());
            callback.deliveries += 1;
            json!({
                "specVersion": "1.0",
                "type": "CALLBACK",
                "headers": {
                    "appId": "app-1", "connectionId": "connection-1",
                    "contentType": "application/json", "time": "1767225600000",
                    "messageId": callback.message_id, "topic": TOPIC,
                },
                "data": callback.data.to_string(),
            })
        })
        .collect()
    });
    for frame in &frames {
        socket.send(frame).await;
    }
}

fn system(topic: &str, data: &Value, id: &str) -> Value {
    json!({
        "specVersion": "1.0",
        "type": "SYSTEM",
        "headers": {"contentType": "application/json", "messageId": id, "time": "1767225600000", "topic": topic},
        "data": data.to_string(),
    })
}

/// A frame from the bot: the answer to a ping, or an acknowledgement.
fn answered(service: &Service, message: &Value, unanswered: &mut Option<Value>) {
    let id = message["headers"]["messageId"].as_str().unwrap_or_default();
    if message["code"] != 200 || !message["data"].is_string() {
        return violation(service, &format!("not an answer: {message}"));
    }
    if let Some(ping) = unanswered.take_if(|ping| ping["headers"]["messageId"] == id) {
        if message["data"] != ping["data"] {
            violation(service, "a pong with other data");
        }
        return service.state.change(|s| s.pongs += 1);
    }
    let known = service.state.change(|s| {
        let callback = s.callbacks.iter_mut().find(|callback| callback.message_id == id);
        let known = callback.is_some();
        if let Some(callback) = callback {
            if callback.overlook > 0 {
                callback.overlook -= 1;
            } else {
                callback.acknowledged = true;
            }
        }
        known
    });
    if !known {
        violation(service, &format!("an answer to nothing: {message}"));
    }
}

fn violation(service: &Service, what: &str) {
    service.calls.change(|c| c.violations.push(format!("stream: {what}")));
}
