//! Where a text may be cut.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::fence::{self, Fence};

/// Kinds of places to cut at, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// After a blank line or a closed code fence.
    Paragraph,
    /// After the end of a sentence.
    Sentence,
    /// At the start of a line.
    Line,
    /// Before white space.
    Word,
}

/// A place to cut at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Break {
    pub(super) at: usize,
    pub(super) class: Class,
    /// The code fence that is open there.
    pub(super) fence: Option<Fence>,
}

impl Break {
    pub(super) fn is_line_start(&self) -> bool {
        matches!(self.class, Class::Paragraph | Class::Line)
    }
}

/// All places to cut `text` at, in order, where `open` is the fence that is open at its start.
/// Each is decided by what is before it and the one character after it.
pub(super) fn breaks(text: &str, open: Option<Fence>) -> Vec<Break> {
    let mut found = Vec::new();
    let mut fence = open;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let before = fence.clone();
        let complete = line.ends_with('\n');
        if complete {
            fence = fence::after(fence, line);
        }
        within_line(text, start..start + line.len(), before.as_ref(), &mut found);
        start += line.len();
        if complete && start < text.len() {
            let ends_paragraph = fence.is_none() && (before.is_some() || line.trim().is_empty());
            let class = if ends_paragraph { Class::Paragraph } else { Class::Line };
            found.push(Break { at: start, class, fence: fence.clone() });
        }
    }
    found
}

/// Sentence ends and words of one line. Code has no sentences.
fn within_line(text: &str, line: Range<usize>, fence: Option<&Fence>, found: &mut Vec<Break>) {
    let mut sentence = false;
    let mut previous_space = true;
    for (offset, c) in text[line.clone()].char_indices() {
        let at = line.start + offset;
        if c.is_whitespace() {
            if !previous_space {
                let class = if sentence && fence.is_none() { Class::Sentence } else { Class::Word };
                push(text, at, class, fence, found);
            }
            (sentence, previous_space) = (false, true);
            continue;
        }
        if sentence && fence.is_none() && ends_wide_sentence(text[..at].chars().next_back()) {
            push(text, at, Class::Sentence, fence, found);
        }
        sentence = ends_sentence(c) || (sentence && closes(c));
        previous_space = false;
    }
}

fn push(text: &str, at: usize, class: Class, fence: Option<&Fence>, found: &mut Vec<Break>) {
    if is_grapheme_boundary(text, at) {
        found.push(Break { at, class, fence: fence.cloned() });
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…') || ends_wide_sentence(Some(c))
}

/// Punctuation of scripts that put no space after a sentence.
fn ends_wide_sentence(c: Option<char>) -> bool {
    matches!(c, Some('。' | '！' | '？' | '；' | '｡'))
}

fn closes(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '*' | '_' | '”' | '’' | '»' | '」' | '』' | '）' | '】')
}

pub(super) fn is_grapheme_boundary(text: &str, at: usize) -> bool {
    GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(false)
}

/// The last place up to `at` that is inside no grapheme; 0 when the first one is longer.
pub(super) fn grapheme_floor(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    if cursor.is_boundary(text, 0).unwrap_or(false) {
        return at;
    }
    cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// How much white space at the start of `text` goes with a cut before it: all blank lines, and the
/// indentation of the first line only where there were none.
pub(super) fn dropped_at_start(text: &str) -> usize {
    let run: usize = text
        .graphemes(true)
        .take_while(|grapheme| grapheme.chars().all(char::is_whitespace))
        .map(str::len)
        .sum();
    text[..run].rfind('\n').map_or(run, |newline| newline + 1)
}

/// Length in UTF-16 code units.
pub(super) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The end of the longest prefix of at most `limit` UTF-16 code units.
pub(super) fn prefix_of_units(text: &str, limit: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > limit {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, wanted: Class) -> Vec<&str> {
        let mut start = 0;
        let mut pieces = Vec::new();
        for found in breaks(text, None).into_iter().filter(|found| found.class == wanted) {
            pieces.push(&text[start..found.at]);
            start = found.at;
        }
        pieces.push(&text[start..]);
        pieces
    }

    #[test]
    fn sentences_end_at_punctuation_and_its_closing_marks() {
        let text = "Version 1.5 is out. \"Really?\" Yes! 好的。下一句";
        let expected = ["Version 1.5 is out.", " \"Really?\"", " Yes!", " 好的。", "下一句"];
        assert_eq!(pieces(text, Class::Sentence), expected);
    }

    #[test]
    fn paragraphs_end_at_blank_lines_and_closed_fences() {
        let text = "a\n\nb\n```\nx\n\ny\n```\nc";
        assert_eq!(pieces(text, Class::Paragraph), ["a\n\n", "b\n```\nx\n\ny\n```\n", "c"]);
    }

    #[test]
    fn a_family_emoji_is_never_split() {
        let text = "ab👨‍👩‍👧c";
        assert_eq!(grapheme_floor(text, 2 + '👨'.len_utf8()), 2);
    }
}
