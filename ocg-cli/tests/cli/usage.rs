//! Wrong command lines, help, version, completions, and output that nobody reads.

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn without_a_command_help_is_shown_as_an_error() {
    let seen = Sandbox::new().run(&[]);
    assert!(seen.starts_with("exit: 2\n--- stderr\n"), "{seen}");
    assert!(seen.contains("Usage: ocg"), "{seen}");
}

#[test]
fn an_unknown_command_names_the_nearest() {
    assert_seen!(Sandbox::new().run(&["statsu"]));
}

#[test]
fn an_unknown_option_names_the_nearest() {
    assert_seen!(Sandbox::new().run(&["status", "--jsno"]));
}

#[test]
fn a_missing_argument_is_named() {
    assert_seen!(Sandbox::new().run(&["channels", "login"]));
}

#[test]
fn version_names_the_parts() {
    assert_seen!(Sandbox::new().run(&["version"]));
}

#[test]
fn completions_are_printed_for_a_shell() {
    let seen = Sandbox::new().run(&["completions", "bash"]);
    assert!(seen.starts_with("exit: 0\n--- stdout\n_ocg()"), "{seen}");
}

#[test]
fn a_log_filter_that_is_none_is_refused() {
    assert_seen!(Sandbox::new().run_with_env(&["version"], &[("OCG_LOG", "a=b=c")]));
}

#[test]
fn a_log_format_that_does_not_exist_is_refused() {
    assert_seen!(Sandbox::new().run_with_env(&["version"], &[("OCG_LOG_FORMAT", "xml")]));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command(&["completions", "zsh"]);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!(sandbox.seen(&output), "exit: 0\n");
}

#[test]
fn manual_pages_are_written() {
    let sandbox = Sandbox::new();
    assert_seen!(sandbox.run(&["man", "pages"]));
    let page = sandbox.state().join("../work/pages/ocg-channels-add.1");
    assert!(std::fs::read_to_string(page).unwrap().contains(".TH ocg-channels-add"));
}
