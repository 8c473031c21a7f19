//! How long one message may be.

use super::cut::prefix_of_units;

/// Shorter limits leave no room for fences and graphemes and are raised to this.
const MIN_LIMIT: usize = 32;

/// The longest text that a chat takes in one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLimit {
    /// UTF-16 code units, the measure of most platforms.
    pub units: usize,
    /// Bytes of UTF-8, where the platform counts those as well.
    pub bytes: Option<usize>,
}

impl From<usize> for TextLimit {
    /// A limit in UTF-16 code units.
    fn from(units: usize) -> Self {
        Self { units, bytes: None }
    }
}

impl TextLimit {
    /// A limit of at most `units` UTF-16 code units.
    #[must_use]
    pub fn at_most(self, units: usize) -> Self {
        Self { units: self.units.min(units), ..self }
    }

    /// The limit with `characters` of one unit and one byte set aside.
    #[must_use]
    pub fn less(self, characters: usize) -> Self {
        Self {
            units: self.units.saturating_sub(characters),
            bytes: self.bytes.map(|bytes| bytes.saturating_sub(characters)),
        }
    }

    pub(super) fn raised(self) -> Self {
        Self { units: self.units.max(MIN_LIMIT), bytes: self.bytes.map(|b| b.max(MIN_LIMIT)) }
    }

    /// What surely fits, whatever script it is written in.
    pub(super) fn least(self) -> usize {
        self.bytes.map_or(self.units, |bytes| bytes.min(self.units))
    }

    /// The end of the longest prefix of `text` that fits.
    pub(super) fn prefix(self, text: &str) -> usize {
        let end = prefix_of_units(text, self.units);
        self.bytes.map_or(end, |bytes| text.floor_char_boundary(end.min(bytes)))
    }
}
