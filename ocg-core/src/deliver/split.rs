//! Splitting text by length.

use super::cut::{Break, Class, breaks, dropped_at_start, grapheme_floor, units};
use super::fence::Fence;
use super::limit::TextLimit;

/// After this many times the minimum a block may end with a sentence; before it, with a paragraph.
const SENTENCE_FACTOR: usize = 2;

/// Cuts `text` into messages of at most `limit` (32 or more), at the end of a paragraph where
/// possible, else of a sentence, a line, a word, and never inside a grapheme (unless a single one
/// is longer than the limit).
///
/// A code fence that does not fit is closed and opened again with the same opening line. White
/// space around a cut is dropped, in code only the line break.
pub fn split(text: &str, limit: impl Into<TextLimit>) -> Vec<String> {
    let mut cutter = Cutter::new(limit.into());
    cutter.push(text);
    cutter.finish()
}

/// Cuts a growing text. Where it cuts does not depend on how the text arrives, with the exception
/// of [`Cutter::cut_idle`].
#[derive(Debug)]
pub(super) struct Cutter {
    limit: TextLimit,
    pending: String,
    /// The fence to open again where `pending` begins.
    open: Option<Fence>,
    /// A block ended where `pending` begins, and nothing has come since.
    after_cut: bool,
}

impl Cutter {
    pub(super) fn new(limit: TextLimit) -> Self {
        Self { limit: limit.raised(), pending: String::new(), open: None, after_cut: false }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.pending.push_str(text);
    }

    /// The next block, if enough text has come for one: `min_chars` and a good place to end, or
    /// more than the limit.
    pub(super) fn cut(&mut self, min_chars: Option<usize>) -> Option<String> {
        self.skip_start();
        if self.open.is_none()
            && let Some(min) = min_chars
            && let Some(at) = self.good_end(min)
        {
            return Some(self.take(at, None));
        }
        let body = self.pending.trim_end();
        let window = self.limit.less(self.opening()).prefix(body);
        if window == body.len() {
            return None;
        }
        let (at, fence) = self.forced_end(window);
        Some(self.take(at, fence))
    }

    /// Everything that is left.
    pub(super) fn finish(&mut self) -> Vec<String> {
        let mut blocks = Vec::new();
        while let Some(block) = self.cut(None) {
            blocks.push(block);
        }
        let rest = std::mem::take(&mut self.pending);
        let rest = rest.trim_end();
        if !rest.is_empty() {
            blocks.push(self.render(rest, None));
        }
        self.open = None;
        blocks
    }

    /// What reads well on its own, when the agent pauses: up to the end of the last sentence or
    /// line, or everything if there is none; a fence that is still open waits.
    pub(super) fn cut_idle(&mut self) -> Option<String> {
        self.skip_start();
        if self.open.is_some() {
            return None;
        }
        let found = breaks(&self.pending, None);
        let end = self.pending.trim_end();
        let last = found.iter().rfind(|found| found.fence.is_none() && found.class != Class::Word);
        let in_fence = self.ends_in_fence();
        let at = if !in_fence && (ends_well(&self.pending, end) || last.is_none()) {
            end.len()
        } else {
            last.map_or(0, |found| found.at)
        };
        let at = whole_grapheme_end(&self.pending, at);
        (!self.pending[..at].trim().is_empty()).then(|| self.take(at, None))
    }

    /// The first place where a block of at least `min` characters ends well.
    fn good_end(&self, min: usize) -> Option<usize> {
        if self.pending.len() < min {
            return None;
        }
        let window = self.limit.prefix(&self.pending);
        let (mut chars, mut counted) = (0, 0);
        for found in breaks(&self.pending, None) {
            chars += self.pending[counted..found.at].chars().count();
            counted = found.at;
            let fits = self.pending[..found.at].trim_end().len() <= window;
            let more_follows = !self.pending[found.at..].trim().is_empty();
            if !fits || !more_follows {
                return None;
            }
            let enough = match found.class {
                Class::Paragraph => min,
                Class::Sentence => min.saturating_mul(SENTENCE_FACTOR),
                Class::Line | Class::Word => continue,
            };
            if found.fence.is_none() && chars >= enough {
                return Some(found.at);
            }
        }
        None
    }

    /// Where to cut when the text is longer than `window`, and the fence that is open there.
    fn forced_end(&self, window: usize) -> (usize, Option<Fence>) {
        let found = breaks(&self.pending[..window], self.open.clone());
        let inside = match found.iter().rfind(|found| found.is_line_start()) {
            Some(found) => found.fence.clone(),
            None => self.open.clone(),
        };
        if let Some(fence) = inside.as_ref().filter(|fence| repairable(fence, self.limit.least())) {
            // A fence that began in this block starts the next one, so that it stays whole.
            if let Some(start) = Self::fence_start(&found) {
                return (start, None);
            }
            let room =
                window.min(self.limit.less(self.opening() + closing(fence)).prefix(&self.pending));
            let fits = |found: &&Break| found.at <= room && found.at >= room / 4;
            let line = found.iter().filter(fits).rfind(|found| found.is_line_start());
            let at = line.or_else(|| found.iter().rfind(fits)).map_or(room, |found| found.at);
            return (self.grapheme_end(at), inside);
        }
        let best = |class: Class, least: usize| {
            found
                .iter()
                .rfind(|found| found.class == class && found.fence.is_none() && found.at >= least)
        };
        let at = best(Class::Paragraph, window / 2)
            .or_else(|| best(Class::Sentence, window / 2))
            .or_else(|| best(Class::Line, window / 4))
            .or_else(|| best(Class::Word, window / 4))
            .map_or(window, |found| found.at);
        (self.grapheme_end(at), None)
    }

    /// Where the fence that the window ends in opens, if that is not the block's first line.
    fn fence_start(found: &[Break]) -> Option<usize> {
        let outside = found.iter().rfind(|found| found.is_line_start() && found.fence.is_none());
        outside.map(|opener| opener.at)
    }

    fn grapheme_end(&self, at: usize) -> usize {
        match grapheme_floor(&self.pending, at) {
            0 => at,
            floor => floor,
        }
    }

    fn ends_in_fence(&self) -> bool {
        let mut fence = self.open.clone();
        for line in self.pending.split_inclusive('\n') {
            fence = super::fence::after(fence, line);
        }
        fence.is_some()
    }

    /// Takes the block that ends at `at`, where `fence` is open.
    fn take(&mut self, at: usize, fence: Option<Fence>) -> String {
        let rest = self.pending.split_off(at);
        let body = std::mem::replace(&mut self.pending, rest);
        let block = match &fence {
            Some(fence) => self.render(body.strip_suffix('\n').unwrap_or(&body), Some(fence)),
            None => self.render(body.trim_end(), None),
        };
        self.after_cut = fence.is_none();
        self.open = fence.map(|fence| reopened(fence, self.limit.least()));
        block
    }

    /// The block's text with the fence around it repaired.
    fn render(&self, body: &str, close: Option<&Fence>) -> String {
        let mut block = String::with_capacity(body.len() + 16);
        if let Some(open) = &self.open {
            block.push_str(&open.opener);
            block.push('\n');
        }
        block.push_str(body);
        if let Some(fence) = close {
            block.push('\n');
            block.push_str(&fence.marker);
        }
        block
    }

    /// What opening the fence again takes, in units or, where they are more, in bytes.
    fn opening(&self) -> usize {
        let bytes = self.limit.bytes.is_some();
        let length = |opener: &str| if bytes { opener.len() } else { units(opener) };
        self.open.as_ref().map_or(0, |fence| length(&fence.opener) + 1)
    }

    /// Drops what must not start a block: blank lines, and a line that closes a fence which the
    /// block before has closed already.
    fn skip_start(&mut self) {
        if let (Some(fence), Some(end)) = (&self.open, self.pending.find('\n'))
            && fence.closed_by(&self.pending[..end])
        {
            self.pending.drain(..=end);
            self.open = None;
        }
        if self.open.is_some() || self.pending.trim().is_empty() {
            return;
        }
        let dropped = dropped_at_start(&self.pending);
        // The indentation of the very first line is part of it.
        if self.after_cut || self.pending[..dropped].ends_with('\n') {
            self.pending.drain(..dropped);
        }
        self.after_cut = false;
    }
}

/// The fence as it is opened again. An opening line so long that little text would fit is cut to
/// its marker.
fn reopened(fence: Fence, limit: usize) -> Fence {
    if units(&fence.opener) + closing(&fence) > limit / 4 {
        return Fence { opener: fence.marker.clone(), ..fence };
    }
    fence
}

/// A marker that would fill a good part of each message is not repeated in each.
fn repairable(fence: &Fence, limit: usize) -> bool {
    closing(fence) <= limit / 4
}

/// Units that closing the fence takes.
fn closing(fence: &Fence) -> usize {
    1 + fence.marker.len()
}

/// Whether a pausing agent has come to an end of some kind.
fn ends_well(text: &str, trimmed: &str) -> bool {
    text[trimmed.len()..].contains('\n')
        || trimmed.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '；', '：', ')', '"'])
}

/// A pausing agent may be in the middle of an emoji, whose last part would change the first: the
/// last grapheme waits unless nothing can join it.
fn whole_grapheme_end(text: &str, at: usize) -> usize {
    let last = text[..at].chars().next_back();
    if at < text.len()
        || last.is_none_or(|c| c.is_ascii() || c.is_alphanumeric() || "。！？；：…".contains(c))
    {
        return at;
    }
    grapheme_floor(text, at - last.map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    #[test]
    fn text_within_the_limit_is_untouched() {
        assert_eq!(split("a\n\nb", 100), ["a\n\nb"]);
        assert!(split(" \n ", 100).is_empty());
    }

    #[test]
    fn the_best_place_wins() {
        let paragraphs = format!("{}\n\n{}. {}", "a".repeat(20), "b".repeat(5), "c".repeat(20));
        assert_eq!(split(&paragraphs, 32)[0], "a".repeat(20));
        let sentences = format!("{}. {}", "a".repeat(20), "b".repeat(20));
        assert_eq!(split(&sentences, 32), ["a".repeat(20) + ".", "b".repeat(20)]);
        let words = format!("{} {}", "a".repeat(20), "b".repeat(20));
        assert_eq!(split(&words, 32), ["a".repeat(20), "b".repeat(20)]);
    }

    #[test]
    fn a_fence_that_fits_is_kept_whole() {
        let text = "Here it is, the code:\n```rust\nfn main() {}\n```\nThat is all.";
        assert_eq!(
            split(text, 32),
            ["Here it is, the code:", "```rust\nfn main() {}\n```", "That is all."]
        );
    }

    #[test]
    fn a_long_fence_is_closed_and_opened_again() {
        let lines: String = (0..6).map(|n| format!("    line number {n}\n")).collect();
        insta::assert_snapshot!(split(&format!("```py\n{lines}```\nDone."), 64).join("\n--\n"), @r"
        ```py
            line number 0
            line number 1
            line number 2
        ```
        --
        ```py
            line number 3
            line number 4
            line number 5
        ```
        --
        Done.
        ");
    }

    #[test]
    fn a_fence_closed_right_after_a_cut_is_not_opened_again() {
        let text = format!("```\n{}\n{}\n```\nend", "a".repeat(20), "b".repeat(24));
        for block in split(&text, 52) {
            assert!(!block.contains("```\n```"), "{block}");
        }
    }

    /// Everything visible of a text, without fences: what must survive cutting.
    fn visible(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    fn text_without_fences() -> impl Strategy<Value = String> {
        let atoms = prop_oneof![
            "[a-z]{1,12}",
            "[ \\n]{1,3}",
            Just(". ".to_owned()),
            Just("\n\n".to_owned()),
            Just("好的。".to_owned()),
            Just("👨‍👩‍👧🇩🇪".to_owned()),
            Just("e\u{301}\u{323}".to_owned()),
            Just("\r\n".to_owned()),
        ];
        proptest::collection::vec(atoms, 0..60).prop_map(|atoms| atoms.concat())
    }

    fn markdown() -> impl Strategy<Value = String> {
        let atoms = prop_oneof![
            4 => text_without_fences(),
            1 => Just("\n```rust\n".to_owned()),
            1 => Just("\n```\n".to_owned()),
            1 => Just("\n~~~~ a\n".to_owned()),
            1 => Just("\n~~~~\n".to_owned()),
            1 => Just("    deep code\n".to_owned()),
        ];
        proptest::collection::vec(atoms, 0..12).prop_map(|atoms| atoms.concat())
    }

    fn in_pieces(text: &str, sizes: &[usize], limit: usize, min: Option<usize>) -> Vec<String> {
        let mut cutter = Cutter::new(limit.into());
        let mut blocks = Vec::new();
        let mut chars = text.chars();
        for size in sizes.iter().cycle() {
            let piece: String = chars.by_ref().take(*size).collect();
            if piece.is_empty() {
                break;
            }
            cutter.push(&piece);
            while let Some(block) = cutter.cut(min) {
                blocks.push(block);
            }
        }
        blocks.extend(cutter.finish());
        blocks
    }

    proptest! {
        #[test]
        fn no_block_is_over_the_limit(text in markdown(), limit in 32usize..200) {
            for block in split(&text, limit) {
                prop_assert!(units(&block) <= limit, "{} units: {block:?}", units(&block));
                prop_assert!(!block.trim().is_empty());
            }
        }

        #[test]
        fn no_block_is_over_the_limit_in_bytes(text in markdown(), bytes in 64usize..200) {
            let limit = TextLimit { units: 150, bytes: Some(bytes) };
            for block in split(&text, limit) {
                let whole = block.graphemes(true).count() == 1;
                prop_assert!(block.len() <= bytes || whole, "{} bytes: {block:?}", block.len());
                prop_assert!(units(&block) <= 150);
            }
        }

        #[test]
        fn everything_visible_comes_out_once(text in text_without_fences(), limit in 32usize..200) {
            prop_assert_eq!(visible(&split(&text, limit).concat()), visible(&text));
        }

        #[test]
        fn code_comes_out_once(lines in proptest::collection::vec(" {0,8}[a-z]{1,30}", 1..40), limit in 64usize..200) {
            let text = format!("```x\n{}\n```", lines.join("\n"));
            let blocks = split(&text, limit);
            let code = |block: &String| {
                let code = block.strip_prefix("```x\n").and_then(|code| code.strip_suffix("\n```"));
                code.map(str::to_owned)
            };
            let code: Option<Vec<_>> = blocks.iter().map(code).collect();
            prop_assert_eq!(code.map(|code| code.join("\n")), Some(lines.join("\n")), "{:?}", blocks);
        }

        #[test]
        fn graphemes_stay_whole(text in text_without_fences(), limit in 32usize..100) {
            let graphemes = |text: &str| -> Vec<String> {
                let whole = text.graphemes(true).map(str::to_owned);
                whole.filter(|grapheme| !grapheme.trim().is_empty()).collect()
            };
            let cut: Vec<_> = split(&text, limit).iter().flat_map(|block| graphemes(block)).collect();
            prop_assert_eq!(cut, graphemes(&text));
        }

        #[test]
        fn how_the_text_arrives_does_not_matter(
            text in markdown(),
            sizes in proptest::collection::vec(1usize..40, 1..20),
            limit in 32usize..200,
            min in proptest::option::of(1usize..80),
        ) {
            let at_once = in_pieces(&text, &[usize::MAX], limit, min);
            prop_assert_eq!(in_pieces(&text, &sizes, limit, min), at_once);
        }
    }
}
