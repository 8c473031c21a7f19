//! Splitting text by length.

use super::cut::{Break, Class, breaks, dropped_at_start, grapheme_floor, prefix_of_units, units};
use super::fence::Fence;

/// Shorter limits leave no room for fences and graphemes and are raised to this.
const MIN_LIMIT: usize = 32;
/// After this many times the minimum a block may end with a sentence; before it, with a paragraph.
const SENTENCE_FACTOR: usize = 2;

/// Cuts `text` into messages of at most `limit` UTF-16 code units (at least 32), at the end of a
/// paragraph where possible, else of a sentence, a line, a word, and never inside a grapheme
/// (unless a single one is longer than the limit).
///
/// A code fence that does not fit is closed and opened again with the same opening line. White
/// space around a cut is dropped, in code only the line break.
pub fn split(text: &str, limit: usize) -> Vec<String> {
    let mut cutter = Cutter::new(limit);
    cutter.push(text);
    cutter.finish()
}

/// Cuts a growing text. Where it cuts does not depend on how the text arrives, with the exception
/// of [`Cutter::cut_idle`].
#[derive(Debug)]
pub(super) struct Cutter {
    limit: usize,
    pending: String,
    /// The fence to open again where `pending` begins.
    open: Option<Fence>,
}

impl Cutter {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit: limit.max(MIN_LIMIT), pending: String::new(), open: None }
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
        let window = prefix_of_units(body, self.limit - self.opening());
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
        let window = prefix_of_units(&self.pending, self.limit);
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
        if let Some(fence) = inside.as_ref().filter(|fence| repairable(fence, self.limit)) {
            // A fence that began in this block starts the next one, so that it stays whole.
            if let Some(start) = Self::fence_start(&found) {
                return (start, None);
            }
            let room = window.min(prefix_of_units(
                &self.pending,
                self.limit.saturating_sub(self.opening() + closing(fence)),
            ));
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
        if fence.is_none() {
            let dropped = dropped_at_start(&self.pending);
            self.pending.drain(..dropped);
        }
        self.open = fence.map(|fence| reopened(fence, self.limit));
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

    /// Units that opening the fence again takes.
    fn opening(&self) -> usize {
        self.open.as_ref().map_or(0, |fence| units(&fence.opener) + 1)
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
        if self.open.is_none()
            && let Some(newline) = self.pending[..dropped_at_start(&self.pending)].rfind('\n')
        {
            self.pending.drain(..=newline);
        }
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
