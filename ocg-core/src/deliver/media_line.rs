//! Lines of an answer that name a file: `MEDIA:<url or path>` and `![alt](https://…)`.

use super::fence::{self, Fence};
use super::media::Media;

/// A piece of an answer between lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Text.
    Text(String),
    /// A line that names a file, which the agent may or may not be allowed to send.
    Candidate {
        /// The line itself, with its line break.
        source: String,
        /// The URL or path.
        reference: String,
    },
    /// A file that was let through.
    Media(Media),
}

/// Finds media lines in a stream. Lines that cannot be one pass at once, piece by piece.
#[derive(Debug, Default)]
pub(super) struct MediaLines {
    /// The line that is being written.
    line: String,
    /// How much of it has been let through.
    passed: usize,
    open: Option<Fence>,
}

impl MediaLines {
    pub(super) fn push(&mut self, text: &str) -> Vec<Line> {
        let mut found = Vec::new();
        for part in text.split_inclusive('\n') {
            self.line.push_str(part);
            if part.ends_with('\n') {
                self.end_line(&mut found);
            } else if self.open.is_some() || !may_name_media(&self.line) {
                self.pass(&mut found);
            }
        }
        found
    }

    pub(super) fn finish(&mut self) -> Vec<Line> {
        let mut found = Vec::new();
        if !self.line.is_empty() {
            self.end_line(&mut found);
        }
        found
    }

    fn pass(&mut self, found: &mut Vec<Line>) {
        let text = &self.line[self.passed..];
        if !text.is_empty() {
            match found.last_mut() {
                Some(Line::Text(before)) => before.push_str(text),
                _ => found.push(Line::Text(text.to_owned())),
            }
        }
        self.passed = self.line.len();
    }

    fn end_line(&mut self, found: &mut Vec<Line>) {
        let reference =
            if self.open.is_none() && self.passed == 0 { named_media(&self.line) } else { None };
        match reference.map(str::to_owned) {
            Some(reference) => {
                found.push(Line::Candidate { source: std::mem::take(&mut self.line), reference });
            }
            None => {
                self.pass(found);
                self.open = fence::after(self.open.take(), &self.line);
                self.line.clear();
            }
        }
        self.passed = 0;
    }
}

/// Whether a line that begins like this can still turn out to name media.
fn may_name_media(begun: &str) -> bool {
    let begun = begun.trim_start();
    ["MEDIA:", "!["].iter().any(|start| start.starts_with(begun) || begun.starts_with(start))
}

/// What a complete line names.
fn named_media(line: &str) -> Option<&str> {
    let line = line.trim();
    let reference = match line.strip_prefix("MEDIA:") {
        Some(reference) => reference.trim().trim_matches(['`', '"']),
        None => {
            let (_, reference) = line.strip_prefix("![")?.split_once("](")?;
            let reference = reference.strip_suffix(')')?.trim();
            // `![alt](url "title")`
            let reference = reference.split_once([' ', '\t']).map_or(reference, |(url, _)| url);
            let web = ["https://", "http://", "data:"];
            if reference.contains(')') || !web.iter().any(|scheme| reference.starts_with(scheme)) {
                return None;
            }
            reference
        }
    };
    (!reference.is_empty()).then_some(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(text: &str) -> Vec<String> {
        let mut lines = MediaLines::default();
        let mut found = lines.push(text);
        found.extend(lines.finish());
        let references = found.into_iter().filter_map(|line| match line {
            Line::Candidate { reference, .. } => Some(reference),
            _ => None,
        });
        references.collect()
    }

    #[test]
    fn media_stands_alone_on_its_line() {
        assert_eq!(references("MEDIA:https://a.example/x.png"), ["https://a.example/x.png"]);
        assert_eq!(references("a\n  MEDIA: `/tmp/a b.png` \nb"), ["/tmp/a b.png"]);
        assert_eq!(
            references("![a cat](https://a.example/c.jpg \"Cat\")\n"),
            ["https://a.example/c.jpg"]
        );
        for text in [
            "see MEDIA:https://a.example/x.png",
            "![a](https://a.example/1) and ![b](https://a.example/2)",
            "![a](/etc/passwd)",
            "```\nMEDIA:https://a.example/x.png\n```",
            "MEDIA:",
        ] {
            assert!(references(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn other_text_passes_at_once() {
        let mut lines = MediaLines::default();
        assert_eq!(lines.push("Hel"), [Line::Text("Hel".into())]);
        assert_eq!(lines.push("lo\nMED"), [Line::Text("lo\n".into())]);
        assert_eq!(lines.push("ICINE"), [Line::Text("MEDICINE".into())]);
    }
}
