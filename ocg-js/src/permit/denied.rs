use std::path::PathBuf;

/// A refused access. The text names the permission, what was asked for and, where a grant can
/// help, the configuration line that gives it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The path is outside of what the plugin may read.
    #[error(
        "reading {path} is not permitted to plugin {plugin}: add \"read\": [{path:?}] to plugins.{plugin:?}.permissions in ocg.json",
        path = path.display().to_string()
    )]
    Read {
        /// npm package name of the plugin.
        plugin: String,
        /// What it asked for, as it wrote it, made absolute.
        path: PathBuf,
    },
    /// The path is outside of what the plugin may write.
    #[error(
        "writing {path} is not permitted to plugin {plugin}: add \"write\": [{path:?}] to plugins.{plugin:?}.permissions in ocg.json",
        path = path.display().to_string()
    )]
    Write {
        /// npm package name of the plugin.
        plugin: String,
        /// What it asked for, as it wrote it, made absolute.
        path: PathBuf,
    },
    /// Kernel interfaces (`/proc`, `/sys`, devices) show other processes' secrets.
    #[error("{path} belongs to the operating system and is never open to plugin {plugin}", path = path.display())]
    SystemPath {
        /// npm package name of the plugin.
        plugin: String,
        /// What it asked for, made absolute.
        path: PathBuf,
    },
    /// A private host or address without a grant.
    #[error(
        "connecting to {target} is not permitted to plugin {plugin} because {because}: add \"net\": [{grant:?}] to plugins.{plugin:?}.permissions in ocg.json"
    )]
    Network {
        /// npm package name of the plugin.
        plugin: String,
        /// `host:port` as asked for.
        target: String,
        /// Why the default does not cover it.
        because: String,
        /// The grant that would cover it.
        grant: String,
    },
    /// Listening where others than this machine can connect, without a grant.
    #[error(
        "listening on {target} is not permitted to plugin {plugin} because it is not a loopback address: add \"net\": [{grant:?}] to plugins.{plugin:?}.permissions in ocg.json"
    )]
    Listen {
        /// npm package name of the plugin.
        plugin: String,
        /// `host:port` as asked for.
        target: String,
        /// The grant that would cover it.
        grant: String,
    },
    /// The operator switched the network off for this plugin.
    #[error(
        "connecting to {target} is not permitted to plugin {plugin}: plugins.{plugin:?}.permissions in ocg.json says \"net\": false"
    )]
    NetworkOff {
        /// npm package name of the plugin.
        plugin: String,
        /// `host:port` as asked for.
        target: String,
    },
    /// Link-local and cloud metadata addresses hand out credentials of the machine.
    #[error(
        "connecting to {target} is never permitted to plugin {plugin}: link-local and cloud metadata addresses hand out the machine's credentials, no grant opens them"
    )]
    NeverReachable {
        /// npm package name of the plugin.
        plugin: String,
        /// `host:port` as asked for.
        target: String,
    },
    /// The host is neither a name nor an address.
    #[error("{host:?} is not a host name or address (asked for by plugin {plugin})")]
    NotAHost {
        /// npm package name of the plugin.
        plugin: String,
        /// As asked for.
        host: String,
    },
}

impl Denied {
    /// What Node's permission model calls such an error; plugins see it as `error.code`.
    pub const CODE: &'static str = "ERR_ACCESS_DENIED";
}
