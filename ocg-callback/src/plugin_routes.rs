//! Requests that go to the routes of channels; everything else is not found.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use ocg_core::http::routes::{RouteRequest, RouteResponse};

use crate::answer::Refusal;
use crate::app::App;
use crate::body;
use crate::peer::Peer;

pub(crate) async fn serve(
    State(app): State<Arc<App>>,
    Extension(Peer(peer)): Extension<Peer>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(route) = app.routes.find(uri.path()) else {
        return Refusal::new(404, "NOT_FOUND", "there is nothing here").into_response();
    };
    let read = body::read(&headers, body, app.settings.max_body, app.settings.read_timeout);
    let body = match read.await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    let target = uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    let request = RouteRequest { method: method.to_string(), target, headers, body, peer };
    let patience = app.settings.route_timeout;
    match tokio::time::timeout(patience, route.handler.handle(request)).await {
        Ok(answer) => response(answer),
        Err(_) => {
            tracing::warn!(target: "ocg::http", route = ?route, "no answer within {} s", patience.as_secs_f64());
            Refusal::new(504, "TIMEOUT", "the channel did not answer in time").into_response()
        }
    }
}

fn response(answer: RouteResponse) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in answer.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(&value);
        // How the body is framed is the server's affair.
        if let (Ok(name), Ok(value)) = (name, value)
            && ![header::TRANSFER_ENCODING, header::CONTENT_LENGTH, header::CONNECTION]
                .contains(&name)
        {
            headers.append(name, value);
        }
    }
    response
}
