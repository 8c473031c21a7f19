//! The callback server of `ocg start`.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use ocg_callback::{CallbackServer, ServerError, ServerSettings};
use ocg_core::gateway::GatewayHandle;
use ocg_core::http::routes::Routes;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// Where the callback server listens, once it does; clones speak of the same.
#[derive(Debug, Clone, Default)]
pub struct CallbackPort(Arc<OnceLock<SocketAddr>>);

impl CallbackPort {
    /// The address that is listened on.
    pub fn address(&self) -> Option<SocketAddr> {
        self.0.get().copied()
    }
}

/// The server: listening from the start where the configuration needs it, or from the moment on
/// that a channel serves a route.
pub struct CallbackService {
    settings: ServerSettings,
    port: CallbackPort,
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
        let mut service = Self { settings, port: CallbackPort::default(), server: None };
        if wanted {
            let server = service.listen().await.map_err(not_listening)?;
            output::line(format!("callback server: listening on {}", server.address()))?;
            if context.uses_callbacks() {
                output::line(format!("callback server: agents are told {address}"))?;
                service.warn_of_unsigned_callbacks(server.address());
            }
            service.server = Some(server);
        }
        Ok(service)
    }

    /// Where it listens, now or later.
    pub fn port(&self) -> CallbackPort {
        self.port.clone()
    }

    /// Serves until `stop` is cancelled.
    pub async fn serve(mut self, gateway: GatewayHandle, routes: Routes, stop: CancellationToken) {
        let server = match self.server.take() {
            Some(server) => server,
            None => match self.listen_late(&routes, &stop).await {
                Some(server) => server,
                None => return,
            },
        };
        let address = server.address();
        let warn = stop.run_until_cancelled(warn_of_public_routes(address, &routes));
        tokio::join!(server.serve(gateway, routes.clone(), stop.clone()), warn);
    }

    async fn listen(&self) -> Result<CallbackServer, ServerError> {
        let server = CallbackServer::bind(self.settings.clone()).await?;
        self.port.0.get_or_init(|| server.address());
        Ok(server)
    }

    /// Listens once a channel serves a route.
    async fn listen_late(
        &self,
        routes: &Routes,
        stop: &CancellationToken,
    ) -> Option<CallbackServer> {
        stop.run_until_cancelled(routes.wait_for_any()).await?;
        match self.listen().await {
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

    fn warn_of_unsigned_callbacks(&self, address: SocketAddr) {
        if !address.ip().is_loopback() && self.settings.secret.is_none() {
            tracing::warn!(target: "ocg::callback", %address, "the callback server can be reached from other machines and no \"callbackSecret\" is set: whoever learns a callback URL can answer in its chat");
        }
    }
}

/// Says once that what a plugin serves can be reached from elsewhere, which nobody has asked for
/// in so many words.
async fn warn_of_public_routes(address: SocketAddr, routes: &Routes) {
    if !address.ip().is_loopback() {
        routes.wait_for_any().await;
        tracing::warn!(target: "ocg::callback", %address, "a plugin serves HTTP routes that other machines can reach; where only a proxy on this machine should, set \"callbackHost\" to \"127.0.0.1\"");
    }
}

fn not_listening(error: ServerError) -> Failure {
    Failure::failed("the callback server cannot start").because(&error)
}
