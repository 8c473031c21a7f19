//! Rules that every bad input obeys. The committed snapshots are the list: their tests hold them
//! to the truth.

use std::fs;
use std::path::{Path, PathBuf};

/// So many different bad inputs must be known.
const AT_LEAST: usize = 50;

/// Ways of telling what to do next, or what happens next: an exception of a plugin is passed on in
/// its own words, and the gateway starts the plugin again by itself.
const ADVICE: &[&str] =
    &["hint: ", "Try ", "try ", "tip: ", "expected ", "must be ", "starts again in"];
/// Verbs that begin an advice.
const VERBS: &[&str] = &[
    "add", "allow", "ask", "check", "correct", "grant", "install", "look", "lower", "name", "put",
    "raise", "remove", "save", "see", "set", "start", "update", "use", "wait", "write",
];
/// Keys and tokens that occur in the tests.
const SECRETS: &[&str] =
    &["sk-secret", "hunter2", "npm-secret", "t0k3n", "0123456789abcdef0123456789abcdef"];

#[test]
fn fifty_bad_inputs_say_what_to_do_and_tell_no_secret() {
    let bad: Vec<(String, String)> = snapshots().filter(|(_, text)| is_complaint(text)).collect();
    for (name, text) in &bad {
        assert!(!text.contains("panicked"), "{name}: {text}");
        assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{name}: {text}");
    }
    let helpless: Vec<&str> =
        bad.iter().filter(|(_, text)| !gives_advice(text)).map(|(name, _)| name.as_str()).collect();
    assert!(helpless.is_empty(), "these do not say what to do: {helpless:#?}");
    assert!(bad.len() >= AT_LEAST, "only {}: {bad:#?}", bad.len());
}

/// Name and text of every snapshot.
fn snapshots() -> impl Iterator<Item = (String, String)> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["flows/bad_inputs/snapshots", "../ocg-cli/tests/cli/snapshots"];
    folders.into_iter().flat_map(move |folder| files_of(&tests.join(folder))).map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let (_, said) = text.split_once("\n---\n").unwrap();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), said.to_owned())
    })
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|kind| kind == "snap")).collect()
}

/// Whether something was refused or warned of.
fn is_complaint(text: &str) -> bool {
    ["error: ", "warning: ", "--- operator"].iter().any(|mark| text.contains(mark))
}

fn gives_advice(text: &str) -> bool {
    let mut clauses = text.split([';', ':', '(']).skip(1);
    ADVICE.iter().any(|words| text.contains(words))
        || clauses.any(|clause| VERBS.contains(&clause.split_whitespace().next().unwrap_or("")))
}
