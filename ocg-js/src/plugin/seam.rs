//! What a plugin asks of the gateway.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use ocg_core::admit::{PairingError, PairingStore};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::host::PluginHost;
use super::http_routes::IsolateRoutes;
use super::login::LoginSession;
use super::route::Route;
use super::sink::PluginSink;
use super::wire::{self, AccountRef, PairingAsked, ReportedStatus, SubmittedTurn};
use crate::isolate::{Host, HostError};

/// The host side of one isolate.
pub(super) struct Seam {
    host: Weak<PluginHost>,
    person: Option<Arc<LoginSession>>,
    routes: Arc<IsolateRoutes>,
}

impl Seam {
    pub(super) fn new(
        host: Weak<PluginHost>,
        person: Option<Arc<LoginSession>>,
        routes: Arc<IsolateRoutes>,
    ) -> Self {
        Self { host, person, routes }
    }

    fn host(&self) -> Result<Arc<PluginHost>, HostError> {
        self.host.upgrade().ok_or_else(|| HostError::new("the gateway is stopping"))
    }

    async fn submit(&self, mut turn: SubmittedTurn) -> Result<Value, HostError> {
        let host = self.host()?;
        let key = turn.origin();
        let link = host
            .links()
            .get(&key)
            .ok_or_else(|| HostError::new(format!("account {key} is not running")))?;
        let isolate = host
            .live_isolate()
            .await
            .ok_or_else(|| HostError::new("the isolate of this turn has ended"))?;
        let turn_id = turn.turn;
        let policy = host.sender_policy(&key, turn.take_announced_policy());
        let message = turn.into_message(policy);
        let sink = PluginSink { host, isolate, turn: turn_id, route: Route::of(&message) };
        Ok(wire::admission(&link.submit(message, Box::new(sink)).await))
    }
}

fn refused(error: PairingError) -> HostError {
    HostError::new(error.to_string())
}

fn read<T: DeserializeOwned>(op: &str, args: Value) -> Result<T, HostError> {
    serde_json::from_value(args).map_err(|error| HostError::new(format!("{op}: {error}")))
}

#[async_trait]
impl Host for Seam {
    async fn call(&self, op: &str, args: Value) -> Result<Value, HostError> {
        match op {
            "turn.submit" => self.submit(read(op, args)?).await,
            "config.write" => {
                let (before, after) = (&args["before"], &args["after"]);
                self.host()?
                    .write_config(before, after)
                    .map(|()| Value::Null)
                    .map_err(|error| HostError::new(error.to_string()))
            }
            "login.ask" => match &self.person {
                Some(person) => person.ask(args).await,
                None => Err(HostError::new("nobody is there to answer questions")),
            },
            "pairing.allowed" => {
                let account: AccountRef = read(op, args)?;
                let allowed = self.host()?.pairing().allowed(&account.key()).await;
                allowed.map(|senders| json!(senders)).map_err(refused)
            }
            "pairing.upsert" => {
                let request: PairingAsked = read(op, args)?;
                let PairingAsked { account, sender, meta } = request;
                let challenge = self.host()?.pairing().upsert(&account.key(), &sender, meta).await;
                challenge
                    .map(|one| json!({ "code": one.code, "created": one.created }))
                    .map_err(refused)
            }
            _ => Err(HostError::new(format!("unknown host operation {op}"))),
        }
    }

    fn call_sync(&self, op: &str, args: Value) -> Result<Value, HostError> {
        match op {
            "route.add" => self.routes.add(read(op, args)?).map(|()| Value::Null),
            "route.remove" => {
                self.routes.remove(&read(op, args)?);
                Ok(Value::Null)
            }
            _ => self.host()?.state_call(op, args),
        }
    }

    fn notify(&self, op: &str, args: Value) {
        match op {
            "account.status" => match read::<ReportedStatus>(op, args) {
                Ok(status) => {
                    let link = self.host().ok().and_then(|host| host.links().get(&status.key()));
                    if let Some(link) = link {
                        link.status(status.patch());
                    }
                }
                Err(error) => tracing::warn!(target: "ocg::plugin", %error, "status ignored"),
            },
            "login.qr" => {
                if let (Some(person), Some(link)) = (&self.person, args["link"].as_str()) {
                    person.terminal.show_code(link, args["message"].as_str().unwrap_or_default());
                }
            }
            _ => tracing::warn!(target: "ocg::plugin", op, "unknown notification ignored"),
        }
    }

    fn stdout(&self, text: &str) {
        match &self.person {
            Some(person) => person.terminal.print(text),
            None => tracing::info!(target: "ocg::plugin", "{}", text.trim_end()),
        }
    }

    fn stderr(&self, text: &str) {
        match &self.person {
            Some(person) => person.terminal.print(text),
            None => tracing::warn!(target: "ocg::plugin", "{}", text.trim_end()),
        }
    }
}
