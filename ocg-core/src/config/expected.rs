//! Serde's type errors in plain words, without the offending value, which may be a secret.

use serde_json::Value;

/// What a value is.
pub(super) fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(number) if number.is_i64() && !number.is_u64() => "a negative number",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What serde says it expected.
pub(super) fn in_words(error: &str) -> String {
    let Some((_, expected)) = error.rsplit_once("expected ") else {
        return "another value".to_owned();
    };
    match expected {
        "a boolean" => "true or false",
        "a string" | "path string" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number",
        nonzero if nonzero.starts_with("a nonzero") => "a whole number above 0",
        other => other,
    }
    .to_owned()
}

/// Whether such a value is written without quotes.
pub(super) fn is_bare(expected: &str) -> bool {
    expected == "true or false" || expected.starts_with("a whole number")
}
