//! Text as the user sees it, and which parts of it look special.

use serde_json::{Value, json};

/// A part of a text that looks special. Offsets count UTF-16 units, as everywhere in the Bot API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// `bold`, `pre`, `text_link` and so on.
    pub kind: String,
    /// Where it begins.
    pub offset: usize,
    /// How long it is.
    pub length: usize,
    /// A link's address, the language of a block of code, an emoji's id.
    pub detail: Option<String>,
}

impl Entity {
    pub(super) fn new(kind: &str, offset: usize, end: usize, detail: Option<String>) -> Self {
        Self { kind: kind.to_owned(), offset, length: end - offset, detail }
    }

    pub(super) fn from_json(value: &Value) -> Option<Self> {
        let number = |name: &str| usize::try_from(value[name].as_u64()?).ok();
        let (offset, length) = (number("offset")?, number("length")?);
        let kind = value["type"].as_str()?.to_owned();
        let detail = value[detail_name(&kind)].as_str().map(str::to_owned);
        Some(Self { kind, offset, length, detail })
    }

    fn to_json(&self) -> Value {
        let mut json = json!({"type": self.kind, "offset": self.offset, "length": self.length});
        if let Some(detail) = &self.detail {
            json[detail_name(&self.kind)] = detail.clone().into();
        }
        json
    }
}

fn detail_name(kind: &str) -> &'static str {
    match kind {
        "pre" => "language",
        "custom_emoji" => "custom_emoji_id",
        _ => "url",
    }
}

/// A text and its entities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Formatted {
    /// What is read.
    pub text: String,
    /// What of it looks special, in order.
    pub entities: Vec<Entity>,
}

impl Formatted {
    /// A text without formatting.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), entities: Vec::new() }
    }

    /// Length in UTF-16 units.
    pub fn units(&self) -> usize {
        self.text.encode_utf16().count()
    }

    /// The texts that look like `kind`, in order.
    pub fn spans(&self, kind: &str) -> Vec<String> {
        let units: Vec<u16> = self.text.encode_utf16().collect();
        let spans = self.entities.iter().filter(|entity| entity.kind == kind);
        spans.map(|e| String::from_utf16_lossy(&units[e.offset..e.offset + e.length])).collect()
    }

    /// The entities as the Bot API lists them.
    pub(in super::super) fn entities_json(&self) -> Value {
        self.entities.iter().map(Entity::to_json).collect()
    }

    /// Without white space at both ends, which Telegram takes away.
    pub(super) fn trimmed(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let cut = self.text[..start].encode_utf16().count();
        let text = self.text.trim().to_owned();
        let units = text.encode_utf16().count();
        let entities = self.entities.into_iter().filter_map(|mut entity| {
            let end = (entity.offset + entity.length).saturating_sub(cut).min(units);
            entity.offset = entity.offset.saturating_sub(cut);
            entity.length = end.checked_sub(entity.offset).filter(|length| *length > 0)?;
            Some(entity)
        });
        Self { entities: entities.collect(), text }
    }

    /// Puts the entities in the order of the Bot API: by place, outer ones first.
    pub(super) fn sorted(mut self) -> Self {
        self.entities.sort_by_key(|entity| (entity.offset, usize::MAX - entity.length));
        self
    }
}
