//! Stack traces of the engine, made readable for the plugin's operator.

use rquickjs::Ctx;

use crate::loader::Loader;

/// Frames kept of a stack: enough to find the place, not enough to flood the log.
const MAX_FRAMES: usize = 16;

/// What a stack trace tells.
#[derive(Default)]
pub(super) struct Stack {
    /// One frame per line, files as [`Loader::shown`] names them.
    pub(super) text: String,
    /// `file:line:column` of the first frame in the plugin's own code, if the code could not be
    /// compiled or failed while it was loaded.
    pub(super) place: Option<String>,
}

impl Stack {
    pub(super) fn read(ctx: &Ctx<'_>, trace: &str) -> Self {
        let loader = Loader::of(ctx);
        let frames: Vec<Frame<'_>> = trace.lines().filter_map(Frame::parse).collect();
        let own = frames.iter().find(|frame| loader.owns(frame.file));
        let uncompiled =
            frames.first().is_some_and(|frame| !frame.in_function && loader.owns(frame.file));
        let loading = frames.iter().any(|frame| {
            loader.is_evaluating(frame.file) || (frame.file == "node:module" && frame.in_function)
        });
        let lines: Vec<String> =
            trace.lines().take(MAX_FRAMES).map(|line| loader.shown(line.trim())).collect();
        Self {
            text: lines.join("\n"),
            place: own.filter(|_| uncompiled || loading).map(|frame| loader.shown(frame.place)),
        }
    }
}

/// `at function (file:line:column)`, or `at file:line:column` for a file that does not compile.
struct Frame<'a> {
    file: &'a str,
    place: &'a str,
    in_function: bool,
}

impl<'a> Frame<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let line = line.trim().strip_prefix("at ")?;
        let inner = line.strip_suffix(')').and_then(|line| line.split_once(" (")).map(|(_, i)| i);
        let place = inner.unwrap_or(line);
        let mut parts = place.rsplitn(3, ':');
        let numbers = [parts.next()?, parts.next()?];
        let file = parts.next()?;
        numbers.iter().all(|number| number.parse::<u32>().is_ok()).then_some(Self {
            file,
            place,
            in_function: inner.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Frame;

    fn parsed(line: &str) -> Option<(&str, &str, bool)> {
        Frame::parse(line).map(|frame| (frame.file, frame.place, frame.in_function))
    }

    #[test]
    fn frames_name_file_and_place() {
        assert_eq!(
            parsed("    at f (/a (b)/c.js:1:25)"),
            Some(("/a (b)/c.js", "/a (b)/c.js:1:25", true))
        );
        assert_eq!(parsed("at /a/c.js:2:7"), Some(("/a/c.js", "/a/c.js:2:7", false)));
        assert_eq!(
            parsed("at load (node:module:72:81)"),
            Some(("node:module", "node:module:72:81", true))
        );
        assert_eq!(parsed("at parse (native)"), None);
    }
}
