//! A bug of ours must look like one: one clear line, not a backtrace.

use std::io::Write;

/// Replaces the standard panic message.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|location| format!(" at {}:{}", location.file(), location.line()))
            .unwrap_or_default();
        let _ = writeln!(
            std::io::stderr(),
            "error: ocg has a bug{place}\n\
             hint: please report this line, the command and the output of `ocg version` to the \
             project's issue tracker"
        );
        tracing::debug!(target: "ocg", "panic{place}: {info}");
    }));
}
