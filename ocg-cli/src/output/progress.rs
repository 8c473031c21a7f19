//! Progress of an installation: a bar on a terminal, plain lines otherwise.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use ocg_js::install::{InstallEvent, InstallProgress, Notice};

use super::warn;

/// Shows an installation on standard error.
pub struct InstallBar {
    bar: Option<ProgressBar>,
    notices: Mutex<Vec<Notice>>,
}

impl InstallBar {
    /// Starts to show progress.
    pub fn start() -> Self {
        let notices = Mutex::new(Vec::new());
        if !std::io::stderr().is_terminal() {
            return Self { bar: None, notices };
        }
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar: Some(bar), notices }
    }

    /// Removes the bar and prints what the operator should know.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        let notices = self.notices.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        for notice in notices {
            warn(notice.to_string());
        }
    }

    fn step(&self, what: String, total: Option<usize>) {
        let Some(bar) = &self.bar else {
            // A lost line of progress is no reason to fail.
            let _ = writeln!(std::io::stderr(), "{what}");
            return;
        };
        bar.set_message(what);
        bar.set_position(0);
        if let Some(total) = total {
            bar.set_length(total as u64);
        }
        let template = match total {
            Some(_) => "{spinner} {msg} {bar:24} {pos}/{len}",
            None => "{spinner} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
    }
}

impl InstallProgress for InstallBar {
    fn event(&self, event: InstallEvent) {
        match event {
            InstallEvent::Resolving { spec } => self.step(format!("Resolving {spec}"), None),
            InstallEvent::Found { packages } => {
                if let Some(bar) = &self.bar {
                    bar.set_message(format!("Resolving: {}", count(packages, "package")));
                }
            }
            InstallEvent::Downloading { tarballs } => {
                self.step(format!("Downloading {}", count(tarballs, "package")), Some(tarballs));
            }
            InstallEvent::Unpacking { packages } => {
                self.step(format!("Unpacking {}", count(packages, "package")), Some(packages));
            }
            InstallEvent::Downloaded { .. } | InstallEvent::Unpacked { .. } => {
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
            InstallEvent::Notice(notice) => {
                let mut notices =
                    self.notices.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                if !notices.contains(&notice) {
                    notices.push(notice);
                }
            }
            _ => {}
        }
    }
}

/// `1 package`, `2 packages`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
