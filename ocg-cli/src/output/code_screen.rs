//! A terminal on which a QR code takes the place of the one before it.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

/// So many lines of blocks below each other are a code: the smallest one has eleven.
const MIN_LINES: usize = 11;
/// And so many columns wide.
const MIN_COLUMNS: usize = 21;
/// Bright white on black, whatever the terminal's own colours are.
const WHITE_ON_BLACK: &str = "\x1b[97;40m";
const PLAIN: &str = "\x1b[0m";

/// Where the cursor stands, seen from the last code.
#[derive(Debug)]
pub struct CodeScreen {
    columns: usize,
    column: usize,
    /// Rows since the text with the code began; none if no code was shown yet.
    rows: Option<usize>,
}

impl CodeScreen {
    /// A screen of this many columns.
    pub fn new(columns: u16) -> Self {
        let columns = if columns == 0 { 80 } else { usize::from(columns) };
        Self { columns, column: 0, rows: None }
    }

    /// What to write so that `text` is shown: as it is, unless it has a code. That one is drawn
    /// white on black, which scanners read on any background, and what was shown since the code
    /// before it is wiped out.
    pub fn show(&mut self, text: &str) -> String {
        let Some(code) = code_lines(text) else {
            self.passes(text);
            return text.to_owned();
        };
        let mut shown = String::new();
        if let Some(rows) = self.rows.replace(0) {
            shown += "\r";
            if rows > 0 {
                let _ = write!(shown, "\x1b[{rows}A");
            }
            shown += "\x1b[J";
            self.column = 0;
        }
        for (number, line) in text.split_inclusive('\n').enumerate() {
            match line.strip_suffix('\n') {
                Some(row) if code.contains(&number) => {
                    let _ = writeln!(shown, "{WHITE_ON_BLACK}{row}{PLAIN}");
                }
                _ => shown += line,
            }
        }
        self.passes(text);
        shown
    }

    /// The person has typed a line, which the terminal shows by itself.
    pub fn typed(&mut self, line: &str) {
        self.passes(line);
    }

    /// The cursor passes over `text`. Escape sequences count as if they took room; plugins write
    /// none during a login.
    fn passes(&mut self, text: &str) {
        for letter in text.chars() {
            let width = letter.width().unwrap_or(0);
            let is_end = letter == '\n';
            if is_end || self.column + width > self.columns {
                self.rows = self.rows.map(|rows| rows + 1);
                self.column = 0;
            }
            match letter {
                '\r' => self.column = 0,
                _ => self.column += width,
            }
        }
    }
}

/// The lines of `text` that are a code.
fn code_lines(text: &str) -> Option<std::ops::Range<usize>> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let first = lines.iter().position(|line| is_of_blocks(line))?;
    let length = lines[first..].iter().take_while(|line| is_of_blocks(line)).count();
    (length >= MIN_LINES).then_some(first..first + length)
}

fn is_of_blocks(line: &str) -> bool {
    let row = line.trim_end_matches(['\r', '\n']);
    let blocks = |letter| matches!(letter, ' ' | '\u{a0}' | '\u{2580}' | '\u{2584}' | '\u{2588}');
    row.chars().count() >= MIN_COLUMNS && row.chars().all(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::qr_code;

    /// What a terminal of 60 columns shows after `written`, line by line.
    fn screen(written: &str) -> Vec<String> {
        let mut terminal = vt100::Parser::new(100, 60, 0);
        terminal.process(written.replace('\n', "\r\n").as_bytes());
        let lines = terminal.screen().rows(0, 60).map(|line| line.trim_end().to_owned());
        let mut lines: Vec<String> = lines.collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }

    fn code(link: &str) -> String {
        qr_code(link).unwrap()
    }

    #[test]
    fn a_new_code_takes_the_place_of_the_old_one() {
        let mut on = CodeScreen::new(60);
        let mut written = on.show("Scan this:\n");
        written += &on.show(&format!("{}link one\n", code("https://example.org/1")));
        written += &on.show(&".".repeat(70));
        written += &on.show("\n已过期，正在刷新\n");
        on.typed("4711\n");
        written += "4711\n";
        written += &on.show(&format!("{}link two\n", code("https://example.org/2")));
        written += &on.show("still waiting\n");
        let expected =
            format!("Scan this:\n{}link two\nstill waiting\n", code("https://example.org/2"));
        assert_eq!(screen(&written), screen(&expected));
    }

    #[test]
    fn a_code_is_white_on_black_from_end_to_end() {
        let code = code("https://example.org/1");
        let written = CodeScreen::new(60).show(&code);
        let painted = written.lines().filter(|line| line.starts_with(WHITE_ON_BLACK));
        assert_eq!(painted.count(), code.lines().count());
        assert_eq!(screen(&written), screen(&code));
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        let mut on = CodeScreen::new(60);
        for text in ["", "\n\n", "word", "\u{2588}\u{2588} done\n", &" \n".repeat(40)] {
            assert_eq!(on.show(text), text);
        }
    }
}
