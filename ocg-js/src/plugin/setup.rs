//! What a plugin is given to run with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ocg_core::config::{Environment, LiveConfig, edit};
use ocg_core::http::routes::Routes;
use serde_json::{Map, Value, json};

use super::error::PluginError;
use super::pairing_view;
use super::seam::Seam;
use crate::install::InstalledPlugin;
use crate::isolate::{IsolateSpec, Limits, ProcessView};
use crate::permit::{
    EnvironmentPermit, FilePermit, FileRoots, NetworkPermit, Permits, operator_hosts,
};

/// Variables of the process that every plugin sees.
const COMMON_VARIABLES: [&str; 5] =
    ["TZ", "LANG", "LC_ALL", "OPENCLAW_OAUTH_DIR", "OPENCLAW_LOG_LEVEL"];

/// An installed plugin with the configuration it runs under.
pub struct PluginSetup {
    /// The plugin.
    pub plugin: InstalledPlugin,
    /// The configuration in force.
    pub config: LiveConfig,
    /// The file that the plugin's own changes of the configuration go to.
    pub config_file: PathBuf,
    /// The environment of the process; the plugin sees a part of it.
    pub environment: Environment,
    /// Where the plugin's HTTP routes go.
    pub routes: Routes,
}

impl PluginSetup {
    /// How the plugin's isolate is started.
    pub(super) fn isolate_spec(&self, seam: Arc<Seam>) -> Result<IsolateSpec, PluginError> {
        let config = self.config.current();
        let permits = self.permits()?;
        let process = self.process(&permits.environment);
        self.prepare_folders()?;
        Ok(IsolateSpec {
            name: self.plugin.manifest.id.clone(),
            packages: vec![self.plugin.tree.clone()],
            permits,
            limits: Limits::default(),
            bytecode_cache: Some(config.state_dir().bytecode_cache()),
            host: seam,
            http: config.plugin_http().clone(),
            process,
            worker: None,
        })
    }

    /// The configuration in force as the plugin sees it.
    pub(super) fn config_view(&self) -> Value {
        let mut view = self.config.current().plugin_view().clone();
        self.for_channels_without_pairing(&mut view, |_, section| pairing_view::shown(section));
        view
    }

    /// Stores what the plugin changed in its configuration.
    pub(super) fn write_config(&self, before: &Value, after: &Value) -> Result<(), PluginError> {
        let config = self.config.current();
        let channels = &config.plugin_view()["channels"];
        let restored = |view: &Value| {
            let mut view = view.clone();
            self.for_channels_without_pairing(&mut view, |id, section| {
                channels.get(id).map_or_else(
                    || section.clone(),
                    |written| pairing_view::restored(written, section),
                )
            });
            view
        };
        let (before, after) = (restored(before), restored(after));
        for key in edit::apply_plugin_config(&self.config_file, &before, &after)?.kept {
            tracing::warn!(
                target: "ocg::plugin",
                plugin = %self.plugin.package, %key,
                "the plugin wanted to change a reference to a secret; it stays as it is"
            );
        }
        Ok(())
    }

    /// Replaces the sections of those of the plugin's channels that cannot pair senders.
    fn for_channels_without_pairing(
        &self,
        view: &mut Value,
        replaced: impl Fn(&str, &Value) -> Value,
    ) {
        for channel in self.plugin.channels() {
            let lacks = channel.config_schema.as_ref().is_some_and(pairing_view::lacks_pairing);
            let channels = view.get_mut("channels").filter(|_| lacks);
            if let Some(section) = channels.and_then(|channels| channels.get_mut(&channel.id)) {
                *section = replaced(&channel.id, section);
            }
        }
    }

    /// The hosts that the channels' sections name: the operator wants the plugin to reach them.
    pub(super) fn operator_hosts(&self) -> Vec<String> {
        let config = self.config.current();
        let channels = &config.plugin_view()["channels"];
        let sections = self.plugin.channels().iter().filter_map(|one| channels.get(&one.id));
        sections.flat_map(operator_hosts).collect()
    }

    fn permits(&self) -> Result<Permits, PluginError> {
        let plugin = &self.plugin;
        let config = self.config.current();
        let state = config.state_dir();
        let granted = config.plugin_permissions(&plugin.package);
        let hosts = self.operator_hosts();
        let roots = FileRoots {
            packages: vec![plugin.tree.clone()],
            state: state.plugin_state().to_owned(),
            temp: state.temp(),
        };
        Ok(Permits {
            network: NetworkPermit::new(&plugin.package, &granted.net, &hosts)?,
            files: FilePermit::new(&plugin.package, &roots, &granted.read, &granted.write),
            environment: EnvironmentPermit::new(&plugin.manifest.environment(), &granted.env),
        })
    }

    fn process(&self, permit: &EnvironmentPermit) -> ProcessView {
        let inherited = self.environment.iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
        let mut env = permit.visible(inherited);
        let config = self.config.current();
        let state = config.state_dir();
        let own = [
            ("OPENCLAW_STATE_DIR", state.plugin_state().to_owned()),
            ("OPENCLAW_CONFIG", state.plugin_config(&self.plugin.manifest.id)),
            ("HOME", state.plugin_state().to_owned()),
            ("TMPDIR", state.temp()),
        ];
        env.extend(own.map(|(name, path)| (name.to_owned(), path.display().to_string())));
        for name in COMMON_VARIABLES {
            if let Some(value) = self.environment.get(name) {
                env.insert(name.to_owned(), value.to_owned());
            }
        }
        // Plugins log to files that they never rotate, so they are kept quiet.
        let level = if config.settings.verbose.value { "DEBUG" } else { "WARN" };
        env.entry("OPENCLAW_LOG_LEVEL".to_owned()).or_insert_with(|| level.to_owned());
        ProcessView { cwd: state.plugin_state().to_owned(), env, argv: vec!["ocg".to_owned()] }
    }

    /// Makes the plugin's folders and the file that it reads as `openclaw.json`.
    fn prepare_folders(&self) -> Result<(), PluginError> {
        let config = self.config.current();
        let state = config.state_dir();
        let channels: Map<String, Value> = self
            .plugin
            .channels()
            .iter()
            .filter_map(|channel| {
                let section = config.channel_as_written(&channel.id)?;
                Some((channel.id.clone(), section.clone()))
            })
            .collect();
        let config_file = state.plugin_config(&self.plugin.manifest.id);
        let config_folder = config_file.parent().unwrap_or(&config_file);
        for folder in [state.plugin_state(), &state.temp(), config_folder] {
            create_private_folder(folder)
                .map_err(|source| PluginError::State { path: folder.to_owned(), source })?;
        }
        fs::write(&config_file, json!({ "channels": channels }).to_string())
            .map_err(|source| PluginError::State { path: config_file, source })
    }
}

fn create_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}
