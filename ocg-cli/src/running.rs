//! The gateway that may be running on a state folder, as the other commands see it.

use serde_json::Value;

use ocg_core::config::StateDir;

use crate::cli::Global;
use crate::context::{location, unusable};
use crate::control::{Client, ControlError, GatewayLock, GatewayReport, Holder, Refusal, Request};
use crate::failure::{Exit, Failure};

/// A gateway that may be running.
pub struct RunningGateway {
    state: StateDir,
}

impl RunningGateway {
    /// The gateway of this state folder.
    pub fn new(state: StateDir) -> Self {
        Self { state }
    }

    /// The gateway of the state folder that commands use; the configuration is not read, so that
    /// a broken one is no obstacle.
    ///
    /// # Errors
    /// There is no state folder.
    pub fn find(global: &Global) -> Result<Self, Failure> {
        location(global).state_dir().map(Self::new).map_err(unusable)
    }

    /// The state folder.
    pub fn state(&self) -> &StateDir {
        &self.state
    }

    /// The process that has the state folder, whether it answers or not.
    ///
    /// # Errors
    /// The lock file cannot be read.
    pub fn holder(&self) -> Result<Option<Holder>, Failure> {
        GatewayLock::holder(&self.state)
            .map_err(|error| Failure::failed("cannot use the state folder").because(&error))
    }

    /// Its control socket.
    pub fn client(&self) -> Client {
        Client::new(&self.state.control_socket())
    }

    /// Asks it for something.
    ///
    /// # Errors
    /// None runs, or it refuses.
    pub async fn ask(&self, request: &Request) -> Result<Value, Failure> {
        self.client().ask(request).await.map_err(|error| match error {
            ControlError::NotRunning => Self::none(),
            ControlError::Refused(refusal) => {
                Failure::failed(refusal.message).hint_if(refusal.hint.as_deref())
            }
            ControlError::Silent(_) | ControlError::Broken(_) => {
                Failure::failed("cannot talk to the running gateway").because(&error)
            }
        })
    }

    /// Its report; `None` if none runs.
    ///
    /// # Errors
    /// It does not answer, or not as this version expects.
    pub async fn report(&self) -> Result<Option<GatewayReport>, Failure> {
        let report = match self.ask(&Request::Status).await {
            Err(failure) if failure.exit() == Exit::NotRunning => return Ok(None),
            report => report?,
        };
        serde_json::from_value(report).map(Some).map_err(|error| {
            Failure::failed("the running gateway is of another version").because(&error)
        })
    }

    /// Has it, if one runs, take up what was just written; says what came of it, or how to go on.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn take_up(&self) -> Result<String, Failure> {
        match self.ask(&Request::Reload).await {
            Err(failure) if failure.exit() == Exit::NotRunning => {
                Ok("`ocg start -d` starts the gateway.".to_owned())
            }
            Err(failure) => Err(failure),
            Ok(report) => match report.get("error").and_then(Value::as_str) {
                None => {
                    Ok("The running gateway has taken it up; `ocg status` shows it.".to_owned())
                }
                Some(error) => Err(Failure::failed("the running gateway did not take it up")
                    .because(&Refusal::new(error))),
            },
        }
    }

    /// As [`Self::take_up`], where a gateway runs; otherwise there is nothing to say.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn take_up_if_any(&self) -> Result<Option<String>, Failure> {
        if self.report().await?.is_none() {
            return Ok(None);
        }
        self.take_up().await.map(Some)
    }

    /// The failure of commands that need a running gateway.
    pub fn none() -> Failure {
        Failure::not_running("no gateway is running").hint("`ocg start` starts one")
    }
}
