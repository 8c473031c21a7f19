//! One line of a configuration file, fit to be shown: without secrets, with a caret.

use std::fmt;
use std::ops::Range;

use super::schema;

/// Longest part of a line that is shown, in characters.
const WIDTH: usize = 90;

/// A line of the file and a marked part of it.
///
/// Values are shown only for settings that cannot hold a secret; all other texts, comments
/// included, are masked character by character, so that the caret stays in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    number: usize,
    line: String,
    caret: Range<usize>,
}

impl Excerpt {
    pub(super) fn of(text: &str, bytes: Range<usize>) -> Self {
        let start = text[..bytes.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[bytes.start..].find(['\n', '\r']).map_or(text.len(), |at| bytes.start + at);
        let line = &text[start..end.max(start)];
        let masked: Vec<char> = mask(line);
        let marked_end = text.get(bytes.start..bytes.end.min(end).max(bytes.start));
        let from = text[start..bytes.start].chars().count();
        let width = marked_end.map_or(1, |marked| marked.chars().count().max(1));
        let left = if from + width.min(20) < WIDTH { 0 } else { from.saturating_sub(WIDTH / 2) };
        let shown: String = masked.iter().skip(left).take(WIDTH).collect();
        let to = (from - left + width).min(shown.chars().count()).max(from - left + 1);
        Self {
            number: text[..bytes.start].matches('\n').count() + 1,
            line: shown,
            caret: from - left..to,
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "  {number} | {}", self.line.trim_end())?;
        let carets = "^".repeat(self.caret.len());
        write!(f, "  {margin} | {}{carets}", " ".repeat(self.caret.start))
    }
}

/// The line with everything masked that might be secret.
fn mask(line: &str) -> Vec<char> {
    let chars: Vec<char> = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut shown = chars.clone();
    let mut plain_value = false;
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            c if c.is_whitespace() || "{}[]:".contains(c) => at += 1,
            ',' => {
                plain_value = false;
                at += 1;
            }
            '"' => {
                let end = string_end(&chars, at);
                let content: String = chars[at + 1..end].iter().collect();
                let is_key =
                    chars[(end + 1).min(chars.len())..].iter().find(|c| !c.is_whitespace())
                        == Some(&':');
                if is_key {
                    plain_value = schema::is_plain(&content);
                } else if !plain_value {
                    shown[at + 1..end].fill('*');
                }
                at = end + 1;
            }
            _ => {
                let end = chars[at..]
                    .iter()
                    .position(|c| c.is_whitespace() || "{}[]:,\"".contains(*c))
                    .map_or(chars.len(), |length| at + length);
                let word: String = chars[at..end].iter().collect();
                if !plain_value && !matches!(word.as_str(), "true" | "false" | "null" | "//") {
                    shown[at..end].fill('*');
                }
                at = end;
            }
        }
    }
    shown
}

/// Index of the quote that ends the string which starts at `start`, or the end of the line.
fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at,
            _ => at += 1,
        }
    }
    chars.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masked(line: &str) -> String {
        mask(line).into_iter().collect()
    }

    #[test]
    fn only_settings_without_secrets_show_their_value() {
        assert_eq!(
            masked(r#"  "model": "gpt-4o", "apiKey": "sk-1","#),
            r#"  "model": "gpt-4o", "apiKey": "****","#
        );
        assert_eq!(masked(r#""apiKey" "sk-1""#), r#""******" "****""#);
        assert_eq!(masked(r#""token": sk-1 // old: sk-2"#), r#""token": **** // ***: ****"#);
        assert_eq!(masked(r#""enabled": ture,"#), r#""enabled": ture,"#);
        assert_eq!(masked(r#""open"#), r#""****"#);
        assert_eq!(masked(r#""callbackPort": "70000""#), r#""callbackPort": "70000""#);
    }

    proptest! {
        #[test]
        fn any_place_of_any_text_can_be_shown(text in "[ -~\n\r\tä中]{0,300}", at in 0_usize..300, length in 0_usize..50) {
            let start = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let shown = Excerpt::of(&text, start..start + length).to_string();
            prop_assert_eq!(shown.lines().count(), 2);
            prop_assert!(shown.contains('^'));
        }
    }
}
