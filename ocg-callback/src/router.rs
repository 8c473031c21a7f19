//! Which request goes where.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::answer::Refusal;
use crate::app::App;
use crate::peer::Peer;
use crate::{callback, health, metrics, plugin_routes, send};

pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/ocg/callback", post(callback::without_token))
        .route("/ocg/callback/", post(callback::without_token))
        .route("/ocg/callback/{token}", post(callback::with_token))
        .route("/ocg/send", post(send::send))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .method_not_allowed_fallback(wrong_method)
        .fallback(plugin_routes::serve)
        .layer(from_fn_with_state(Arc::clone(&app), limit))
        .with_state(app)
}

async fn wrong_method() -> Refusal {
    Refusal::new(405, "METHOD_NOT_ALLOWED", "this address takes another method")
}

async fn limit(
    State(app): State<Arc<App>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    match app.admit(peer.ip()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}
