//! `parse_mode` HTML.

use super::formatted::{Entity, Formatted};

/// A tag that is open.
struct Open {
    tag: String,
    argument: Option<String>,
    offset: usize,
}

struct Parser<'a> {
    source: &'a [u8],
    at: usize,
    text: Vec<u8>,
    units: usize,
    open: Vec<Open>,
    entities: Vec<Entity>,
}

const TAGS: [&str; 17] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "tg-time",
    "span",
    "pre",
    "code",
    "blockquote",
];

/// Parses HTML; the error is what follows `can't parse entities:`.
pub(super) fn parse(source: &str) -> Result<Formatted, String> {
    let source = source.as_bytes();
    let mut parser =
        Parser { source, at: 0, text: Vec::new(), units: 0, open: Vec::new(), entities: vec![] };
    parser.run()?;
    let text = String::from_utf8_lossy(&parser.text).into_owned();
    Ok(Formatted { text, entities: parser.entities }.sorted())
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), String> {
        while self.at < self.source.len() {
            match self.here() {
                b'<' if self.source.get(self.at + 1) == Some(&b'/') => self.end_tag()?,
                b'<' => self.start_tag()?,
                b'&' => match self.reference() {
                    Some((character, length)) => {
                        self.at += length;
                        let mut buffer = [0; 4];
                        self.text.extend(character.encode_utf8(&mut buffer).bytes());
                        self.units += character.len_utf16();
                    }
                    None => self.copy(),
                },
                _ => self.copy(),
            }
        }
        match self.open.last() {
            Some(open) => {
                Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag))
            }
            None => Ok(()),
        }
    }

    /// The byte at the current place; 0 after the end.
    fn here(&self) -> u8 {
        self.source.get(self.at).copied().unwrap_or(0)
    }

    fn copy(&mut self) {
        let byte = self.here();
        // Continuation bytes count nothing, bytes that start a surrogate pair count twice.
        self.units += match byte {
            0x80..=0xbf => 0,
            0xf0.. => 2,
            _ => 1,
        };
        self.text.push(byte);
        self.at += 1;
    }

    fn slice(&self, from: usize) -> String {
        String::from_utf8_lossy(&self.source[from..self.at]).into_owned()
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) {
        while self.at < self.source.len() && skipped(self.here()) {
            self.at += 1;
        }
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let unclosed = || format!("Unclosed start tag at byte offset {begin}");
        self.at += 1;
        self.skip(|byte| !byte.is_ascii_whitespace() && byte != b'>');
        if self.at == self.source.len() {
            return Err(unclosed());
        }
        let tag = self.slice(begin + 1).to_ascii_lowercase();
        if !TAGS.contains(&tag.as_str()) {
            return Err(format!("Unsupported start tag \"{tag}\" at byte offset {begin}"));
        }
        let mut argument = None;
        loop {
            self.skip(|byte| byte.is_ascii_whitespace());
            if self.at == self.source.len() {
                return Err(unclosed());
            }
            if self.here() == b'>' {
                break;
            }
            let (name, value) = self.attribute(&tag, begin)?;
            let value = match (tag.as_str(), name.as_str()) {
                ("a", "href") | ("tg-emoji", "emoji-id") => value,
                ("code", "class") => value.strip_prefix("language-").unwrap_or_default().into(),
                ("span", "class") => value,
                ("blockquote", "expandable") => "expandable".to_owned(),
                _ => continue,
            };
            argument = Some(value).filter(|value| !value.is_empty());
        }
        self.at += 1;
        if tag == "span" && argument.as_deref() != Some("tg-spoiler") {
            let why = "Tag \"span\" must have class \"tg-spoiler\"";
            return Err(format!("{why} at byte offset {begin}"));
        }
        self.open.push(Open { tag, argument, offset: self.units });
        Ok(())
    }

    fn attribute(&mut self, tag: &str, begin: usize) -> Result<(String, String), String> {
        let from = self.at;
        self.skip(|byte| !byte.is_ascii_whitespace() && !b"=>/\"'".contains(&byte));
        let name = self.slice(from).to_ascii_lowercase();
        if name.is_empty() {
            let why = format!("Empty attribute name in the tag \"{tag}\"");
            return Err(format!("{why} at byte offset {begin}"));
        }
        self.skip(|byte| byte.is_ascii_whitespace());
        if self.here() != b'=' {
            return Ok((name, String::new()));
        }
        self.at += 1;
        self.skip(|byte| byte.is_ascii_whitespace());
        let quote = self.here();
        let quoted = matches!(quote, b'"' | b'\'');
        self.at += usize::from(quoted);
        let from = self.at;
        if quoted {
            self.skip(|byte| byte != quote);
            if self.at == self.source.len() {
                return Err(format!("Unclosed start tag at byte offset {begin}"));
            }
        } else {
            self.skip(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
            if !self.here().is_ascii_whitespace() && self.here() != b'>' {
                return Err(format!("Unexpected end of name token at byte offset {from}"));
            }
        }
        let value = decoded(&self.source[from..self.at]);
        self.at += usize::from(quoted);
        Ok((name, value))
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let Some(open) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {begin}"));
        };
        self.at += 2;
        self.skip(|byte| !byte.is_ascii_whitespace() && byte != b'>');
        let tag = self.slice(begin + 2).to_ascii_lowercase();
        self.skip(|byte| byte.is_ascii_whitespace());
        if self.here() != b'>' {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        self.at += 1;
        if !tag.is_empty() && tag != open.tag {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{tag}>\"",
                open.tag
            ));
        }
        if self.units > open.offset {
            self.close(open);
        }
        Ok(())
    }

    fn close(&mut self, open: Open) {
        let (offset, end) = (open.offset, self.units);
        let (kind, detail) = match open.tag.as_str() {
            "b" | "strong" => ("bold", None),
            "i" | "em" => ("italic", None),
            "u" | "ins" => ("underline", None),
            "s" | "strike" | "del" => ("strikethrough", None),
            "tg-spoiler" | "span" => ("spoiler", None),
            "tg-emoji" => ("custom_emoji", open.argument),
            "tg-time" => ("date_time", None),
            "blockquote" if open.argument.is_some() => ("expandable_blockquote", None),
            "blockquote" => ("blockquote", None),
            "a" => match open.argument {
                Some(url) if is_address(&url) => ("text_link", Some(url)),
                // Anything else is shown as plain text.
                _ => return,
            },
            "code" => ("code", open.argument),
            "pre" => match self.entities.last() {
                Some(code)
                    if code.kind == "code"
                        && code.offset == offset
                        && code.length == end - offset =>
                {
                    ("pre", self.entities.pop().and_then(|code| code.detail))
                }
                _ => ("pre", None),
            },
            _ => return,
        };
        self.entities.push(Entity::new(kind, offset, end, detail));
    }

    /// A character reference at the current place, and its length in bytes.
    fn reference(&self) -> Option<(char, usize)> {
        let rest = &self.source[self.at..];
        let end = rest.iter().take(12).position(|byte| *byte == b';')?;
        let name = std::str::from_utf8(&rest[1..end]).ok()?;
        let character = match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)?
            }
        };
        Some((character, end + 1))
    }
}

/// What Telegram takes for a link.
fn is_address(url: &str) -> bool {
    let known = ["http://", "https://", "tg://", "mailto:", "tel:"];
    known.iter().any(|scheme| url.to_ascii_lowercase().starts_with(scheme))
        || (url.contains('.') && !url.contains(char::is_whitespace) && !url.contains(':'))
}

fn decoded(bytes: &[u8]) -> String {
    let mut parser = Parser {
        source: bytes,
        at: 0,
        text: Vec::new(),
        units: 0,
        open: Vec::new(),
        entities: Vec::new(),
    };
    while parser.at < bytes.len() {
        match (parser.here() == b'&').then(|| parser.reference()).flatten() {
            Some((character, length)) => {
                parser.at += length;
                parser.text.extend(character.to_string().bytes());
            }
            None => parser.copy(),
        }
    }
    String::from_utf8_lossy(&parser.text).into_owned()
}
