//! What plugin packages say about themselves (plugin contract §4.1).

#![allow(clippy::unwrap_used)]

use std::path::Path;

use ocg_js::manifest::PluginManifest;
use serde_json::{Value, json};

fn package(package: Value, plugin: Option<Value>) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "package.json", &package.to_string());
    if let Some(plugin) = plugin {
        write(root.path(), "openclaw.plugin.json", &plugin.to_string());
    }
    for file in ["index.ts", "dist/index.js", "dist/setup.js"] {
        write(root.path(), file, "");
    }
    root
}

fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

#[test]
fn everything_a_manifest_can_say() {
    let root = package(
        json!({
            "name": "@s/plug", "version": "1.2.3",
            "openclaw": {
                "extensions": ["./index.ts"],
                "runtimeExtensions": ["./dist/index.js"],
                "setupEntry": "./dist/setup.js",
                "channel": {
                    "id": "chat", "label": "Chat", "docsPath": "/channels/chat", "aliases": ["c"],
                    "configuredState": {"env": {"anyOf": ["CHAT_TOKEN"]}},
                    "setup": {"fields": [
                        {"key": "token", "kind": "string", "sensitive": true,
                         "cli": {"description": "bot token"}},
                        {"key": "useEnv", "kind": "boolean", "envVars": ["CHAT_TOKEN", "CHAT_ID"]},
                    ]},
                },
                "channels": ["chat", "second"],
                "install": {"minHostVersion": ">=2026.5.12"},
            },
        }),
        Some(json!({
            "id": "plug", "channels": ["third"], "configSchema": {"type": "object"},
            "channelConfigs": {"second": {"label": "Second", "schema": {"type": "string"}}},
        })),
    );
    let manifest = PluginManifest::read(root.path()).unwrap();
    assert_eq!((manifest.id.as_str(), manifest.version.as_str()), ("plug", "1.2.3"));
    assert!(manifest.entry.ends_with("dist/index.js"), "the compiled entry is preferred");
    assert!(manifest.setup_entry.as_ref().unwrap().ends_with("dist/setup.js"));
    assert_eq!(manifest.min_host_version.as_deref(), Some(">=2026.5.12"));
    let ids: Vec<&str> = manifest.channels.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["chat", "second", "third"]);
    assert_eq!(manifest.environment(), ["CHAT_ID", "CHAT_TOKEN"]);
    let chat = manifest.channel("c").unwrap();
    assert_eq!((chat.label.as_str(), chat.docs.as_deref()), ("Chat", Some("/channels/chat")));
    assert!(chat.setup_fields[0].sensitive && !chat.setup_fields[1].sensitive);
    let second = manifest.channel("second").unwrap();
    assert_eq!(
        (second.label.as_str(), &second.config_schema),
        ("Second", &Some(json!({"type": "string"})),)
    );
}

#[test]
fn the_source_is_the_entry_when_nothing_is_compiled() {
    let openclaw = json!({"extensions": ["./index.ts"], "channels": [{"id": "x"}]});
    let root = package(json!({"name": "p", "version": "1.0.0", "openclaw": openclaw}), None);
    let manifest = PluginManifest::read(root.path()).unwrap();
    assert!(manifest.entry.ends_with("index.ts"));
    assert_eq!((manifest.id.as_str(), manifest.channels[0].label.as_str()), ("x", "x"));
}

#[cfg(unix)]
#[test]
fn an_entry_may_not_leave_through_a_link() {
    let openclaw = json!({"extensions": ["./out/index.js"], "channel": {"id": "x"}});
    let root = package(json!({"name": "p", "version": "1.0.0", "openclaw": openclaw}), None);
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "index.js", "");
    std::os::unix::fs::symlink(outside.path(), root.path().join("out")).unwrap();
    insta::assert_snapshot!(
        PluginManifest::read(root.path()).unwrap_err(),
        @"p names ./out/index.js as its entry file in `openclaw.extensions`, which is outside the package"
    );
}
