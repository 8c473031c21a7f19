//! Colour, where there is a terminal to show it.

use std::io::{IsTerminal, Write};

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Went well.
    Good,
    /// Works, but look at it.
    Doubtful,
    /// Went wrong.
    Bad,
    /// Less important.
    Dim,
    /// More important.
    Strong,
}

/// Whether colours belong on `stream` (<https://no-color.org>).
pub fn colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// `text` in the colour of `style`, if standard output shows colours.
pub fn paint(style: Style, text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    if !colours(&std::io::stdout()) {
        return text.to_owned();
    }
    let code = match style {
        Style::Good => "32",
        Style::Doubtful => "33",
        Style::Bad => "31",
        Style::Dim => "2",
        Style::Strong => "1",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// Prints a warning to standard error.
pub fn warn(text: impl AsRef<str>) {
    let mut stderr = std::io::stderr().lock();
    let label = if colours(&stderr) { "\x1b[1;33mwarning:\x1b[0m" } else { "warning:" };
    // Nobody can be told that warnings cannot be shown.
    let _ = writeln!(stderr, "{label} {}", text.as_ref());
}

/// Says on standard error what goes on; for people only, never part of a result.
pub fn note(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr(), "{}", text.as_ref());
}
