//! Why an isolate ended.

use std::time::Duration;

/// The last thing an isolate says. All but [`IsolateEnd::Stopped`] end it without being asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IsolateEnd {
    /// The host stopped it, or dropped its last handle.
    #[error("plugin {plugin} was stopped")]
    Stopped {
        /// The isolate's name.
        plugin: String,
    },
    /// The plugin called `process.exit`.
    #[error(
        "plugin {plugin} ended itself with process.exit({code}); look at what it logged before, or update it"
    )]
    Exited {
        /// The isolate's name.
        plugin: String,
        /// The exit code that the plugin gave.
        code: i32,
    },
    /// JavaScript computed for too long.
    #[error(
        "plugin {plugin} used more than {} ms of CPU time without a pause and was interrupted; it probably loops for ever; update it or report it to its authors",
        limit.as_millis()
    )]
    Interrupted {
        /// The isolate's name.
        plugin: String,
        /// The limit that was passed.
        limit: Duration,
    },
    /// JavaScript used up its memory and did not handle the error.
    #[error(
        "plugin {plugin} used up its memory limit of {} MiB; update it or report it to its authors",
        limit >> 20
    )]
    OutOfMemory {
        /// The isolate's name.
        plugin: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The isolate's thread panicked: a defect of OCG, contained.
    #[error(
        "the isolate of plugin {plugin} panicked: {message}; this is a defect of OCG, please report it"
    )]
    Panicked {
        /// The isolate's name.
        plugin: String,
        /// The panic's own words.
        message: String,
    },
}
