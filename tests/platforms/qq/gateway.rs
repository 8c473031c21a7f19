//! The gateway: events over WebSocket, in a session that outlives its connection.

use std::time::Duration;

use serde_json::{Value, json};

use super::server::Service;
use super::state::State;
use super::token;
use crate::websocket::Socket;

/// A session: what happened in it can be asked for again by resuming it.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// Events in order; the first has number 1.
    pub events: Vec<(&'static str, Value)>,
    /// May no longer be resumed.
    pub over: bool,
}

/// What the platform does to the live connection on request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// The connection breaks without a word.
    Drop,
    /// Closes with a code.
    Close(u16),
    /// Asks the bot to reconnect (op 7).
    Reconnect,
    /// Tells that the session is over (op 9).
    Invalidate,
}

/// Everything that bots may ask to be told: guilds, members, direct messages, groups and users,
/// interactions, audits, forums, audio, public guild messages.
const KNOWN_INTENTS: u64 = 1
    | 1 << 1
    | 1 << 9
    | 1 << 10
    | 1 << 12
    | 1 << 25
    | 1 << 26
    | 1 << 27
    | 1 << 28
    | 1 << 29
    | 1 << 30;

/// Serves one connection until either side ends it.
pub(super) async fn serve(service: Service, mut socket: Socket) {
    let interval = service.state.read(|s| s.settings.heartbeat);
    let millis = u64::try_from(interval.as_millis()).unwrap();
    socket.send(&json!({"op": 10, "d": {"heartbeat_interval": millis}})).await;
    let Ok(Some(hello)) = tokio::time::timeout(Duration::from_secs(10), socket.next()).await else {
        return;
    };
    let opened = service.state.change(|s| open(s, &hello));
    let Link { number, session, mut told } = match opened {
        Ok(link) => link,
        Err(Rejection::Invalid) => {
            socket.send(&json!({"op": 9, "d": false})).await;
            return socket.close(4009, "session timed out").await;
        }
        Err(Rejection::Close(code, reason)) => {
            if code != 4004 {
                violation(&service, reason);
            }
            return socket.close(code, reason).await;
        }
    };
    loop {
        enum Next {
            Replaced,
            Order(Order),
            Event(usize, &'static str, Value),
        }
        let next = service.state.when(|s| {
            if s.live != Some(number) {
                return Some(Next::Replaced);
            }
            if let Some(order) = s.orders.front() {
                return Some(Next::Order(order.clone()));
            }
            let (kind, data) = s.sessions[&session].events.get(told)?;
            Some(Next::Event(told + 1, kind, data.clone()))
        });
        tokio::select! {
            next = next => match next {
                Next::Replaced => return socket.close(4009, "another connection").await,
                Next::Event(sequence, kind, data) => {
                    told = sequence;
                    socket.send(&json!({"op": 0, "s": sequence, "t": kind, "d": data})).await;
                }
                Next::Order(order) => {
                    service.state.change(|s| {
                        s.orders.pop_front();
                        s.live = None;
                        if order == Order::Invalidate {
                            s.sessions.get_mut(&session).unwrap().over = true;
                        }
                    });
                    match order {
                        Order::Drop => return,
                        Order::Close(code) => return socket.close(code, "on request").await,
                        Order::Reconnect => socket.send(&json!({"op": 7, "d": null})).await,
                        Order::Invalidate => socket.send(&json!({"op": 9, "d": false})).await,
                    }
                    while socket.next().await.is_some() {}
                    return;
                }
            },
            message = tokio::time::timeout(interval * 3, socket.next()) => match message {
                Ok(Some(message)) => heartbeat(&service, &mut socket, &message, told).await,
                Ok(None) => break,
                Err(_) => {
                    violation(&service, "no heartbeat");
                    service.state.change(|s| s.live = None);
                    return socket.close(4009, "no heartbeat").await;
                }
            },
        }
    }
    service.state.change(|s| {
        if s.live == Some(number) {
            s.live = None;
        }
    });
}

async fn heartbeat(service: &Service, socket: &mut Socket, message: &Value, told: usize) {
    let sequence = message["d"].as_u64();
    if message["op"] != 1 || sequence.is_some_and(|sequence| sequence > told as u64) {
        return violation(service, &format!("not a heartbeat after event {told}: {message}"));
    }
    service.state.change(|s| s.heartbeats += 1);
    socket.send(&json!({"op": 11})).await;
}

fn violation(service: &Service, what: &str) {
    service.calls.change(|c| c.violations.push(format!("gateway: {what}")));
}

struct Link {
    number: u64,
    session: String,
    /// Number of the last event that the bot knows.
    told: usize,
}

enum Rejection {
    /// The session cannot be resumed.
    Invalid,
    Close(u16, &'static str),
}

/// Begins or resumes a session.
fn open(state: &mut State, hello: &Value) -> Result<Link, Rejection> {
    let data = &hello["d"];
    let proof = data["token"].as_str().unwrap_or_default();
    let known = |op: u64| hello["op"].as_u64() == Some(op);
    if !known(2) && !known(6) {
        return Err(Rejection::Close(4001, "neither identify nor resume"));
    }
    if !token::is_valid(state, proof) {
        return Err(Rejection::Close(4004, "invalid token"));
    }
    let number = state.id();
    if known(6) {
        let session = data["session_id"].as_str().unwrap_or_default().to_owned();
        let told = data["seq"].as_u64().and_then(|seq| usize::try_from(seq).ok());
        let found = state.sessions.get_mut(&session).filter(|session| !session.over);
        let (Some(found), Some(told)) = (found, told) else { return Err(Rejection::Invalid) };
        if told > found.events.len() {
            return Err(Rejection::Close(4007, "seq was never given out"));
        }
        found.events.push(("RESUMED", json!("")));
        state.resumed += 1;
        state.current = Some(session.clone());
        state.live = Some(number);
        return Ok(Link { number, session, told });
    }
    match data["intents"].as_u64() {
        Some(intents) if intents & !KNOWN_INTENTS == 0 && intents != 0 => {}
        _ => return Err(Rejection::Close(4013, "unknown intents")),
    }
    if data["shard"] != json!([0, 1]) {
        return Err(Rejection::Close(4010, "invalid shard"));
    }
    let session = format!("session-{number}");
    let ready = json!({
        "version": 1, "session_id": session, "shard": [0, 1],
        "user": {"id": state.settings.app_id, "username": "bot", "bot": true},
    });
    let begun = Session { events: vec![("READY", ready)], over: false };
    state.sessions.insert(session.clone(), begun);
    state.identified += 1;
    state.current = Some(session.clone());
    state.live = Some(number);
    Ok(Link { number, session, told: 0 })
}
