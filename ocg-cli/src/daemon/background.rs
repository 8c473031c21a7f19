//! The way into the background.
//!
//! `ocg start -d` starts itself once more and waits. The second process leaves the terminal's
//! session, keeps the terminal's outputs until the gateway is up, so that whatever is wrong can be
//! read there, says so over a socket that it was given as standard input, and lets go of all three.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::cli::StartArgs;
use crate::failure::{Exit, Failure};
use crate::output;

use super::LogDestination;
use super::reexec::Program;

/// How long the gateway may take to come up before we stop waiting for it.
const PATIENCE: Duration = Duration::from_secs(120);
/// What the process in the background says when the gateway is up.
const UP: &[u8] = b"up\n";
/// What it says when the gateway is up and nothing could be started.
const IDLE: &[u8] = b"idle\n";

/// Starts a gateway in the background and returns when it is up.
///
/// # Errors
/// It did not come up, or none of its channels did; it has said why itself.
pub fn launch(log: &LogDestination) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        Failure::failed("cannot start the process in the background").because(&error)
    };
    let (ours, theirs) = UnixStream::pair().map_err(failed)?;
    let mut command = Program::this().map_err(failed)?.command();
    command.arg("--detached").stdin(Stdio::from(OwnedFd::from(theirs)));
    let child = command.spawn().map_err(failed)?;
    // The command holds the other end: as long as it does, the end of the child is not seen.
    drop(command);
    match wait_until_up(ours)?.as_slice() {
        UP => describe(&child, log),
        IDLE => {
            describe(&child, log)?;
            Err(Failure::failed("nothing could be started; the gateway goes on trying"))
        }
        _ => Err(conclude(child)),
    }
}

/// What the child said of the gateway; nothing, if it ended.
fn wait_until_up(mut socket: UnixStream) -> Result<Vec<u8>, Failure> {
    let mut said = Vec::new();
    match socket.set_read_timeout(Some(PATIENCE)).and_then(|()| socket.read_to_end(&mut said)) {
        Ok(_) => Ok(said),
        Err(error) => Err(Failure::failed(format!(
            "the gateway is not up after {} s; it goes on trying",
            PATIENCE.as_secs()
        ))
        .because(&error)
        .hint("`ocg status` shows it and `ocg stop` ends it")),
    }
}

fn describe(child: &Child, log: &LogDestination) -> Result<(), Failure> {
    output::line(format!("The gateway runs in the background (pid {}).", child.id()))?;
    if let Some(file) = log.file() {
        output::line(format!("Log: {}", file.display()))?;
    }
    Ok(output::line("`ocg status` shows it, `ocg stop` ends it.")?)
}

/// The child has said what is wrong, unless it could not.
fn conclude(mut child: Child) -> Failure {
    match child.wait() {
        Ok(status) => match (status.code(), status.signal()) {
            (Some(2), _) => Failure::reported(Exit::Usage),
            (None, Some(signal)) => {
                Failure::failed(format!("the gateway was ended by signal {signal}"))
            }
            _ => Failure::reported(Exit::Failed),
        },
        Err(error) => Failure::failed("the gateway ended").because(&error),
    }
}

/// The process in the background, as seen from itself.
pub struct Background {
    caller: UnixStream,
    stray_output: PathBuf,
}

impl Background {
    /// Leaves the terminal's session, if this is the process to do so.
    ///
    /// # Errors
    /// The system refuses.
    pub fn enter(args: &StartArgs, log: &LogDestination) -> io::Result<Option<Self>> {
        let Some(file) = log.file().filter(|_| args.detached) else { return Ok(None) };
        // A gateway that was restarted leads a session already and nobody waits for it.
        let _ = rustix::process::setsid();
        let caller = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        rustix::stdio::dup2_stdin(nothing()?)?;
        Ok(Some(Self { caller, stray_output: stray_output(file) }))
    }

    /// Says that the gateway is up, and whether anything is `serving`, and lets go of the terminal.
    /// What is printed from now on is no part of the log: it goes to a file beside it.
    ///
    /// # Errors
    /// That file cannot be opened.
    pub fn up(mut self, serving: bool) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(true).mode(0o600);
        let stray = options.open(&self.stray_output)?;
        rustix::stdio::dup2_stdout(&stray)?;
        rustix::stdio::dup2_stderr(&stray)?;
        // Who waited may have given up: that ends nothing here.
        let _ = self.caller.write_all(if serving { UP } else { IDLE });
        Ok(())
    }
}

fn nothing() -> io::Result<std::fs::File> {
    OpenOptions::new().read(true).write(true).open("/dev/null")
}

/// The file for what is printed past the log: by the engine when it aborts, and the like.
fn stray_output(log: &Path) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(".stray");
    name.into()
}
