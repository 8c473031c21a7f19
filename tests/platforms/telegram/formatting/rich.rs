//! What is read in a rich message, without its looks.

use serde_json::Value;

/// Most characters of a rich message.
const TEXT_LIMIT: usize = 32_768;
/// Most blocks of a rich message.
const BLOCK_LIMIT: usize = 500;

/// The text of an `InputRichMessage`; the error is the Bot API's.
pub(in super::super) fn rich_text(message: &Value) -> Result<String, String> {
    let sources = ["blocks", "html", "markdown"];
    let given: Vec<&Value> =
        sources.iter().map(|name| &message[*name]).filter(|v| !v.is_null()).collect();
    let [source] = given.as_slice() else {
        return Err("exactly one of html, markdown and blocks must be given".into());
    };
    let mut text = String::new();
    match source {
        Value::Array(blocks) if blocks.len() > BLOCK_LIMIT => {
            return Err("can't parse InputRichBlock: too many blocks".into());
        }
        Value::Array(blocks) => {
            for block in blocks {
                if block["type"].as_str().is_none() {
                    return Err("can't parse InputRichBlock: no type".into());
                }
                if !text.is_empty() {
                    text.push('\n');
                }
                read(block, &mut text);
            }
        }
        other => text.push_str(other.as_str().unwrap_or_default()),
    }
    if text.trim().is_empty() {
        return Err("message text is empty".into());
    }
    if text.chars().count() > TEXT_LIMIT {
        return Err("message is too long".into());
    }
    Ok(text.trim().to_owned())
}

/// Fields of blocks that hold what is read, in the order of reading.
const READ: [&str; 11] = [
    "title",
    "header",
    "summary",
    "label",
    "text",
    "cells",
    "rows",
    "items",
    "blocks",
    "caption",
    "expression",
];

fn read(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => into.push_str(text),
        Value::Array(all) => {
            for (n, one) in all.iter().enumerate() {
                if n > 0 && !one.is_string() && one["text"].is_null() {
                    into.push('\n');
                }
                read(one, into);
            }
        }
        Value::Object(fields) => {
            READ.iter().filter_map(|name| fields.get(*name)).for_each(|field| read(field, into));
        }
        _ => {}
    }
}
