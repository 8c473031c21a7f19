use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde_json::Value;

use super::Support;
use crate::loader::exports;
use crate::testing::Plugin;

static SDK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/js/sdk");

/// The table says exactly what the shims export.
#[test]
fn the_table_is_true() {
    let table: BTreeMap<String, BTreeMap<String, Support>> =
        serde_json::from_str(include_str!("../../js/sdk/table.json")).unwrap();
    let listed: BTreeMap<&str, Vec<&str>> = table
        .iter()
        .map(|(subpath, names)| (subpath.as_str(), names.keys().map(String::as_str).collect()))
        .collect();
    let exported: BTreeMap<&str, Vec<String>> = SDK
        .files()
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "js"))
        .map(|file| {
            let subpath = file.path().file_stem().unwrap().to_str().unwrap();
            let mut names = exports(file.contents_utf8().unwrap(), &|_| None);
            names.sort();
            (subpath, names)
        })
        .collect();
    assert_eq!(format!("{listed:#?}"), format!("{exported:#?}"));
}

/// What the SDK is asked, by file.
const CASES: [(&str, &str); 6] = [
    ("cases.mjs", include_str!("../../tests/sdk_vectors/cases.mjs")),
    ("cases/accounts.mjs", include_str!("../../tests/sdk_vectors/cases/accounts.mjs")),
    ("cases/gating.mjs", include_str!("../../tests/sdk_vectors/cases/gating.mjs")),
    ("cases/ingress.mjs", include_str!("../../tests/sdk_vectors/cases/ingress.mjs")),
    ("cases/values.mjs", include_str!("../../tests/sdk_vectors/cases/values.mjs")),
    ("cases/webhooks.mjs", include_str!("../../tests/sdk_vectors/cases/webhooks.mjs")),
];

/// Our SDK answers what OpenClaw's own answered (tests/sdk_vectors/record.mjs).
#[tokio::test]
async fn answers_as_openclaw_does() {
    let recorded: Value =
        serde_json::from_str(include_str!("../../tests/sdk_vectors/vectors.json")).unwrap();
    let mut files = vec![("main.mjs", "export { answers as default } from './cases.mjs';")];
    files.extend(CASES);
    let ours = Plugin::new(&files).run().await.unwrap();
    let recorded = recorded.as_object().unwrap();
    assert!(!recorded.is_empty());
    let mut differences = Vec::new();
    for (function, answers) in recorded {
        let answers = answers.as_array().unwrap();
        for (index, theirs) in answers.iter().enumerate() {
            let ours = &ours[function][index];
            if ours != theirs {
                differences.push(format!("{function}, input {index}: {ours} and not {theirs}"));
            }
        }
        assert_eq!(ours[function].as_array().unwrap().len(), answers.len(), "{function}");
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}
