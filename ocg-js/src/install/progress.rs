//! What an installation tells while it runs.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Receives the events of an installation; the terminal decides how to draw them.
///
/// Called from several tasks: keep it quick.
pub trait InstallProgress: Send + Sync {
    /// Something happened.
    fn event(&self, event: InstallEvent);
}

/// Ignores all events.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl InstallProgress for Quiet {
    fn event(&self, _event: InstallEvent) {}
}

/// One step of an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstallEvent {
    /// The registry is asked what `spec` means.
    Resolving {
        /// What was asked for.
        spec: String,
    },
    /// So many packages are known to belong to the tree; rises while dependencies are resolved.
    Found {
        /// Packages in the tree so far.
        packages: usize,
    },
    /// The tree is complete; its tarballs are fetched now.
    Downloading {
        /// Tarballs to fetch.
        tarballs: usize,
    },
    /// More bytes of some tarball arrived.
    Received {
        /// Bytes since the last such event.
        bytes: u64,
    },
    /// A tarball is complete and has the right hash.
    Downloaded {
        /// `name@version`.
        package: String,
    },
    /// The tarballs are unpacked now.
    Unpacking {
        /// Packages to unpack.
        packages: usize,
    },
    /// A package is unpacked.
    Unpacked {
        /// `name@version`.
        package: String,
    },
    /// Something the operator should know, which is no error.
    Notice(Notice),
    /// The plugin is in place.
    Done {
        /// Name of the package.
        package: String,
        /// Its version.
        version: String,
    },
}

/// Something the operator should know about an installation that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The author marked a version as deprecated.
    Deprecated {
        /// `name@version`.
        package: String,
        /// The author's words.
        reason: String,
    },
    /// A package has install scripts, which never run.
    SkippedScripts {
        /// `name@version`.
        package: String,
    },
    /// An optional dependency was left out.
    SkippedOptional {
        /// Name of the dependency.
        package: String,
        /// Why.
        reason: String,
    },
    /// A dependency of the plugin is not in the registry, and nothing in the plugin imports it.
    Unpublished {
        /// Name of the dependency.
        package: String,
        /// What the registry said.
        reason: String,
    },
    /// A newer version exists but is younger than `minReleaseAgeDays`.
    TooFresh {
        /// Name of the package.
        package: String,
        /// The young version.
        passed_over: String,
        /// The version taken in its place.
        chosen: String,
        /// The age a version must have, in days.
        days: u32,
    },
    /// The registry does not say when versions were published, so their age was not checked.
    AgeUnknown {
        /// `name@version`.
        package: String,
    },
    /// A short or old name was replaced.
    Renamed {
        /// What was asked for.
        asked: String,
        /// The package it stands for.
        package: String,
        /// Why, where it is not just a short name.
        reason: Option<String>,
    },
    /// A peer dependency cannot be satisfied next to the other packages.
    PeerConflict {
        /// The package with the peer dependency, `name@version`.
        package: String,
        /// The peer, `name@range`.
        wants: String,
        /// The version in the tree.
        found: String,
    },
    /// The plugin was made for an older OpenClaw than the one the host stands for.
    OlderHost {
        /// `name@version`.
        package: String,
        /// The range it names.
        wants: String,
    },
    /// A link inside a package was left out: links are never unpacked.
    SkippedLink {
        /// `name@version`.
        package: String,
        /// Path of the link inside the package.
        path: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deprecated { package, reason } => {
                write!(f, "{package} is deprecated: {reason}")
            }
            Self::SkippedScripts { package } => {
                write!(f, "{package} has install scripts; they were not run")
            }
            Self::SkippedOptional { package, reason } => {
                write!(f, "optional dependency {package} is left out: {reason}")
            }
            Self::Unpublished { package, reason } => write!(
                f,
                "dependency {package} is left out, since the plugin's code does not import it: \
                 {reason}"
            ),
            Self::TooFresh { package, passed_over, chosen, days } => write!(
                f,
                "{package} {passed_over} is younger than {days} days, so {chosen} is taken; \
                 --allow-fresh takes the newest"
            ),
            Self::AgeUnknown { package } => write!(
                f,
                "the registry does not say when {package} was published; its age is not checked"
            ),
            Self::Renamed { asked, package, reason: None } => {
                write!(f, "{asked} stands for {package}")
            }
            Self::Renamed { asked, package, reason: Some(reason) } => {
                write!(f, "{asked} {reason}; {package} is taken in its place")
            }
            Self::PeerConflict { package, wants, found } => {
                write!(f, "{package} wants {wants} beside it, but the tree has {found}")
            }
            Self::OlderHost { package, wants } => write!(
                f,
                "{package} was made for OpenClaw {wants}, which is older than {}; it should still \
                 work",
                super::HOST_VERSION
            ),
            Self::SkippedLink { package, path } => {
                write!(f, "{package} contains the link {path}, which is not unpacked")
            }
        }
    }
}

/// Passes events on and remembers the notices for the report.
pub(super) struct Reporter<'a> {
    progress: &'a dyn InstallProgress,
    notices: Mutex<Vec<Notice>>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(progress: &'a dyn InstallProgress) -> Self {
        Self { progress, notices: Mutex::new(Vec::new()) }
    }

    pub(super) fn event(&self, event: InstallEvent) {
        self.progress.event(event);
    }

    /// Tells a notice, once.
    pub(super) fn notice(&self, notice: Notice) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&notice) {
            notices.push(notice.clone());
            drop(notices);
            self.progress.event(InstallEvent::Notice(notice));
        }
    }

    pub(super) fn into_notices(self) -> Vec<Notice> {
        self.notices.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
