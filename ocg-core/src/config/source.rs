//! Where a setting's value comes from.

use std::fmt;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Built in.
    Default,
    /// A top-level key of the configuration file.
    File {
        /// The file.
        path: PathBuf,
    },
    /// An environment variable.
    Env {
        /// Its name.
        name: &'static str,
    },
    /// The channel's section of the configuration file.
    Channel {
        /// Channel id.
        channel: String,
    },
    /// The account's section of the configuration file.
    Account {
        /// Channel id.
        channel: String,
        /// Account id.
        account: String,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path } => write!(f, "{}", path.display()),
            Self::Env { name } => write!(f, "environment variable {name}"),
            Self::Channel { channel } => write!(f, "channels.{channel}"),
            Self::Account { channel, account } => {
                write!(f, "channels.{channel}.accounts.{account}")
            }
        }
    }
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

impl<T> Sourced<T> {
    /// `value` from `source`.
    pub fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }

    /// The same source with a value made of this one.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: make(self.value), source: self.source }
    }
}
