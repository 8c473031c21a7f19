//! Noticing that the configuration file may have changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use crate::context::Context;

/// Watches until it is dropped.
pub struct ConfigWatch {
    _files: Option<RecommendedWatcher>,
    _hangups: AbortOnDropHandle<()>,
}

impl ConfigWatch {
    /// Watches the configuration file and waits for SIGHUP. A hint says that something may have
    /// changed, no more.
    pub fn start(context: &Context) -> (Self, mpsc::Receiver<()>) {
        let (hint, hints) = mpsc::channel(1);
        let files = match watch(context, hint.clone()) {
            Ok(files) => Some(files),
            Err(error) => {
                tracing::warn!(target: "ocg::config", %error, "the configuration file cannot be watched; `kill -HUP` makes the gateway read it");
                None
            }
        };
        let hangups = AbortOnDropHandle::new(tokio::spawn(wait_for_hangups(hint)));
        (Self { _files: files, _hangups: hangups }, hints)
    }
}

async fn wait_for_hangups(hint: mpsc::Sender<()>) {
    let Ok(mut hangups) = signal(SignalKind::hangup()) else { return };
    while hangups.recv().await.is_some() {
        tracing::info!(target: "ocg::config", "SIGHUP: the configuration is read again");
        // A hint that waits already is enough.
        let _ = hint.try_send(());
    }
}

/// Watches the folders of the file, since editors put a new file in the place of the old one.
fn watch(context: &Context, hint: mpsc::Sender<()>) -> notify::Result<RecommendedWatcher> {
    let files = files(context);
    let folders: BTreeSet<PathBuf> =
        files.iter().filter_map(|file| file.parent()).map(Path::to_owned).collect();
    let names: BTreeSet<_> = files.iter().filter_map(|file| file.file_name()).collect();
    let names: BTreeSet<_> = names.into_iter().map(ToOwned::to_owned).collect();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let matters = match &event {
            Ok(event) => {
                let named =
                    |path: &PathBuf| path.file_name().is_some_and(|name| names.contains(name));
                is_change(&event.kind) && event.paths.iter().any(named)
            }
            // Events were lost: anything may have happened.
            Err(_) => true,
        };
        if matters {
            let _ = hint.try_send(());
        }
    })?;
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
}

/// The file that was read, what it is a link to, and the one that would be read if it existed.
fn files(context: &Context) -> Vec<PathBuf> {
    let config = context.config();
    let read = config.file().map(Path::to_owned);
    let target = read.as_ref().and_then(|file| std::fs::canonicalize(file).ok());
    let new = context.location.new_config_file().ok();
    [read, target, new].into_iter().flatten().collect()
}

fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(access) => *access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}
