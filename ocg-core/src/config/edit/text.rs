//! Edits of the file's text that keep comments, order and formatting of the rest.

use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstRootNode};
use serde_json::Value;

use crate::config::channel_id::as_written;
use crate::config::diagnose::SourceText;
use crate::config::{ConfigError, KeyPath, Step};

/// The text with `key` set to `value`.
pub(super) fn set(text: &str, key: &KeyPath, value: &Value) -> Result<String, ConfigError> {
    let root = parse(text, key)?;
    let key = &written(&root, key);
    let Some((last, above)) = key.steps().split_last() else {
        return Err(refused(key, "name a setting"));
    };
    let parent = descend(&root, key, above)?;
    match (last, parent) {
        (Step::Key(name), Container::Object(object)) => match object.get(name) {
            Some(property) => property.set_value(input(value)),
            None => {
                object.append(name, input(value));
            }
        },
        (Step::Index(index), Container::Array(array)) => {
            set_element(&array, *index, value).map_err(|reason| refused(key, reason))?;
        }
        (Step::Key(_), Container::Array(_)) => {
            return Err(refused(key, "there is a list, name an index such as [0]"));
        }
        (Step::Index(_), Container::Object(_)) => {
            return Err(refused(key, "there is an object, name a key instead of an index"));
        }
    }
    Ok(root.to_string())
}

/// The text without `key`.
pub(super) fn remove(text: &str, key: &KeyPath) -> Result<String, ConfigError> {
    let root = parse(text, key)?;
    let key = &written(&root, key);
    let Some((last, above)) = key.steps().split_last() else {
        return Err(refused(key, "name a setting"));
    };
    match (last, find(&root, above)) {
        (Step::Key(name), Some(Container::Object(object))) => {
            if let Some(property) = object.get(name) {
                property.remove();
            }
        }
        (Step::Index(index), Some(Container::Array(array))) => {
            if let Some(element) = array.elements().into_iter().nth(*index) {
                element.remove();
            }
        }
        _ => {}
    }
    Ok(root.to_string())
}

/// The text with a merge patch applied.
pub(super) fn merge(text: &str, patch: &Value) -> Result<String, ConfigError> {
    let mut text = text.to_owned();
    let mut open = vec![(KeyPath::default(), patch)];
    while let Some((at, patch)) = open.pop() {
        match patch {
            Value::Object(object) if !object.is_empty() || at.steps().is_empty() => {
                open.extend(object.iter().rev().map(|(key, value)| (at.key(key), value)));
            }
            Value::Null => text = remove(&text, &at)?,
            value => text = set(&text, &at, value)?,
        }
    }
    Ok(text)
}

/// `key` with the channel's id that the file uses.
fn written(root: &CstRootNode, key: &KeyPath) -> KeyPath {
    let channels = root.object_value().and_then(|root| root.object_value("channels"));
    as_written(key, |id| channels.as_ref().is_some_and(|channels| channels.get(id).is_some()))
}

enum Container {
    Object(CstObject),
    Array(CstArray),
}

fn parse(text: &str, key: &KeyPath) -> Result<CstRootNode, ConfigError> {
    let text = if text.trim().is_empty() { "{\n}\n" } else { text };
    // Callers have parsed the text before, with a better message.
    CstRootNode::parse(text, &SourceText::parse_options())
        .map_err(|error| refused(key, &error.to_string()))
}

/// The container at `above`; objects that are missing on the way are created.
fn descend(root: &CstRootNode, key: &KeyPath, above: &[Step]) -> Result<Container, ConfigError> {
    let object = root.object_value_or_create();
    let object = object.ok_or_else(|| refused(key, "the file is no object"))?;
    let mut at = Container::Object(object);
    for step in above {
        at = match (step, at) {
            (Step::Key(name), Container::Object(object)) => {
                let value = match object.get(name) {
                    Some(property) => property.value(),
                    None => object.append(name, CstInputValue::Object(Vec::new())).value(),
                };
                value.and_then(container).ok_or_else(|| {
                    refused(key, &format!("{name:?} is no object; remove or change it first"))
                })?
            }
            (Step::Index(index), Container::Array(array)) => array
                .elements()
                .into_iter()
                .nth(*index)
                .and_then(container)
                .ok_or_else(|| refused(key, &format!("there is no object at [{index}]")))?,
            _ => return Err(refused(key, "the path does not fit the file")),
        };
    }
    Ok(at)
}

fn find(root: &CstRootNode, above: &[Step]) -> Option<Container> {
    let mut at = Container::Object(root.object_value()?);
    for step in above {
        at = container(match (step, at) {
            (Step::Key(name), Container::Object(object)) => object.get(name)?.value()?,
            (Step::Index(index), Container::Array(array)) => {
                array.elements().into_iter().nth(*index)?
            }
            _ => return None,
        })?;
    }
    Some(at)
}

fn container(node: CstNode) -> Option<Container> {
    node.as_object().map(Container::Object).or_else(|| node.as_array().map(Container::Array))
}

fn set_element(array: &CstArray, index: usize, value: &Value) -> Result<(), &'static str> {
    let elements = array.elements();
    if index > elements.len() {
        return Err("the list is shorter; append at its end");
    }
    array.insert(index, input(value));
    if let Some(old) = elements.into_iter().nth(index) {
        old.remove();
    }
    Ok(())
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(array) => CstInputValue::Array(array.iter().map(input).collect()),
        Value::Object(object) => CstInputValue::Object(
            object.iter().map(|(key, value)| (key.clone(), input(value))).collect(),
        ),
    }
}

fn refused(key: &KeyPath, reason: &str) -> ConfigError {
    ConfigError::Edit { path: key.clone(), reason: reason.to_owned() }
}
