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

/// Our SDK answers what OpenClaw's own answered (tests/sdk_vectors/record.mjs).
#[tokio::test]
async fn answers_as_openclaw_does() {
    let cases = include_str!("../../tests/sdk_vectors/cases.mjs");
    let recorded: Value =
        serde_json::from_str(include_str!("../../tests/sdk_vectors/vectors.json")).unwrap();
    let main = "export { answers as default } from './cases.mjs';";
    let ours = Plugin::new(&[("main.mjs", main), ("cases.mjs", cases)]).run().await.unwrap();
    let recorded = recorded.as_object().unwrap();
    assert!(!recorded.is_empty());
    for (function, answers) in recorded {
        let answers = answers.as_array().unwrap();
        for (index, answer) in answers.iter().enumerate() {
            assert_eq!(&ours[function][index], answer, "{function}, input {index}");
        }
        assert_eq!(ours[function].as_array().unwrap().len(), answers.len(), "{function}");
    }
}
