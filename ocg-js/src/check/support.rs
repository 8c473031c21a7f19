//! The tables of what the host has.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How far something that a plugin uses is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Support {
    /// Does what the contract says.
    Faithful,
    /// Answers neutrally: a feature of an agent engine, which a gateway has not.
    Inert,
    /// Links, and throws when it is called.
    Missing,
}

impl fmt::Display for Support {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Faithful => "faithful",
            Self::Inert => "inert",
            Self::Missing => "missing",
        })
    }
}

/// `js/sdk/table.json`: names of the SDK by subpath.
pub(crate) struct SdkTable(BTreeMap<String, BTreeMap<String, Support>>);

impl SdkTable {
    pub(crate) fn embedded() -> Self {
        let text = include_str!("../../js/sdk/table.json");
        Self(serde_json::from_str(text).expect("the table is ours, and a test reads it"))
    }

    pub(crate) fn support(&self, subpath: &str, name: &str) -> Support {
        self.0.get(subpath).and_then(|names| names.get(name)).copied().unwrap_or(Support::Missing)
    }
}
