//! Commands that need no gateway: what a person waits for.

use std::process::{Command, Stdio};

use tokio::time::Instant;

use crate::arguments::CommandArguments;
use crate::report::{Column, Report};
use crate::series::Series;

/// What is run in turn, so that all see the same machine; the first does nothing.
const COLUMNS: [(&str, &[&str]); 4] = [
    ("/bin/true", &[]),
    ("ocg --help", &["--help"]),
    ("ocg version", &["version"]),
    ("ocg status", &["status"]),
];

/// Runs every command `runs` times, from start to exit.
pub(crate) fn measure(arguments: &CommandArguments) -> Report {
    let state = tempfile::tempdir().unwrap();
    let mut columns = COLUMNS.map(|(name, _)| Column {
        name: name.to_owned(),
        command: name.replace("ocg", &arguments.ocg.display().to_string()),
        series: Series::default(),
    });
    // The first round only fills the caches.
    for round in 0..=arguments.runs {
        for ((name, words), column) in COLUMNS.iter().zip(&mut columns) {
            let is_ocg = name.starts_with("ocg");
            let program = if is_ocg { arguments.ocg.as_os_str() } else { name.as_ref() };
            let mut command = Command::new(program);
            command.args(*words).env("OCG_STATE_DIR", state.path());
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let began = Instant::now();
            command.status().unwrap();
            if round > 0 {
                column.series.add("exit", began.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    let about = "each command from start to exit, one after the other".to_owned();
    Report { columns: columns.into(), runs: arguments.runs, about }
}
