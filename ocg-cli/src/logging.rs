//! The log: short lines for people, JSON for machines, always on standard error.

use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt::time::ChronoLocal;

use crate::failure::Failure;
use crate::output::colours;

/// Sets up logging from `OCG_LOG` (a filter such as `ocg=debug`) and `OCG_LOG_FORMAT` (`json`).
/// Without `OCG_LOG`, `default` is the level.
///
/// # Errors
/// A filter or a format that does not exist.
pub fn set_up(default: &str) -> Result<(), Failure> {
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
    let format = std::env::var("OCG_LOG_FORMAT").unwrap_or_default();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format.as_str() {
        "json" => log.json().flatten_event(true).init(),
        "" | "text" => {
            let colour = colours(&std::io::stderr());
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
