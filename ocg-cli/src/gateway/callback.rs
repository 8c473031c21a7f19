//! The callback server of `ocg start`.

use ocg_callback::{CallbackServer, ServerError, ServerSettings};
use ocg_core::gateway::GatewayHandle;
use ocg_core::http::routes::Routes;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// The server: listening from the start where the configuration needs it, or from the moment on
/// that a channel serves a route.
pub struct CallbackService {
    settings: ServerSettings,
    server: Option<CallbackServer>,
}

impl CallbackService {
    /// Listens, if async mode, a secret or the operator asks for it.
    ///
    /// # Errors
    /// The address is taken or none, or agents cannot be told one.
    pub async fn prepare(context: &Context) -> Result<Self, Failure> {
        let callback = &context.config().settings.callback;
        let address = callback
            .public_address()
            .map_err(|error| Failure::usage("agents cannot call back").because(&error))?;
        let settings = ServerSettings::from(&*context.config());
        let wanted = context.uses_callbacks()
            || callback.enabled.value
            || callback.secret.is_some()
            || context.config().settings.send.secret.is_some();
        if !wanted {
            return Ok(Self { settings, server: None });
        }
        let server = CallbackServer::bind(settings.clone()).await.map_err(not_listening)?;
        output::line(format!("callback server: listening on {}", server.address()))?;
        if context.uses_callbacks() {
            output::line(format!("callback server: agents are told {address}"))?;
        }
        Ok(Self { settings, server: Some(server) })
    }

    /// Serves until `stop` is cancelled.
    pub async fn serve(self, gateway: GatewayHandle, routes: Routes, stop: CancellationToken) {
        let server = match self.server {
            Some(server) => server,
            None => match listen_late(self.settings, &routes, &stop).await {
                Some(server) => server,
                None => return,
            },
        };
        server.serve(gateway, routes, stop).await;
    }
}

/// Listens once a channel serves a route.
async fn listen_late(
    settings: ServerSettings,
    routes: &Routes,
    stop: &CancellationToken,
) -> Option<CallbackServer> {
    stop.run_until_cancelled(routes.wait_for_any()).await?;
    match CallbackServer::bind(settings).await {
        Ok(server) => {
            tracing::info!(target: "ocg::callback", address = %server.address(), "listening for the HTTP routes of channels");
            Some(server)
        }
        Err(error) => {
            tracing::error!(target: "ocg::callback", error = &error as &dyn std::error::Error, "the HTTP routes of channels are not served");
            None
        }
    }
}

fn not_listening(error: ServerError) -> Failure {
    Failure::failed("the callback server cannot start").because(&error)
}
