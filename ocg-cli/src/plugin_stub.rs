//! Stands in for `ocg_js::plugin` until that is there.
#![allow(dead_code, missing_docs)]

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use ocg_core::channel::{Account, Channel, ChannelError};
use ocg_core::config::{Config, Environment, StateDir};
use ocg_core::gateway::AccountLink;
use ocg_core::http::HttpSettings;
use ocg_js::install::InstalledPlugin;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    #[error("plugins cannot run in this build yet")]
    Missing,
    #[error("cancelled")]
    Cancelled,
}

pub struct PluginSetup {
    pub plugin: InstalledPlugin,
    pub config: Arc<Config>,
    pub config_file: PathBuf,
    pub state: StateDir,
    pub http: HttpSettings,
    pub environment: Environment,
}

pub struct PluginHost;

impl PluginHost {
    pub fn new(_setup: PluginSetup) -> Arc<Self> {
        Arc::new(Self)
    }
}

pub struct PluginChannel;

impl PluginChannel {
    pub async fn load(_host: &Arc<PluginHost>) -> Result<Vec<Self>, PluginError> {
        Err(PluginError::Missing)
    }

    pub fn can_login(&self) -> bool {
        false
    }
}

#[async_trait]
impl Channel for PluginChannel {
    fn id(&self) -> &str {
        ""
    }

    async fn accounts(&self) -> Result<Vec<Account>, ChannelError> {
        Ok(Vec::new())
    }

    async fn run(
        &self,
        _account: &str,
        _link: AccountLink,
        _stop: CancellationToken,
    ) -> Result<(), ChannelError> {
        Ok(())
    }
}

pub trait LoginTerminal: Send + Sync {
    fn print(&self, text: &str);
    fn show_code(&self, link: &str, message: &str);
}

pub struct LoginOutcome {
    pub connected: bool,
    pub message: String,
    pub account: Option<String>,
}

pub async fn login(
    _host: &Arc<PluginHost>,
    _channel: &str,
    _account: Option<&str>,
    _terminal: Arc<dyn LoginTerminal>,
    _input: mpsc::Receiver<Vec<u8>>,
    _cancel: CancellationToken,
) -> Result<LoginOutcome, PluginError> {
    Err(PluginError::Missing)
}
