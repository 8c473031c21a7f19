//! What a plugin is given to run with.

use std::path::PathBuf;
use std::sync::Arc;

use ocg_core::config::{Config, Environment, StateDir, edit};
use ocg_core::http::HttpSettings;
use serde_json::Value;

use super::error::PluginError;
use super::seam::Seam;
use crate::install::InstalledPlugin;
use crate::isolate::{IsolateSpec, Limits, ProcessView};
use crate::permit::{
    Allowance, EnvironmentPermit, FilePermit, FileRoots, NetworkPermit, Permits, operator_hosts,
};

/// An installed plugin with the configuration it runs under.
pub struct PluginSetup {
    /// The plugin.
    pub plugin: InstalledPlugin,
    /// The configuration.
    pub config: Arc<Config>,
    /// The file that the plugin's own changes of the configuration go to.
    pub config_file: PathBuf,
    /// Where state is kept.
    pub state: StateDir,
    /// Proxy and certificates for the plugin's connections.
    pub http: HttpSettings,
    /// The environment of the process; the plugin sees a part of it.
    pub environment: Environment,
}

impl PluginSetup {
    /// How the plugin's isolate is started.
    pub(super) fn isolate_spec(&self, seam: Arc<Seam>) -> Result<IsolateSpec, PluginError> {
        let permits = self.permits()?;
        let process = self.process(&permits.environment);
        Ok(IsolateSpec {
            name: self.plugin.manifest.id.clone(),
            permits,
            limits: Limits::default(),
            bytecode_cache: Some(self.state.bytecode_cache()),
            host: seam,
            http: self.http.clone(),
            process,
        })
    }
}

impl PluginSetup {
    fn permits(&self) -> Result<Permits, PluginError> {
        let plugin = &self.plugin;
        let grants = self.config.permissions(&plugin.package);
        let hosts: Vec<String> = plugin
            .channels()
            .iter()
            .filter_map(|channel| self.config.channel_section(&channel.id))
            .flat_map(operator_hosts)
            .collect();
        let roots = FileRoots {
            packages: vec![plugin.tree.clone()],
            state: self.state.plugin_state().to_owned(),
            temp: self.state.temp(),
        };
        Ok(Permits {
            network: NetworkPermit::new(&plugin.package, &grants.net, &hosts)?,
            files: FilePermit::new(&plugin.package, &roots, &grants.read, &grants.write),
            environment: EnvironmentPermit::new(&plugin.manifest.environment(), &grants.env),
        })
    }

    fn process(&self, permit: &EnvironmentPermit) -> ProcessView {
        let inherited = self.environment.iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
        let mut env = permit.visible(inherited);
        let state = self.state.plugin_state();
        let own = [
            ("OPENCLAW_STATE_DIR", state.to_owned()),
            ("OPENCLAW_CONFIG", self.state.plugin_config()),
            ("HOME", state.to_owned()),
            ("TMPDIR", self.state.temp()),
        ];
        env.extend(own.map(|(name, path)| (name.to_owned(), path.display().to_string())));
        for name in ["TZ", "LANG", "LC_ALL", "OPENCLAW_OAUTH_DIR", "OPENCLAW_LOG_LEVEL"] {
            if let Some(value) = self.environment.get(name) {
                env.insert(name.to_owned(), value.to_owned());
            }
        }
        // Plugins log to files that they never rotate, so they are kept quiet.
        let level = if self.config.verbose() { "DEBUG" } else { "WARN" };
        env.entry("OPENCLAW_LOG_LEVEL".to_owned()).or_insert_with(|| level.to_owned());
        ProcessView { cwd: state.to_owned(), env, argv: vec!["ocg".to_owned()] }
    }
}
