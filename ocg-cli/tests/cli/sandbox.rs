//! A home, a state and a working folder of their own for one run of `ocg`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The folders of one test, and an environment without anything else.
pub struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    /// Empty folders.
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["home", "state", "work"] {
            std::fs::create_dir(root.path().join(folder)).unwrap();
        }
        Self { root }
    }

    /// Folders with this configuration file.
    pub fn with_config(text: impl AsRef<[u8]>) -> Self {
        let sandbox = Self::new();
        std::fs::write(sandbox.config(), text).unwrap();
        sandbox
    }

    /// The state folder.
    pub fn state(&self) -> PathBuf {
        self.root.path().join("state")
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.state().join("ocg.json")
    }

    /// `ocg` with arguments, not started yet.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ocg"));
        command
            .args(args)
            .env_clear()
            .env("HOME", self.root.path().join("home"))
            .env("OCG_STATE_DIR", self.state())
            .current_dir(self.root.path().join("work"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs `ocg` and returns all that can be seen of it.
    pub fn run(&self, args: &[&str]) -> String {
        self.seen(&self.command(args).output().unwrap())
    }

    /// As [`Self::run`], with text on standard input.
    pub fn run_with_input(&self, args: &[&str], input: &str) -> String {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        self.seen(&child.wait_with_output().unwrap())
    }

    /// As [`Self::run`], with more environment variables.
    pub fn run_with_env(&self, args: &[&str], variables: &[(&str, &str)]) -> String {
        self.seen(&self.command(args).envs(variables.iter().copied()).output().unwrap())
    }

    /// Exit code and both outputs, without what differs from run to run.
    pub fn seen(&self, output: &Output) -> String {
        let code = output.status.code().map_or("none".to_owned(), |code| code.to_string());
        let mut text = format!("exit: {code}\n");
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                text += &format!("--- {name}\n{}", String::from_utf8_lossy(bytes));
            }
        }
        self.generalise(&text)
    }

    fn generalise(&self, text: &str) -> String {
        let real = std::fs::canonicalize(self.root.path()).unwrap();
        let text = text.replace(path_text(&real), "[ROOT]");
        text.replace(path_text(self.root.path()), "[ROOT]")
    }
}

fn path_text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Compares with the committed snapshot, ports, pids and times left out.
#[macro_export]
macro_rules! assert_seen {
    ($seen:expr $(, $inline:literal)?) => {
        insta::with_settings!({
            omit_expression => true,
            filters => vec![
                (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]"),
                (r"\bpid \d+", "pid [PID]"),
                (r#""pid": \d+"#, r#""pid": [PID]"#),
                (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "[TIME]"),
                (r"\b\d+(\.\d+)? ms\b", "[MS] ms"),
                // Resolvers differ, and there may be no network.
                (
                    r"failed to lookup address information: [^;\n]+",
                    "failed to lookup address information: [WHY]",
                ),
                (r#""uptimeSeconds": \d+"#, r#""uptimeSeconds": [SECONDS]"#),
            ],
        }, {
            insta::assert_snapshot!($seen);
        });
    };
}
