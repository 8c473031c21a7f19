//! Marks with which an agent says "nothing to say" (plugin contract §3.2, dispatcher
//! normalisation).

const MARKS: [&str; 2] = ["NO_REPLY", "HEARTBEAT_OK"];

/// Takes the marks out of a stream, together with the spaces after them.
#[derive(Debug, Default)]
pub(super) struct SilenceFilter {
    /// What may still become a mark.
    held: String,
    /// The last character that was let through.
    last: Option<char>,
    /// Something visible was let through.
    visible: bool,
    found: bool,
    skip_spaces: bool,
}

impl SilenceFilter {
    /// What of the text so far can be shown.
    pub(super) fn push(&mut self, delta: &str) -> String {
        self.held.push_str(delta);
        self.release(false)
    }

    /// What is left at the end of the text.
    pub(super) fn finish(&mut self) -> String {
        self.release(true)
    }

    /// Whether a mark was taken out.
    pub(super) fn found(&self) -> bool {
        self.found
    }

    fn release(&mut self, complete: bool) -> String {
        let held = std::mem::take(&mut self.held);
        let mut shown = String::with_capacity(held.len());
        let mut rest = held.as_str();
        while let Some(c) = rest.chars().next() {
            if self.skip_spaces && matches!(c, ' ' | '\t') {
                rest = &rest[1..];
                continue;
            }
            self.skip_spaces = false;
            if !complete && MARKS.iter().any(|mark| mark.starts_with(rest)) {
                break;
            }
            if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark))
                && self.is_apart(&rest[mark.len()..])
            {
                rest = &rest[mark.len()..];
                (self.found, self.skip_spaces) = (true, true);
                continue;
            }
            shown.push(c);
            self.last = Some(c);
            self.visible |= !c.is_whitespace();
            rest = &rest[c.len_utf8()..];
        }
        self.held = rest.to_owned();
        shown
    }

    /// A mark inside a longer name (`MY_NO_REPLY_FLAG`) is none. At the start of the answer models
    /// also glue a capital letter to it.
    fn is_apart(&self, after: &str) -> bool {
        let joins = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let next = after.chars().next();
        if !self.visible {
            return next.is_none_or(|c| !joins(c) || c.is_ascii_uppercase());
        }
        !self.last.is_some_and(joins) && !next.is_some_and(joins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(deltas: &[&str]) -> (String, bool) {
        let mut filter = SilenceFilter::default();
        let mut text: String = deltas.iter().map(|delta| filter.push(delta)).collect();
        text.push_str(&filter.finish());
        (text, filter.found())
    }

    #[test]
    fn marks_are_taken_out_however_they_arrive() {
        for (text, expected) in [
            ("NO_REPLY", ""),
            (" HEARTBEAT_OK\n", " \n"),
            ("NO_REPLYThe answer", "The answer"),
            ("All done. NO_REPLY", "All done. "),
            ("a NO_REPLY b", "a b"),
            ("MY_NO_REPLY_FLAG and NO_REPLYs", "MY_NO_REPLY_FLAG and NO_REPLYs"),
            ("NO_REPL", "NO_REPL"),
            ("NNO_REPLY", "NNO_REPLY"),
        ] {
            assert_eq!(filtered(&[text]).0, expected);
            let letters: Vec<_> = text.split_inclusive(|_| true).collect();
            assert_eq!(filtered(&letters).0, expected, "letter by letter");
        }
        assert!(filtered(&["NO_", "REPLY"]).1);
        assert!(!filtered(&["NO_", "REPLYs"]).1);
    }
}
