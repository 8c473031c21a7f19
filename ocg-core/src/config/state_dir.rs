//! Where the gateway keeps its files.

use std::path::{Path, PathBuf};

/// The state folder and what lies where inside it (`OCG_STATE_DIR`, else
/// `~/.openclaw-channel-gateway`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDir {
    root: PathBuf,
    plugin_state: PathBuf,
}

impl StateDir {
    /// The state folder `root`, with the plugins' own state in `plugin_state` or, by default, in
    /// `root/openclaw`.
    pub fn new(root: impl Into<PathBuf>, plugin_state: Option<PathBuf>) -> Self {
        let root = root.into();
        let plugin_state = plugin_state.unwrap_or_else(|| root.join("openclaw"));
        Self { root, plugin_state }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What plugins see as `OPENCLAW_STATE_DIR`.
    pub fn plugin_state(&self) -> &Path {
        &self.plugin_state
    }

    /// Installed plugins, one folder each, and their lock file.
    pub fn plugins(&self) -> PathBuf {
        self.root.join("plugins")
    }

    /// Compiled plugin code.
    pub fn bytecode_cache(&self) -> PathBuf {
        self.root.join("cache").join("bytecode")
    }

    /// Files that need not survive: the plugins' temporary directory.
    pub fn temp(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// What one plugin reads as `openclaw.json`: its own channels' sections.
    pub fn plugin_config(&self, plugin: &str) -> PathBuf {
        self.temp().join("config").join(format!("{plugin}.json"))
    }

    /// Files that agents sent, on their way to a chat. They lie in what plugins know as OpenClaw's
    /// temporary directory (plugin contract §6.1, `resolvePreferredOpenClawTmpDir`): some send no
    /// others.
    pub fn outbound_media(&self) -> PathBuf {
        self.temp().join("openclaw").join("outbound")
    }

    /// Approved senders and pending pairing requests, in the plugins' own format.
    pub fn credentials(&self) -> PathBuf {
        self.plugin_state.join("credentials")
    }

    /// Process id of the running gateway, which keeps the file locked.
    pub fn pid_file(&self) -> PathBuf {
        self.root.join("ocg.pid")
    }

    /// The gateway's store: turns, replies on their way, callback tokens, history.
    pub fn store(&self) -> PathBuf {
        self.root.join("ocg.sqlite")
    }

    /// The plugins' keyed stores and ingress queues.
    pub fn plugin_store(&self) -> PathBuf {
        self.root.join("plugins.sqlite")
    }

    /// Control socket of the running gateway.
    pub fn control_socket(&self) -> PathBuf {
        self.root.join("ocg.sock")
    }
}
