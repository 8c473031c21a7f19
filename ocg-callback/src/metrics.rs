//! `GET /metrics`, in the OpenMetrics text format.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use ocg_core::gateway::GatewayHandle;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::answer::Refusal;
use crate::app::App;
use crate::peer::Peer;
use crate::series::{Labels, Shown, labels};

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
    async fn registry(&self, gateway: &GatewayHandle) -> Registry {
        let shown = Shown { status: gateway.status(), memory: gateway.memory().await };
        let mut registry = Registry::with_prefix("ocg");
        registry.register("callbacks", "Callback requests by result", self.callbacks.clone());
        registry.register("sends", "Send requests by result", self.sends.clone());
        shown.register(&mut registry);
        registry
    }
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
    if encode(&mut text, &app.metrics.registry(&app.gateway).await).is_err() {
        return Refusal::new(500, "INTERNAL", "the metrics cannot be written").into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
