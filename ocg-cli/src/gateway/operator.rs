//! Does what `ocg` commands ask of the running gateway.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use serde_json::{Value, json};

use ocg_core::channel::OutboundMessage;
use ocg_core::gateway::{AccountSnapshot, AccountState, ControlError, GatewayHandle};
use ocg_core::message::AccountKey;
use ocg_core::reply::ReplyPayload;

use crate::context::Context;
use crate::control::{
    AccountReport, CallbackReport, ChannelFailure, GatewayReport, Operator, Refusal, Request,
};
use crate::output::timestamp;

use super::callback::CallbackPort;
use super::ending::{Ending, Next};
use super::reload::Reloader;

/// Steers one gateway.
pub struct GatewayOperator {
    gateway: GatewayHandle,
    context: Arc<Context>,
    reloader: Arc<Reloader>,
    ending: Ending,
    callback_port: CallbackPort,
    log_file: Option<PathBuf>,
    started: SystemTime,
}

impl GatewayOperator {
    /// The operator of `gateway`, which `ending` ends. `reloader` knows its
    /// channels and its configuration.
    pub fn new(
        gateway: GatewayHandle,
        context: Arc<Context>,
        reloader: Arc<Reloader>,
        ending: Ending,
        callback_port: CallbackPort,
        log_file: Option<PathBuf>,
    ) -> Self {
        let started = SystemTime::now();
        Self { gateway, context, reloader, ending, callback_port, log_file, started }
    }

    fn report(&self) -> GatewayReport {
        let status = self.gateway.status();
        let mut failed_channels = Vec::new();
        for channel in &status.channels {
            if let Some(error) = &channel.error {
                let (channel, error) = (channel.id.clone(), error.clone());
                failed_channels.push(ChannelFailure { channel, error });
            }
        }
        let accounts = status.channels.into_iter().flat_map(|channel| channel.accounts);
        GatewayReport {
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            run: self.run(),
            started_at: timestamp(self.started),
            uptime_seconds: self.started.elapsed().unwrap_or_default().as_secs(),
            config_file: self.context.config_file(),
            config: self.reloader.report(),
            log_file: self.log_file.as_ref().map(|file| file.display().to_string()),
            running_turns: status.running_turns,
            waiting_turns: status.waiting_turns,
            callback_server: self.callback_server(),
            store_error: status.store_error,
            accounts: accounts.map(|account| self.account(account)).collect(),
            failed_channels,
        }
    }

    fn callback_server(&self) -> Option<CallbackReport> {
        let address = self.callback_port.address()?;
        let config = self.context.config();
        let callback = &config.settings.callback;
        let told = callback.public_address().ok().filter(|_| self.context.uses_callbacks());
        Some(CallbackReport {
            address: address.to_string(),
            told: told.map(|url| url.to_string().trim_end_matches('/').to_owned()),
            signed: callback.secret.is_some(),
        })
    }

    /// A number that no other run of the gateway has.
    fn run(&self) -> u64 {
        let since = self.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        since.as_micros() as u64
    }

    async fn end(&self, next: Next) -> Result<Value, Refusal> {
        self.ending.begin(next);
        Ok(json!(self.ending.report().await))
    }

    fn account(&self, snapshot: AccountSnapshot) -> AccountReport {
        let agent = self.context.agent_report(&snapshot.key.channel, &snapshot.key.account);
        AccountReport {
            channel: snapshot.key.channel,
            account: snapshot.key.account,
            name: snapshot.name,
            state: state_name(snapshot.state).to_owned(),
            since: timestamp(snapshot.since),
            connected: snapshot.connected,
            last_error: snapshot.last_error,
            last_inbound: snapshot.last_inbound.map(timestamp),
            restarts: snapshot.restarts,
            agent,
        }
    }

    fn accounts_of(&self, channel: &str) -> Vec<String> {
        let channels = self.gateway.status().channels.into_iter();
        channels
            .filter(|one| one.id == channel)
            .flat_map(|one| one.accounts)
            .map(|account| account.key.account)
            .collect()
    }

    /// The account to use when none was named: the only one there is.
    fn only_account(&self, channel: &str) -> Result<String, Refusal> {
        match self.accounts_of(channel).as_slice() {
            [only] => Ok(only.clone()),
            [] if self.gateway.status().channels.iter().all(|one| one.id != channel) => {
                Err(refused(ControlError::UnknownChannel(channel.to_owned())))
            }
            [] => Err(no_account(channel)),
            several => Err(Refusal::new(format!(
                "channel {channel} has several accounts: {}",
                several.join(", ")
            ))
            .hint("name one with --account")),
        }
    }

    async fn send(
        &self,
        channel: &str,
        account: Option<String>,
        to: String,
        payload: ReplyPayload,
        reply_to: Option<String>,
    ) -> Result<Value, Refusal> {
        let account = match account {
            Some(account) => account,
            None => self.only_account(channel)?,
        };
        let message = OutboundMessage { account, to, thread: None, reply_to, payload };
        let receipt = self.gateway.send(channel, message).await.map_err(refused)?;
        Ok(json!({ "messageId": receipt.message_id }))
    }
}

#[async_trait]
impl Operator for GatewayOperator {
    async fn operate(&self, request: Request) -> Result<Value, Refusal> {
        match request {
            Request::Status => serde_json::to_value(self.report())
                .map_err(|error| Refusal::new(format!("cannot report: {error}"))),
            Request::Stop => self.end(Next::Exit).await,
            Request::Reload => Ok(json!(self.reloader.reload().await)),
            Request::Restart => self.end(Next::Restart).await,
            Request::Send { channel, account, to, text, media, reply_to } => {
                let payload = ReplyPayload { text, media, is_error: false };
                self.send(&channel, account, to, payload, reply_to).await
            }
            Request::TellApproved { channel, account, sender } => {
                let account = AccountKey::new(channel, account);
                let told = self.gateway.tell_approved(&account, &sender).await.map_err(refused)?;
                Ok(json!(told))
            }
            Request::StartChannel { channel, account } => {
                self.gateway.start(&channel, account.as_deref()).await.map_err(refused)?;
                if self.accounts_of(&channel).is_empty() {
                    return Err(no_account(&channel));
                }
                Ok(Value::Null)
            }
            Request::StopChannel { channel, account } => {
                self.gateway.stop(&channel, account.as_deref()).await.map_err(refused)?;
                Ok(Value::Null)
            }
            Request::RestartChannel { channel, account } => {
                self.gateway.restart(&channel, account.as_deref()).await.map_err(refused)?;
                if self.accounts_of(&channel).is_empty() {
                    return Err(no_account(&channel));
                }
                Ok(Value::Null)
            }
        }
    }
}

fn no_account(channel: &str) -> Refusal {
    Refusal::new(format!("channel {channel} has no account"))
        .hint(format!("`ocg channels login --channel {channel}` adds one"))
}

fn refused(error: ControlError) -> Refusal {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    Refusal::new(text)
}

fn state_name(state: AccountState) -> &'static str {
    match state {
        AccountState::Starting => "starting",
        AccountState::Running => "running",
        AccountState::Backoff => "backoff",
        AccountState::Stopped => "stopped",
    }
}

#[cfg(test)]
mod tests {
    use ocg_core::config::StateDir;
    use ocg_core::dispatch::SseDispatcher;
    use ocg_core::gateway::Gateway;
    use ocg_core::http::HttpSettings;

    use super::super::ending::EndReport;
    use super::super::fleet::Fleet;
    use super::*;
    use crate::demo::demo_channel;

    /// Runs a gateway with the demo channel and lets `test` operate it.
    async fn operated(test: impl AsyncFnOnce(&GatewayOperator)) {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::new(folder.path(), None);
        let config = r#"{"channels": {"demo": {"model": "m"}}}"#;
        let context = Arc::new(Context::of_text(config, state));
        let (channel, _screen) = demo_channel();
        let gateway = Gateway::builder()
            .settings(context.gateway_settings())
            .dispatcher(Arc::new(SseDispatcher::new(&HttpSettings::default()).unwrap()))
            .channel(Arc::new(channel))
            .build()
            .unwrap();
        let ending = Ending::default();
        let failure = ChannelFailure { channel: "other".into(), error: "no plugin".into() };
        let fleet = Fleet::without_channels(vec![failure]);
        let reloader = Reloader::new(Arc::clone(&context), gateway.handle(), fleet);
        let operator = GatewayOperator::new(
            gateway.handle(),
            context,
            Arc::new(reloader),
            ending.clone(),
            CallbackPort::default(),
            None,
        );
        let run = async {
            let report = gateway.run(ending.token()).await;
            ending.ended(EndReport::from(&report));
        };
        tokio::join!(run, async {
            test(&operator).await;
            let report = operator.operate(Request::Stop).await.unwrap();
            assert_eq!(report, json!({ "answered": 0, "unfinished": 0 }));
        });
    }

    /// Waits until the demo account is in `state`.
    async fn reached(operator: &GatewayOperator, state: &str) -> GatewayReport {
        loop {
            let report = operator.operate(Request::Status).await.unwrap();
            let report: GatewayReport = serde_json::from_value(report).unwrap();
            if report.accounts.iter().any(|account| account.state == state) {
                return report;
            }
            tokio::task::yield_now().await;
        }
    }

    fn demo(account: Option<&str>) -> (String, Option<String>) {
        ("demo".to_owned(), account.map(str::to_owned))
    }

    #[tokio::test]
    async fn accounts_are_reported_stopped_and_started() {
        operated(async |operator| {
            let report = reached(operator, "running").await;
            let account = &report.accounts[0];
            assert_eq!((account.channel.as_str(), account.account.as_str()), ("demo", "default"));
            assert_eq!(account.agent.model.value, "m");
            assert_eq!(account.agent.model.source, "channels.demo");
            assert_eq!(account.agent.url.source, "default");
            assert_eq!(report.failed_channels[0].error, "no plugin");

            let (channel, account) = demo(None);
            operator.operate(Request::StopChannel { channel, account }).await.unwrap();
            reached(operator, "stopped").await;
            let (channel, account) = demo(Some("default"));
            operator.operate(Request::StartChannel { channel, account }).await.unwrap();
            reached(operator, "running").await;
        })
        .await;
    }

    #[tokio::test]
    async fn what_cannot_be_done_is_refused_with_a_reason() {
        operated(async |operator| {
            reached(operator, "running").await;
            let send = |channel: &str| Request::Send {
                channel: channel.to_owned(),
                account: None,
                to: "you".into(),
                text: "Hello".into(),
                media: Vec::new(),
                reply_to: None,
            };
            let (channel, account) = demo(Some("nobody"));
            let requests = [
                Request::StartChannel { channel, account },
                Request::StartChannel { channel: "pigeon".into(), account: None },
                send("demo"),
                send("pigeon"),
            ];
            let mut refusals = Vec::new();
            for request in requests {
                refusals.push(operator.operate(request).await.unwrap_err().to_string());
            }
            insta::assert_snapshot!(refusals.join("\n"));
        })
        .await;
    }
}
