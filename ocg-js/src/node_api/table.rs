use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a name is imported or simply there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `node:<name>`
    Module,
    /// A property of `globalThis` that is not of the language itself.
    Global,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Module => "module",
            Self::Global => "global",
        })
    }
}

/// How much of it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As in Node.
    Provided,
    /// Except for what is listed.
    Partial,
    /// A module can be imported, but what it exports throws; a global is not defined.
    Absent,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Provided => "provided",
            Self::Partial => "partial",
            Self::Absent => "absent",
        })
    }
}

/// One module or global.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// Its name; of a module without `node:`.
    pub name: String,
    /// How much of it works.
    pub status: Status,
    /// What does not work: names, or a few words.
    pub missing: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    status: Status,
    #[serde(default)]
    missing: Vec<String>,
}

/// All modules, then all globals, by name.
pub fn entries() -> Vec<Entry> {
    let tables = [
        (Kind::Module, include_str!("../../js/node/table.json")),
        (Kind::Global, include_str!("../../js/web/table.json")),
    ];
    let mut found = Vec::new();
    for (kind, text) in tables {
        let rows: BTreeMap<String, Row> =
            serde_json::from_str(text).expect("the table is ours, and a test reads it");
        found.extend(rows.into_iter().map(|(name, Row { status, missing })| Entry {
            kind,
            name,
            status,
            missing,
        }));
    }
    found
}
