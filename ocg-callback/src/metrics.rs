//! `GET /metrics`, in the OpenMetrics text format.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use ocg_core::gateway::GatewayHandle;
use ocg_core::store::StoreHealth;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::answer::Refusal;
use crate::app::App;
use crate::health;
use crate::peer::Peer;

type Labels = Vec<(&'static str, String)>;

/// What the server itself counts.
#[derive(Default)]
pub(crate) struct Metrics {
    callbacks: Family<Labels, Counter>,
    sends: Family<Labels, Counter>,
}

impl Metrics {
    pub(crate) fn callback(&self, result: &str) {
        self.callbacks.get_or_create(&labels("result", result)).inc();
    }

    pub(crate) fn sent(&self, result: &str) {
        self.sends.get_or_create(&labels("result", result)).inc();
    }

    /// All series at this moment; what the gateway counts is read when it is asked for.
    fn registry(&self, gateway: &GatewayHandle) -> Registry {
        let status = gateway.status();
        let mut registry = Registry::with_prefix("ocg");
        registry.register("callbacks", "Callback requests by result", self.callbacks.clone());
        registry.register("sends", "Send requests by result", self.sends.clone());

        let turns = Family::<Labels, Counter>::default();
        let ended = status.ended;
        for (outcome, count) in [
            ("answered", ended.answered),
            ("silent", ended.silent),
            ("failed", ended.failed),
            ("deferred", ended.deferred),
            ("cancelled", ended.cancelled),
        ] {
            turns.get_or_create(&labels("outcome", outcome)).inc_by(count);
        }
        registry.register("turns", "Turns that have ended, by outcome", turns);

        let deferred = Family::<Labels, Counter>::default();
        let callbacks = status.callbacks;
        for (outcome, count) in [
            ("answered", callbacks.answered),
            ("failed", callbacks.failed),
            ("expired", callbacks.expired),
        ] {
            deferred.get_or_create(&labels("outcome", outcome)).inc_by(count);
        }
        registry.register(
            "deferred_turns",
            "Turns that an agent accepted and that are over",
            deferred,
        );

        let mut gauge = |name: &str, help: &str, value: usize| {
            let gauge = Gauge::<i64>::default();
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
            registry.register(name, help, gauge);
        };
        gauge("turns_running", "Turns that run now", status.running_turns);
        gauge("turns_waiting", "Messages that wait for their turn", status.waiting_turns);
        gauge("callbacks_pending", "Turns that wait for a callback", callbacks.waiting);
        let degraded = gateway.store_health() != StoreHealth::Good;
        gauge("store_degraded", "1 while the store cannot write", usize::from(degraded));

        let connected = Family::<Labels, Gauge>::default();
        let restarts = Family::<Labels, Counter>::default();
        for account in status.channels.iter().flat_map(|channel| &channel.accounts) {
            let labels = || {
                let key = account.key.clone();
                vec![("channel", key.channel), ("account", key.account)]
            };
            connected.get_or_create(&labels()).set(i64::from(health::is_ready(account)));
            restarts.get_or_create(&labels()).inc_by(account.restarts.into());
        }
        registry.register("account_connected", "1 while the account is connected", connected);
        registry.register("account_restarts", "Restarts of the account after failures", restarts);
        registry
    }
}

fn labels(name: &'static str, value: &str) -> Labels {
    vec![(name, value.to_owned())]
}

/// Shown to this machine alone, unless the operator says otherwise.
pub(crate) async fn metrics(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    if !app.settings.metrics_public && !peer.is_local(&headers) {
        return Refusal::new(404, "NOT_FOUND", "there is nothing here").into_response();
    }
    let mut text = String::new();
    if encode(&mut text, &app.metrics.registry(&app.gateway)).is_err() {
        return Refusal::new(500, "INTERNAL", "the metrics cannot be written").into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
