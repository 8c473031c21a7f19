//! Breaking lines that are too long for a channel that cuts texts at line ends.

use super::limit::TextLimit;
use super::split::split;

/// Breaks each line that is longer than `limit`, where it reads best. Words and
/// all other lines stay as they are.
pub(super) fn break_long_lines(text: &str, limit: TextLimit) -> String {
    let lines = text.split('\n').map(|line| {
        if limit.prefix(line) == line.len() {
            line.to_owned()
        } else {
            split(line, limit).join("\n")
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cut::units;
    use super::*;

    #[test]
    fn only_long_lines_are_broken() {
        let long = format!("{}. {}", "a".repeat(20), "b".repeat(20));
        let text = format!("  short\n\n{long}\nend\n");
        let broken = format!("  short\n\n{}.\n{}\nend\n", "a".repeat(20), "b".repeat(20));
        assert_eq!(break_long_lines(&text, 32.into()), broken);
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_nothing_visible_is_lost(
            text in "([a-z]{1,40}|[ \n]|你好。|👍🏽){0,40}",
            limit in 32usize..80,
        ) {
            let broken = break_long_lines(&text, limit.into());
            prop_assert!(broken.split('\n').all(|line| units(line) <= limit), "{broken:?}");
            let visible = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(visible(&broken), visible(&text));
        }
    }
}
