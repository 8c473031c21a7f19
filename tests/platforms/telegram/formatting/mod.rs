//! Text with its formatting: parsed as the Bot API parses it, refused in its words.

mod formatted;
mod html;
mod markdown;
mod rich;

use serde_json::Value;

pub use formatted::{Entity, Formatted};
pub(super) use rich::rich_text;

use super::parameters::Parameters;
use super::server::bad_request;
use crate::platforms::api::Refusal;

/// The text in `name`, formatted as `mode` or the list in `entities` says.
pub(super) fn read(
    parameters: &Parameters,
    name: &str,
    mode: &str,
    entities: &str,
) -> Result<Formatted, Refusal> {
    let text = parameters.text(name).unwrap_or_default();
    let mode = parameters.text(mode).unwrap_or_default().to_ascii_lowercase();
    let parsed = match mode.as_str() {
        "" => listed(text, parameters.json(entities)),
        "html" => html::parse(&text),
        "markdownv2" => markdown::parse(&text),
        "markdown" => markdown::parse_legacy(&text),
        _ => return Err(bad_request("unsupported parse_mode")),
    };
    let parsed = parsed.map_err(|why| bad_request(format!("can't parse entities: {why}")))?;
    Ok(parsed.trimmed())
}

fn listed(text: String, entities: Option<Value>) -> Result<Formatted, String> {
    let mut formatted = Formatted::plain(text);
    let units = formatted.units();
    for entity in entities.as_ref().and_then(Value::as_array).into_iter().flatten() {
        let entity = Entity::from_json(entity).ok_or("can't parse MessageEntity")?;
        if entity.offset + entity.length > units {
            return Err("entity beyond the end of the text".into());
        }
        formatted.entities.push(entity);
    }
    Ok(formatted)
}
