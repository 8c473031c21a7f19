//! Every command of `ocg`: what it says when it does its work, as JSON where it can, and when it
//! cannot, each kept as a snapshot. A test of `ocg-cli` compares the list with the commands there are.

use std::collections::BTreeMap;
use std::fs;

use ocg_tests::harness::Terminal;
use ocg_tests::platforms::npm_registry::Package;

use crate::session::{Session, VARIABLE, plugin};

const CONFIG: &str = "{\n  // mine\n  \"model\": \"gpt-4o\"\n}\n";

/// What is typed, in this order, under the command that it shows.
const BEFORE_START: &[(&str, &[&str])] = &[
    ("version", &["ocg version", "ocg version --short"]),
    ("completions", &["ocg completions fish", "ocg completions cmd"]),
    ("man", &["ocg man pages", "ocg man ocg.json"]),
    ("config validate", &["ocg config validate", "ocg config validate --config broken.json"]),
    ("config get", &["ocg config get model", "ocg config get verbose"]),
    ("config set", &["ocg config set verbose true", "ocg config set verbose maybe"]),
    ("config schema", &["ocg config schema", "ocg config schema --json"]),
    (
        "config show",
        &["ocg config show", "ocg config show --json", "ocg config show --config broken.json"],
    ),
    ("test", &["ocg test --offline", "ocg test", "ocg test --config broken.json"]),
    ("demo", &["ocg demo --echo --say Hello", "ocg demo --say Hello --config broken.json"]),
    ("start", &["ocg start"]),
    ("status", &["ocg status"]),
    ("stop", &["ocg stop"]),
    ("restart", &["ocg restart"]),
    ("channels list", &["ocg channels list"]),
    ("channels status", &["ocg channels status"]),
    ("plugins list", &["ocg plugins list", "ocg plugins list --json"]),
    (
        "plugins install",
        &[
            "ocg plugins install @openclaw/discord",
            "ocg plugins install weixin",
            "ocg plugins install left-pad",
        ],
    ),
    (
        "plugins check",
        &[
            "ocg plugins check discord",
            "ocg plugins check discord --json",
            "ocg plugins check --all",
            "ocg plugins check --all --markdown",
            "ocg plugins check left-pad",
        ],
    ),
    (
        "plugins node-api",
        &["ocg plugins node-api", "ocg plugins node-api --json", "ocg plugins node-api discord"],
    ),
    (
        "channels add",
        &[
            "ocg channels add --channel discord --token abc",
            "ocg channels add --channel discord",
            "ocg channels add --channel discord --tokne abc",
            "ocg channels add --channel qqbot --token abc",
        ],
    ),
    (
        "channels login",
        &["ocg channels login --channel openclaw-weixin", "ocg channels login --channel qqbot"],
    ),
    (
        "channels import",
        &["ocg channels import --channel discord", "ocg channels import --from nowhere"],
    ),
    (
        "pairing list",
        &["ocg pairing list", "ocg pairing list --json", "ocg pairing list --channel ../x"],
    ),
    (
        "pairing approve",
        &[
            "ocg pairing approve --channel discord ABCD2345",
            "ocg pairing approve --channel discord ABCD2345",
        ],
    ),
    (
        "pairing deny",
        &[
            "ocg pairing deny --channel discord EFGH6789",
            "ocg pairing deny --channel discord EFGH6789",
        ],
    ),
    ("start", &["ocg start -d"]),
];

/// The same while the gateway runs.
const RUNNING: &[(&str, &[&str])] = &[
    ("start", &["ocg start"]),
    ("status", &["ocg status", "ocg status --json"]),
    (
        "channels list",
        &[
            "ocg channels list",
            "ocg channels list --all",
            "ocg channels list --json",
            "ocg channels list --config broken.json",
        ],
    ),
    (
        "channels status",
        &[
            "ocg channels status",
            "ocg channels status --channel discord --json",
            "ocg channels status --channel pigeon",
        ],
    ),
    (
        "channels stop",
        &["ocg channels stop --channel discord", "ocg channels stop --channel pigeon"],
    ),
    (
        "channels start",
        &[
            "ocg channels start --channel discord --account default",
            "ocg channels start --channel discord --account nobody",
        ],
    ),
    (
        "channels restart",
        &["ocg channels restart --channel discord", "ocg channels restart --channel pigeon"],
    ),
    (
        "send",
        &[
            "ocg send --channel discord --to 4711 --text hi",
            "ocg send --channel discord --to 4711 --text hi --json",
            "ocg send --channel discord --to 4711",
            "ocg send --channel pigeon --to 4711 --text hi",
        ],
    ),
    ("restart", &["ocg restart"]),
    ("plugins list", &["ocg plugins list", "ocg plugins list --json --config broken.json"]),
];

/// And with a newer version of a plugin in the registry.
const LAST: &[(&str, &[&str])] = &[
    ("plugins update", &["ocg plugins update", "ocg plugins update left-pad"]),
    (
        "channels remove",
        &["ocg channels remove --channel discord", "ocg channels remove --channel discord"],
    ),
    ("plugins remove", &["ocg plugins remove discord", "ocg plugins remove discord"]),
    ("stop", &["ocg stop"]),
];

/// Senders who wait for approval; their requests do not expire while the test runs.
const PAIRING: &str = r#"{"version": 1, "requests": [
    {"id": "ann", "code": "ABCD2345", "accountId": "default", "meta": {"name": "Ann"},
     "createdAt": "2100-01-01T00:00:00.000Z", "lastSeenAt": "2100-01-01T00:00:00.000Z"},
    {"id": "bob", "code": "EFGH6789", "accountId": "default",
     "createdAt": "2100-01-01T00:00:00.000Z", "lastSeenAt": "2100-01-01T00:00:00.000Z"}
]}"#;

fn write(session: &Session, path: &str, text: &str) {
    let file = session.home.path(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// What was shown, by command.
type Shown = BTreeMap<&'static str, String>;

async fn type_all(session: &mut Session, script: &[(&'static str, &[&str])], shown: &mut Shown) {
    for (command, lines) in script {
        for line in *lines {
            session.until_settled().await;
            session.types(line).await;
        }
        *shown.entry(command).or_default() += &session.take_transcript();
    }
}

#[tokio::test]
async fn every_command_is_shown() {
    let mut session = Session::new(CONFIG).await;
    write(&session, "broken.json", "{\n  \"model\": \"gpt-4o\"\n  \"verbose\": true\n}\n");
    write(&session, ".openclaw/discord/account.json", "{}");
    write(&session, "state/openclaw/credentials/discord-pairing.json", PAIRING);
    let mut shown = Shown::new();
    type_all(&mut session, BEFORE_START, &mut shown).await;
    type_all(&mut session, RUNNING, &mut shown).await;
    let newer = Package::plugin("@openclaw/discord", "discord", &plugin("discord"));
    session.registry.publish(newer.version("1.1.0"));
    type_all(&mut session, LAST, &mut shown).await;
    for (command, text) in shown {
        insta::with_settings!({
            omit_expression => true,
            snapshot_suffix => command.replace(' ', "_"),
            filters => VARIABLE.to_vec(),
        }, { insta::assert_snapshot!("every_command", text) });
    }
    assert!(fs::read_to_string(session.home.config_file()).unwrap().contains("// mine"));
    session.agent.assert_no_violations();
}

#[tokio::test]
async fn tables_have_headings_in_a_terminal() {
    let session = Session::new(r#"{"channels": {"discord": {"token": "abc"}}}"#).await;
    session.home.run(&["plugins", "install", "discord"]).await.exits(0);
    write(&session, "state/openclaw/credentials/discord-pairing.json", PAIRING);
    let mut seen = String::new();
    for command in ["channels list", "plugins list", "pairing list"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let mut terminal = Terminal::run(&session.home, &arguments);
        assert_eq!(terminal.ended().await, Some(0));
        seen += &format!("$ ocg {command}\n{}", terminal.screen().text().replace('\r', ""));
    }
    insta::with_settings!({ omit_expression => true, filters => VARIABLE.to_vec() }, {
        insta::assert_snapshot!(seen);
    });
}
