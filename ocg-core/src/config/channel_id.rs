//! Ids that channels had under the original gateway.

use serde_json::Value;

use super::diagnose::{Diagnostic, Part, SourceText};
use super::{KeyPath, Step};

/// Former ids, and the channels that they mean.
const FORMER: [(&str, &str); 1] = [("dingtalk-connector", "dingtalk")];

/// The channel that `id` means: ids of the original gateway stand for those of today's plugins.
pub fn channel_id(id: &str) -> &str {
    FORMER.iter().find(|(former, _)| *former == id).map_or(id, |(_, today)| today)
}

/// Gives the sections of a file that have former ids those of today, with a warning for each.
pub(super) fn rename_sections(
    source: &SourceText,
    raw: &mut Value,
    warnings: &mut Vec<Diagnostic>,
) {
    let Some(channels) = raw.get_mut("channels").and_then(Value::as_object_mut) else { return };
    for (former, today) in FORMER {
        let Some(section) = channels.shift_remove(former) else { continue };
        let (message, hint) = if channels.contains_key(today) {
            let message = format!("{former} means the channel {today}, whose own section is used");
            (message, "remove one of the two".to_owned())
        } else {
            channels.insert(today.to_owned(), section);
            let message = format!("{former} means the channel {today}, and is read as its section");
            (message, format!("it works as it is; the id of today's plugin is {today:?}"))
        };
        let key = KeyPath::of(["channels", former]);
        warnings.push(source.at(&key, Part::Key, message, Some(hint)));
    }
}

/// The path by which a file has the setting `key`, whichever id of the channel either uses. `has`
/// says whether the file has a section of this id.
pub(super) fn as_written(key: &KeyPath, has: impl Fn(&str) -> bool) -> KeyPath {
    let [Step::Key(top), Step::Key(id), rest @ ..] = key.steps() else { return key.clone() };
    if top != "channels" || has(id) {
        return key.clone();
    }
    let today = channel_id(id);
    let former = FORMER.iter().find(|(former, means)| *means == today && has(former));
    let written = former.map_or(today, |(former, _)| former);
    let steps = [Step::Key(top.clone()), Step::Key(written.to_owned())];
    steps.into_iter().chain(rest.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_where_the_file_has_it() {
        let written = |key: &str, ids: &[&str]| {
            as_written(&key.parse().unwrap(), |id| ids.contains(&id)).to_string()
        };
        let (former, today) = ("channels.dingtalk-connector.a[0]", "channels.dingtalk.a[0]");
        assert_eq!(written(today, &["dingtalk-connector"]), former);
        assert_eq!(written(former, &["dingtalk"]), today);
        assert_eq!(written(former, &[]), today);
        assert_eq!(written(today, &[]), today);
        assert_eq!(written(today, &["dingtalk", "dingtalk-connector"]), today);
        assert_eq!(written("plugins.dingtalk-connector.b", &[]), "plugins.dingtalk-connector.b");
        assert_eq!(written("channels", &[]), "channels");
    }
}
