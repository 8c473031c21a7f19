//! `--help` of every command.

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn every_command_explains_itself() {
    let sandbox = Sandbox::new();
    // Hidden commands are in no list.
    let mut waiting = vec![String::new(), "man".to_owned()];
    while let Some(path) = waiting.pop() {
        let words = path.split_whitespace();
        let page = sandbox.run(&words.chain(["--help"]).collect::<Vec<_>>());
        let below = subcommands(&page).map(|name| format!("{path} {name}").trim().to_owned());
        waiting.extend(below.collect::<Vec<_>>());
        let name = if path.is_empty() { "ocg".to_owned() } else { path.replace(' ', "_") };
        insta::with_settings!({ snapshot_suffix => name }, {
            assert_seen!(page);
        });
    }
}

/// The names in the list of a page's commands.
fn subcommands(page: &str) -> impl Iterator<Item = &str> {
    let list = page.split_once("\nCommands:\n").map_or("", |(_, list)| list);
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).filter(|n| !n.is_empty())
}
