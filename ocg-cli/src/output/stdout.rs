//! Writing to standard output, which may be closed at any time.

use std::io::{self, Write};

use serde::Serialize;

/// Standard output that takes nothing more.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The reader has gone away.
    #[error("standard output is closed")]
    Closed,
    /// The disk is full, or the like.
    #[error("cannot write to standard output")]
    Failed(#[source] io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Failed(error) }
    }
}

/// Writes `text` as it is.
pub fn text(text: impl AsRef<str>) -> Result<(), OutputError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_ref().as_bytes())?;
    Ok(stdout.flush()?)
}

/// Writes one line.
pub fn line(text: impl AsRef<str>) -> Result<(), OutputError> {
    self::text(format!("{}\n", text.as_ref()))
}

/// Writes a value as indented JSON.
pub fn json(value: &impl Serialize) -> Result<(), OutputError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| OutputError::Failed(io::Error::other(error)))?;
    line(text)
}
