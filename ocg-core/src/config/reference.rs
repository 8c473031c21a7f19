//! The reference of all keys, as a page for people, made from the schema.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::schema;

/// The sections of the page: heading and name of the section's type.
const SECTIONS: [(&str, &str); 7] = [
    ("Top level", ""),
    ("`channels.<id>` and `channels.<id>.accounts.<id>`", "ChannelSection"),
    ("`history`", "HistorySection"),
    ("`plugins.<package>`", "PluginSection"),
    ("`plugins.<package>.permissions`", "Permissions"),
    ("`session`", "SessionSection"),
    ("Kinds of values", "kinds"),
];

/// The page in Markdown.
pub fn reference() -> String {
    let schema = schema::schema();
    let mut page =
        "# Keys of ocg.json\n\nMade by `ocg config schema --markdown`. What the keys are \
                    for, and which value counts when\nseveral are set, is in [configuration]\
                    (configuration.md).\n"
            .to_owned();
    for (heading, section) in SECTIONS {
        let _ = write!(page, "\n## {heading}\n\n");
        match section {
            "" => describe(&mut page, &schema),
            "kinds" => kinds(&mut page, &schema),
            name => describe(&mut page, &schema["$defs"][name]),
        }
    }
    page
}

fn describe(page: &mut String, section: &Value) {
    if let (Some(text), true) = (description(section), section.get("$schema").is_none()) {
        let _ = write!(page, "{text}\n\n");
    }
    page.push_str("| key | value | default | meaning |\n|---|---|---|---|\n");
    for (key, property) in section["properties"].as_object().unwrap_or(&Map::new()) {
        let text = description(property).unwrap_or_default();
        let (meaning, default) = text.split_once("Default: ").unwrap_or((&text, ""));
        let default = default.trim_end_matches('.');
        let row = [format!("`{key}`"), kind(property), default.to_owned(), meaning.trim().into()];
        let _ = writeln!(page, "| {} |", row.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
}

/// The definitions that are no sections.
fn kinds(page: &mut String, schema: &Value) {
    page.push_str("| kind | is |\n|---|---|\n");
    for (name, definition) in schema["$defs"].as_object().unwrap_or(&Map::new()) {
        if let (Some(text), None) = (description(definition), definition.get("properties")) {
            let _ = writeln!(page, "| {} | {text} |", words(name));
        }
    }
}

fn description(of: &Value) -> Option<String> {
    let text = of.get("description")?.as_str()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What a value must be, in words.
fn kind(property: &Value) -> String {
    if let Some(definition) = property.get("$ref").and_then(Value::as_str) {
        return words(definition.rsplit('/').next().unwrap_or(definition));
    }
    let alternatives = property.get("anyOf").and_then(Value::as_array);
    if let Some(first) = alternatives.and_then(|all| all.first()) {
        return kind(first);
    }
    let of = |key: &str| property.get(key).filter(|inner| inner.is_object()).map(kind);
    let name = match &property["type"] {
        Value::Array(names) => names.first().and_then(Value::as_str).unwrap_or_default(),
        name => name.as_str().unwrap_or_default(),
    };
    match name {
        "string" => "text".to_owned(),
        "boolean" => "true or false".to_owned(),
        "integer" | "number" => "number".to_owned(),
        "array" => of("items").map_or("list".to_owned(), |inner| format!("list: {inner}")),
        "object" => match of("additionalProperties") {
            Some(inner) => format!("object of: {inner}"),
            None => "object".to_owned(),
        },
        _ => "anything".to_owned(),
    }
}

/// `ChannelSection` is `channel section`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_page_is_the_current_one() {
        let shipped = std::fs::read_to_string("../docs/configuration-keys.md").unwrap_or_default();
        let current = reference();
        let hint = "run: ocg config schema --markdown > docs/configuration-keys.md";
        assert!(shipped == current, "{hint}\n{current}");
    }
}
