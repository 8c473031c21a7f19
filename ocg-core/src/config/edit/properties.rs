//! What every edit keeps, whatever the file looks like.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::text;
use crate::config::KeyPath;
use crate::config::load::Document;

/// One setting of a file with comments of its own: before it, and behind it.
#[derive(Debug, Clone)]
struct Line {
    key: String,
    value: Value,
    above: bool,
    behind: bool,
    indent: usize,
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z\u{4e2d} \"\\\\]{0,8}".prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..3).prop_map(|list| json!(list)),
        ("[a-z]{1,4}", any::<bool>()).prop_map(|(key, value)| json!({ key: value })),
    ]
}

fn line() -> impl Strategy<Value = Line> {
    ("[a-z]{1,6}", value(), any::<bool>(), any::<bool>(), 0..5_usize)
        .prop_map(|(key, value, above, behind, indent)| Line { key, value, above, behind, indent })
}

/// A file with different keys, in the order in which they were drawn.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec(line(), 0..8).prop_map(|mut lines| {
        let mut seen = std::collections::BTreeSet::new();
        lines.retain(|line| seen.insert(line.key.clone()));
        lines
    })
}

fn written(lines: &[Line], trailing_comma: bool) -> String {
    let mut text = "// the head\n{\n".to_owned();
    for (number, line) in lines.iter().enumerate() {
        let indent = " ".repeat(line.indent);
        if line.above {
            text += &format!("{indent}// above-{}\n", line.key);
        }
        let comma = if number + 1 < lines.len() || trailing_comma { "," } else { "" };
        let behind = if line.behind { format!(" // behind-{}", line.key) } else { String::new() };
        text += &format!("{indent}\"{}\": {}{comma}{behind}\n", line.key, line.value);
    }
    text + "}\n// the foot\n"
}

/// The comments of a file, in order; those of `except` left out.
fn comments(text: &str, except: &str) -> Vec<String> {
    let found = text.lines().filter_map(|line| line.rsplit_once("// ").map(|(_, words)| words));
    let of = |words: &str| words.split_once('-').is_some_and(|(_, key)| key == except);
    found.filter(|words| !of(words)).map(str::to_owned).collect()
}

fn read(text: &str) -> Value {
    Document::parse(PathBuf::from("ocg.json"), text.to_owned()).unwrap().raw
}

fn keys(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

proptest! {
    #[test]
    fn setting_keeps_comments_order_and_everything_else(
        lines in lines(),
        trailing_comma in any::<bool>(),
        chosen in any::<proptest::sample::Index>(),
        new_key in "[A-Z]{1,4}",
        value in value(),
        replace in any::<bool>(),
    ) {
        let before = written(&lines, trailing_comma && !lines.is_empty());
        let key = match replace && !lines.is_empty() {
            true => lines[chosen.index(lines.len())].key.clone(),
            false => new_key,
        };
        let after = text::set(&before, &KeyPath::of([&key]), &value).unwrap();
        prop_assert_eq!(comments(&after, ""), comments(&before, ""), "{}", after);
        let mut expected = read(&before);
        expected[&key] = value;
        let read = read(&after);
        prop_assert_eq!(keys(&read), keys(&expected));
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn removing_keeps_the_comments_and_the_order_of_the_others(
        lines in lines(),
        trailing_comma in any::<bool>(),
        chosen in any::<proptest::sample::Index>(),
    ) {
        prop_assume!(!lines.is_empty());
        let before = written(&lines, trailing_comma);
        let key = &lines[chosen.index(lines.len())].key;
        let after = text::remove(&before, &KeyPath::of([key])).unwrap();
        prop_assert_eq!(comments(&after, key), comments(&before, key), "{}", after);
        let mut expected = read(&before);
        expected.as_object_mut().unwrap().shift_remove(key);
        let read = read(&after);
        prop_assert_eq!(keys(&read), keys(&expected));
        prop_assert_eq!(read, expected);
    }
}
