//! `ocg start`, until it is stopped.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio_util::task::AbortOnDropHandle;

use super::home::Home;
use super::output::Output;
use crate::PATIENCE;

/// A running gateway. Dropping it kills it; if the test fails, its output is shown.
#[derive(Debug)]
pub struct Gateway {
    child: Child,
    output: Output,
    reading: Vec<AbortOnDropHandle<()>>,
}

impl Gateway {
    /// Runs `ocg start` in `home`.
    pub fn start(home: &Home) -> Self {
        let mut child = home
            .command()
            .arg("start")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = Output::default();
        let stdout = child.stdout.take().expect("stdout is piped");
        let stderr = child.stderr.take().expect("stderr is piped");
        let reading = vec![output.collect(stdout), output.collect(stderr)];
        Self { child, output, reading }
    }

    /// Waits for `condition`; fails the test at once if the gateway ends before it holds.
    pub async fn alive_until<T>(&mut self, condition: impl Future<Output = T>) -> T {
        tokio::select! {
            met = condition => met,
            ended = self.child.wait() => panic!("the gateway ended by itself: {}", ended.unwrap()),
        }
    }

    /// Everything printed so far, standard output and standard error together.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// A path as the gateway sees it, mounts included.
    pub fn inside(&self, path: &Path) -> PathBuf {
        let pid = self.child.id().expect("the gateway runs");
        let root = PathBuf::from(format!("/proc/{pid}/root"));
        root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Asks it to stop, as `kill` and service managers do.
    pub fn ask_to_stop(&self) {
        self.signal(Signal::TERM);
    }

    /// Asks it to read its configuration anew, as `systemctl reload` does.
    pub fn hang_up(&self) {
        self.signal(Signal::HUP);
    }

    /// Waits until it has ended; returns the exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("the gateway did not end")).unwrap();
        for reading in self.reading.drain(..) {
            // Grandchildren may hold the pipe open.
            let _ = tokio::time::timeout(Duration::from_secs(1), reading).await;
        }
        status.code()
    }

    /// Asks it to stop and waits until it did, with exit code 0.
    pub async fn stop(mut self) {
        self.ask_to_stop();
        assert_eq!(self.ended().await, Some(0), "exit code after SIGTERM");
    }

    /// Ends it without warning, as a crash or a power failure does.
    pub async fn crash(mut self) {
        self.signal(Signal::KILL);
        assert_eq!(self.ended().await, None, "ended by a signal");
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        kill_process(pid.expect("the gateway runs"), signal).unwrap();
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[allow(clippy::print_stderr)]
            {
                eprintln!("--- output of the gateway\n{}\n---", self.output.text());
            }
        }
    }
}
