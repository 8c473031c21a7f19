//! The log: short lines for people, JSON for machines, on standard error or in a file.

use std::sync::Mutex;

use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::time::ChronoLocal;

use crate::daemon::{LogDestination, open_log};
use crate::failure::Failure;
use crate::output::colours;

/// Sets up logging to `destination` as `OCG_LOG` (a filter such as `ocg=debug`) and
/// `OCG_LOG_FORMAT` (`json`) say. Without `OCG_LOG`, `default` is the level.
///
/// # Errors
/// A filter or a format that does not exist, a file that cannot be written.
pub fn set_up(default: &str, destination: &LogDestination) -> Result<(), Failure> {
    let filter = match std::env::var("OCG_LOG") {
        Ok(filter) if !filter.trim().is_empty() => {
            EnvFilter::try_new(&filter).map_err(|error| {
                Failure::usage(format!("OCG_LOG is not a log filter: {filter:?}"))
                    .because(&error)
                    .hint("use a level such as `debug`, or `ocg_core=debug,ocg_js=info`")
            })?
        }
        _ => EnvFilter::new(default),
    };
    match destination {
        LogDestination::Terminal => install(filter, std::io::stderr, colours(&std::io::stderr())),
        LogDestination::File(path) => {
            let file = open_log(path).map_err(|error| {
                Failure::failed("there is no place for the log")
                    .because(&error)
                    .hint("--log-file and --log-dir name another one")
            })?;
            install(filter, Mutex::new(file), false)
        }
    }
}

fn install<W>(filter: EnvFilter, writer: W, colour: bool) -> Result<(), Failure>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    match std::env::var("OCG_LOG_FORMAT").unwrap_or_default().as_str() {
        "json" => log.json().flatten_event(true).init(),
        "" | "text" => {
            let time = if colour { "%H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S%:z" };
            log.with_target(false)
                .with_ansi(colour)
                .with_timer(ChronoLocal::new(time.to_owned()))
                .init();
        }
        other => {
            return Err(Failure::usage(format!("OCG_LOG_FORMAT is not a log format: {other:?}"))
                .hint("use `json` or `text`"));
        }
    }
    Ok(())
}
