//! A turn's way back through the plugin that handed the message over.

use std::sync::Arc;

use async_trait::async_trait;
use ocg_core::error::Fault;
use ocg_core::reply::{DeliverError, ReplyKind, ReplyPayload, ReplySink, TurnOutcome};
use serde_json::json;

use super::host::PluginHost;
use super::route::Route;
use super::wire::{self, DeliveryReport};
use crate::isolate::Isolate;

/// Delivers into a turn that lives in an isolate.
///
/// If that isolate dies before the turn is over, what is left goes through the channel's outbound
/// adapter in the next one: a plugin that crashes loses no reply.
pub(super) struct PluginSink {
    pub(super) host: Arc<PluginHost>,
    pub(super) isolate: Isolate,
    pub(super) turn: u64,
    pub(super) route: Route,
}

impl PluginSink {
    fn error(&self, reason: String, retryable: bool) -> DeliverError {
        let fault = if self.isolate.is_closed() { Fault::Plugin } else { Fault::Platform };
        DeliverError { target: self.route.to.clone(), reason, fault, retryable }
    }
}

#[async_trait]
impl ReplySink for PluginSink {
    async fn deliver(
        &mut self,
        payload: ReplyPayload,
        kind: ReplyKind,
    ) -> Result<(), DeliverError> {
        if self.isolate.is_closed() {
            return self.host.send(&self.route, &payload).await.map(|_| ());
        }
        let args = json!({
            "turn": self.turn,
            "payload": wire::payload(&payload),
            "kind": wire::kind(kind),
        });
        let report = self
            .isolate
            .call("turn.deliver", args)
            .await
            .map_err(|error| self.error(error.to_string(), self.isolate.is_closed()))?;
        let report: DeliveryReport = serde_json::from_value(report)
            .map_err(|error| self.error(format!("unreadable delivery report: {error}"), false))?;
        match report.failed {
            None => Ok(()),
            Some(failed) => Err(self.error(failed.reason, failed.retryable)),
        }
    }

    async fn partial(&mut self, text: &str) {
        self.isolate.post("turn.partial", json!({ "turn": self.turn, "text": text }));
    }

    fn typing(&mut self, on: bool) {
        self.isolate.post("turn.typing", json!({ "turn": self.turn, "on": on }));
    }

    fn defer(&mut self) {
        self.isolate.post("turn.defer", json!({ "turn": self.turn }));
    }

    async fn settle(&mut self, outcome: TurnOutcome) {
        let args = json!({ "turn": self.turn, "outcome": wire::outcome(outcome) });
        self.isolate.post("turn.settle", args);
    }
}
