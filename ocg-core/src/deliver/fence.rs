//! Code fences of Markdown (CommonMark 0.31, section 4.5).

/// An open code fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fence {
    /// The opening line, without its indentation.
    pub(super) opener: String,
    /// The fence characters alone: what closes it.
    pub(super) marker: String,
}

impl Fence {
    /// The fence that a line opens.
    pub(super) fn opened_by(line: &str) -> Option<Self> {
        let line = without_indent(line)?.trim_end();
        let (marker, info) = line.split_at(marker_length(line)?);
        if marker.starts_with('`') && info.contains('`') {
            return None;
        }
        Some(Self { opener: line.to_owned(), marker: marker.to_owned() })
    }

    /// Whether a line closes this fence.
    pub(super) fn closed_by(&self, line: &str) -> bool {
        let Some(line) = without_indent(line).map(str::trim_end) else { return false };
        marker_length(line) == Some(line.len())
            && line.len() >= self.marker.len()
            && line.starts_with(&self.marker)
    }
}

/// The state after `line`, which is complete.
pub(super) fn after(open: Option<Fence>, line: &str) -> Option<Fence> {
    match open {
        Some(fence) if fence.closed_by(line) => None,
        Some(fence) => Some(fence),
        None => Fence::opened_by(line),
    }
}

/// Four spaces or more make an indented code block, not a fence.
fn without_indent(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ');
    (line.len() - rest.len() < 4).then_some(rest)
}

fn marker_length(line: &str) -> Option<usize> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    (length >= 3).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_closed_by_its_own_kind() {
        let fence = Fence::opened_by("  ````rust title=a\n").unwrap();
        assert_eq!((fence.opener.as_str(), fence.marker.as_str()), ("````rust title=a", "````"));
        assert!(!fence.closed_by("```\n"));
        assert!(!fence.closed_by("~~~~\n"));
        assert!(!fence.closed_by("````x\n"));
        assert!(fence.closed_by("````` \n"));
    }

    #[test]
    fn inline_code_and_indented_code_open_nothing() {
        for line in ["``` a ``` b", "    ```", "``", "text ```"] {
            assert_eq!(Fence::opened_by(line), None, "{line}");
        }
    }
}
