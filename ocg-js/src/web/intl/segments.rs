use rquickjs::{Ctx, Exception, Result};
use unicode_segmentation::UnicodeSegmentation;

use crate::node::Text;

/// Where pieces of a text begin (UAX 29), in UTF-16 units as JavaScript counts: the position
/// times two, plus one for a piece of a word.
pub(super) fn segments(ctx: Ctx<'_>, text: Text, granularity: String) -> Result<Vec<f64>> {
    let text = text.0.as_str();
    let pieces: Vec<&str> = match granularity.as_str() {
        "grapheme" => text.graphemes(true).collect(),
        "word" => text.split_word_bounds().collect(),
        "sentence" => text.split_sentence_bounds().collect(),
        _ => return Err(Exception::throw_range(&ctx, "unknown granularity")),
    };
    let mut at = 0;
    let mut starts = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let word = piece.chars().any(char::is_alphanumeric);
        starts.push((2 * at + usize::from(word)) as f64);
        at += piece.encode_utf16().count();
    }
    Ok(starts)
}
