//! This program and the arguments it was called with, to be run once more.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// The program as it was called. The path is taken at the start: a newer binary that has taken the
/// place of the running one is the one to go on with.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
}

impl Program {
    /// This program.
    ///
    /// # Errors
    /// The system does not say where it is.
    pub fn this() -> io::Result<Self> {
        Ok(Self {
            path: std::env::current_exe()?,
            arguments: std::env::args_os().skip(1).collect(),
        })
    }

    /// The program with the same arguments, to be started beside this one.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments);
        command
    }

    /// Puts the program in the place of this process: the process id and what waits for it stay.
    /// Returns only if that fails.
    pub fn replace_this_process(&self) -> io::Error {
        self.command().exec()
    }
}
