//! A command in a terminal, with someone typing.

use pty_process::{Command, OwnedWritePty, Size};
use tokio::io::AsyncWriteExt;
use tokio::process::Child;
use tokio_util::task::AbortOnDropHandle;

use super::home::Home;
use super::output::Output;
use crate::PATIENCE;

/// A command that believes a person sits in front of it. Dropping it kills it; if the test fails,
/// the screen is shown.
#[derive(Debug)]
pub struct Terminal {
    child: Child,
    keyboard: OwnedWritePty,
    screen: Output,
    reading: AbortOnDropHandle<()>,
}

impl Terminal {
    /// Runs `ocg` with `arguments` in a terminal of 50 by 120 characters.
    pub fn run(home: &Home, arguments: &[&str]) -> Self {
        let (terminal, process_side) = pty_process::open().unwrap();
        terminal.resize(Size::new(50, 120)).unwrap();
        let child = Command::new(Home::program())
            .args(arguments)
            .env_clear()
            .envs(home.environment())
            .env("TERM", "xterm-256color")
            .current_dir(home.working_dir())
            .kill_on_drop(true)
            .spawn(process_side)
            .unwrap();
        let (output, keyboard) = terminal.into_split();
        let screen = Output::default();
        let reading = screen.collect(output);
        Self { child, keyboard, screen, reading }
    }

    /// Everything that was shown so far.
    pub fn screen(&self) -> &Output {
        &self.screen
    }

    /// Types a line and presses Enter.
    pub async fn types(&mut self, line: &str) {
        self.keyboard.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    /// Presses Ctrl-C.
    pub async fn interrupts(&mut self) {
        self.keyboard.write_all(b"\x03").await.unwrap();
    }

    /// Waits until the command has ended; returns the exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let code = ended.unwrap_or_else(|_| panic!("the command did not end")).unwrap().code();
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), &mut self.reading).await;
        code
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[allow(clippy::print_stderr)]
            {
                eprintln!("--- screen\n{}\n---", self.screen.text());
            }
        }
    }
}
