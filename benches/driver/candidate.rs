//! A gateway that is measured.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::stage::Stage;

/// How one gateway is prepared, started and stopped.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) command: String,
    prepare: Option<String>,
    pub(crate) state: PathBuf,
    pub(crate) config_template: Option<PathBuf>,
    /// Where the configuration is written.
    folder: TempDir,
}

impl Candidate {
    pub(crate) fn new(
        name: &str,
        command: &str,
        prepare: Option<String>,
        state: Option<PathBuf>,
        config_template: Option<PathBuf>,
    ) -> Self {
        let folder = tempfile::Builder::new().prefix("ocg-bench-").tempdir().unwrap();
        let state = state.unwrap_or_else(|| folder.path().join("state"));
        std::fs::create_dir_all(&state).unwrap();
        let (name, command) = (name.to_owned(), command.to_owned());
        Self { name, command, prepare, state, config_template, folder }
    }

    pub(crate) fn config_file(&self) -> PathBuf {
        self.folder.path().join("ocg.json")
    }

    /// Runs the preparation, if there is one.
    pub(crate) async fn prepare(&self) {
        if let Some(prepare) = &self.prepare {
            std::fs::write(self.config_file(), "{}").unwrap();
            let status = self.shell(prepare, None).status().await.unwrap();
            assert!(status.success(), "{}: {prepare} failed: {status}", self.name);
        }
    }

    /// Starts the gateway; its output goes to `gateway.log` in the state folder.
    pub(crate) fn start(&self, stage: &Stage) -> Running {
        let log = std::fs::File::create(self.state.join("gateway.log")).unwrap();
        let child = self
            .shell(&self.command, Some(stage))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Running { child }
    }

    fn shell(&self, command: &str, stage: Option<&Stage>) -> Command {
        let (config, state) = (self.config_file(), self.state.display().to_string());
        let mut line = command.replace("{config}", &config.display().to_string());
        line = line.replace("{state}", &state);
        if let Some(stage) = stage {
            line = stage.fill_in(&line);
        }
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("exec {line}")])
            .env("OCG_CONFIG_PATH", &config)
            .env("OCG_STATE_DIR", &self.state)
            .env("OPENCLAW_STATE_DIR", self.state.join("openclaw"));
        if let Some(stage) = stage {
            shell.env("OCG_AGENT_URL", stage.agent.url());
        }
        shell
    }
}

/// A started gateway.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
}

/// Time to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(20);

impl Running {
    /// A gateway that was just started.
    pub(crate) fn new(child: Child) -> Self {
        Self { child }
    }

    /// Its first process.
    pub(crate) fn pid(&self) -> i32 {
        self.child.id().and_then(|pid| pid.try_into().ok()).expect("the gateway runs")
    }

    /// Ends it, gracefully if it can.
    pub(crate) async fn stop(mut self) {
        let pid = Pid::from_raw(self.pid()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            eprintln!("it did not end within {GRACE:?} of SIGTERM and is killed");
            self.child.kill().await.unwrap();
        }
    }
}
