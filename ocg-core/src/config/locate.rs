//! Which file is the configuration, and which folder holds the state.

use std::path::{Path, PathBuf};

use super::{ConfigError, Environment, StateDir};

/// Name of the state folder below the user's home.
const STATE_FOLDER: &str = ".openclaw-channel-gateway";
/// Name of the configuration file.
const FILE_NAME: &str = "ocg.json";

/// Where to look for configuration and state.
#[derive(Debug, Clone, Default)]
pub struct Location {
    /// `--config`.
    pub explicit: Option<PathBuf>,
    /// The working folder.
    pub working_dir: PathBuf,
    /// The environment.
    pub environment: Environment,
}

impl Location {
    /// The place of this process: its working folder and environment.
    pub fn of_process(explicit: Option<PathBuf>) -> Self {
        Self {
            explicit,
            working_dir: std::env::current_dir().unwrap_or_default(),
            environment: Environment::of_process(),
        }
    }

    /// The state folder: `OCG_STATE_DIR`, else `~/.openclaw-channel-gateway`. The plugins' own
    /// state is in `OPENCLAW_STATE_DIR`, else in `openclaw/` below it.
    ///
    /// # Errors
    /// [`ConfigError::NoHome`] when neither the variable nor a home folder is known.
    pub fn state_dir(&self) -> Result<StateDir, ConfigError> {
        let absolute =
            |path: &str| self.working_dir.join(expand_home(Path::new(path), &self.environment));
        let root = match self.environment.get("OCG_STATE_DIR") {
            Some(path) => absolute(path),
            None => home(&self.environment).ok_or(ConfigError::NoHome)?.join(STATE_FOLDER),
        };
        Ok(StateDir::new(root, self.environment.get("OPENCLAW_STATE_DIR").map(absolute)))
    }

    /// The configuration file: `--config`, else `OCG_CONFIG_PATH`, else `./ocg.json`, else
    /// `ocg.json` in the state folder. `None` when none of the last two exists.
    ///
    /// # Errors
    /// [`ConfigError::NotFound`] when a file that was asked for by name does not exist.
    pub fn config_file(&self) -> Result<Option<PathBuf>, ConfigError> {
        let named = match (&self.explicit, self.environment.get("OCG_CONFIG_PATH")) {
            (Some(path), _) => Some((path.clone(), "--config")),
            (None, Some(path)) => {
                Some((expand_home(Path::new(path), &self.environment), "OCG_CONFIG_PATH"))
            }
            (None, None) => None,
        };
        if let Some((path, named_by)) = named {
            let path = self.working_dir.join(path);
            return if exists(&path) {
                Ok(Some(path))
            } else {
                Err(ConfigError::NotFound { path, named_by })
            };
        }
        let local = self.working_dir.join(FILE_NAME);
        let in_state = self.state_dir()?.root().join(FILE_NAME);
        Ok([local, in_state].into_iter().find(|path| exists(path)))
    }

    /// Where a first configuration is written: the file asked for by name, else `ocg.json` in the
    /// state folder.
    ///
    /// # Errors
    /// [`ConfigError::NoHome`].
    pub fn new_config_file(&self) -> Result<PathBuf, ConfigError> {
        match (&self.explicit, self.environment.get("OCG_CONFIG_PATH")) {
            (Some(path), _) => Ok(self.working_dir.join(path)),
            (None, Some(path)) => {
                Ok(self.working_dir.join(expand_home(Path::new(path), &self.environment)))
            }
            (None, None) => Ok(self.state_dir()?.root().join(FILE_NAME)),
        }
    }
}

/// Whether something is there. A folder without permission counts: reading it then says why.
fn exists(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

fn home(environment: &Environment) -> Option<PathBuf> {
    environment.first(&["HOME", "USERPROFILE"]).map(|(_, home)| PathBuf::from(home))
}

/// `~/x` as a path below the home folder; any other path as it is.
pub(super) fn expand_home(path: &Path, environment: &Environment) -> PathBuf {
    match (path.strip_prefix("~"), home(environment)) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}
