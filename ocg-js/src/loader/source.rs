//! Source text as the engine takes it.

use std::path::Path;

use super::failure::LoadFailure;

/// Reads a source file. See [`normalize`].
pub(crate) fn read(path: &Path) -> Result<String, LoadFailure> {
    let bytes = std::fs::read(path)
        .map_err(|source| LoadFailure::Unreadable { path: path.to_owned(), source })?;
    Ok(normalize(String::from_utf8(bytes).unwrap_or_else(|error| {
        // As Node: broken UTF-8 becomes replacement characters.
        String::from_utf8_lossy(error.as_bytes()).into_owned()
    })))
}

/// Drops a byte order mark, turns a `#!` line into a comment (the lines keep their numbers) and
/// writes NUL characters as escapes, because the engine's parser stops at them. They are legal
/// only inside literals and comments, where the escape means the same.
pub(crate) fn normalize(text: String) -> String {
    let mut text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.starts_with("#!") {
        text.replace_range(..2, "//");
    }
    if text.contains('\0') {
        text = text.replace('\0', "\\x00");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn keeps_line_numbers_below_a_shebang() {
        assert_eq!(normalize("\u{feff}#!/usr/bin/env node\nx".into()), "///usr/bin/env node\nx");
    }

    #[test]
    fn escapes_nul() {
        assert_eq!(normalize("'a\0b'".into()), r"'a\x00b'");
    }
}
