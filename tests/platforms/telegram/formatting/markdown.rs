//! `parse_mode` MarkdownV2, and the older Markdown.

use super::formatted::{Entity, Formatted};

/// Something that is open: which entity, by which sign, from where.
struct Open {
    name: &'static str,
    sign: &'static str,
    byte: usize,
    offset: usize,
    language: Option<String>,
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    text: String,
    units: usize,
    open: Vec<Open>,
    entities: Vec<Entity>,
}

/// Signs of MarkdownV2, longer ones first, and the names that errors call them by.
const SIGNS: [(&str, &str); 8] = [
    ("```", "Pre"),
    ("||", "Spoiler"),
    ("__", "Underline"),
    ("*", "Bold"),
    ("_", "Italic"),
    ("~", "Strikethrough"),
    ("`", "Code"),
    ("[", "TextUrl"),
];
const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

/// Parses MarkdownV2; the error is what follows `can't parse entities:`.
pub(super) fn parse(source: &str) -> Result<Formatted, String> {
    let mut parser = Parser::new(source);
    while parser.at < source.len() {
        parser.step()?;
    }
    if let Some(open) = parser.open.last() {
        return Err(unfinished(open));
    }
    Ok(parser.formatted())
}

fn unfinished(open: &Open) -> String {
    format!("Can't find end of {} entity at byte offset {}", open.name, open.byte)
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Self {
        let (text, open, entities) = (String::new(), Vec::new(), Vec::new());
        Self { source, at: 0, text, units: 0, open, entities }
    }

    fn formatted(self) -> Formatted {
        Formatted { text: self.text, entities: self.entities }.sorted()
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn push(&mut self, character: char) {
        self.text.push(character);
        self.units += character.len_utf16();
    }

    fn copy(&mut self) {
        if let Some(character) = self.rest().chars().next() {
            self.push(character);
            self.at += character.len_utf8();
        }
    }

    fn step(&mut self) -> Result<(), String> {
        let rest = self.rest();
        if let Some(escaped) = rest.strip_prefix('\\').and_then(|after| after.chars().next())
            && matches!(escaped, '\u{1}'..='\u{7e}')
        {
            self.at += 1;
            self.copy();
            return Ok(());
        }
        let sign = self.open.last().map(|open| open.sign);
        if let Some(sign @ ("`" | "```")) = sign {
            // Nothing else means anything in code.
            if rest.starts_with(sign) {
                self.close()?;
            } else {
                self.copy();
            }
            return Ok(());
        }
        if sign == Some("[") && rest.starts_with(']') {
            return self.close();
        }
        if let Some((sign, name)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            if self.open.iter().any(|open| open.sign == *sign) {
                if self.open.last().is_some_and(|open| open.sign == *sign) {
                    return self.close();
                }
                return Err(self.open.last().map(unfinished).unwrap_or_default());
            }
            return self.begin(sign, name);
        }
        let at_line_start = self.at == 0 || self.source[..self.at].ends_with('\n');
        if rest.starts_with('>') && at_line_start {
            return self.quoted_line();
        }
        match rest.chars().next() {
            Some(reserved) if RESERVED.contains(reserved) => Err(format!(
                "Character '{reserved}' is reserved and must be escaped with the preceding '\\'"
            )),
            _ => {
                self.copy();
                Ok(())
            }
        }
    }

    fn begin(&mut self, sign: &'static str, name: &'static str) -> Result<(), String> {
        let byte = self.at;
        self.at += sign.len();
        let mut language = None;
        if sign == "```" {
            let line = self.rest().lines().next().unwrap_or_default();
            let is_language = !line.is_empty() && !line.contains([' ', '`']);
            if is_language && self.rest()[line.len()..].starts_with('\n') {
                language = Some(line.to_owned());
                self.at += line.len();
            }
            if self.rest().starts_with('\n') {
                self.at += 1;
            }
        }
        self.open.push(Open { name, sign, byte, offset: self.units, language });
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        self.at += if open.sign == "[" { 1 } else { open.sign.len() };
        let mut detail = open.language;
        let kind = match open.sign {
            "```" => "pre",
            "||" => "spoiler",
            "__" => "underline",
            "*" => "bold",
            "_" => "italic",
            "~" => "strikethrough",
            "`" => "code",
            _ => {
                let Some(after) = self.rest().strip_prefix('(') else { return Ok(()) };
                let end = after
                    .find(')')
                    .ok_or_else(|| format!("Can't find end of a URL at byte offset {}", self.at))?;
                detail = Some(after[..end].replace('\\', ""));
                self.at += end + 2;
                "text_link"
            }
        };
        if self.units > open.offset {
            self.entities.push(Entity::new(kind, open.offset, self.units, detail));
        }
        Ok(())
    }

    fn quoted_line(&mut self) -> Result<(), String> {
        self.at += 1;
        let offset = self.units;
        while !self.rest().is_empty() && !self.rest().starts_with('\n') {
            self.step()?;
        }
        if self.units > offset {
            self.entities.push(Entity::new("blockquote", offset, self.units, None));
        }
        Ok(())
    }
}

/// Parses the older Markdown, which knows no nesting.
pub(super) fn parse_legacy(source: &str) -> Result<Formatted, String> {
    let mut parser = Parser::new(source);
    while parser.at < source.len() {
        let rest = parser.rest();
        if rest.starts_with('\\') && rest[1..].starts_with(['_', '*', '`', '[']) {
            parser.at += 1;
            parser.copy();
            continue;
        }
        let signs = [("```", "pre"), ("`", "code"), ("*", "bold"), ("_", "italic")];
        let found = signs.iter().find(|(sign, _)| rest.starts_with(sign));
        let Some((sign, kind)) = found else {
            parser.copy();
            continue;
        };
        let inner = &rest[sign.len()..];
        let end = inner.find(sign).ok_or_else(|| {
            format!("Can't find end of the entity starting at byte offset {}", parser.at)
        })?;
        let offset = parser.units;
        inner[..end].chars().for_each(|character| parser.push(character));
        if end > 0 {
            parser.entities.push(Entity::new(kind, offset, parser.units, None));
        }
        parser.at += sign.len() * 2 + end;
    }
    Ok(parser.formatted())
}
