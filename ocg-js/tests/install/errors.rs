//! What users read when a plugin cannot be installed.

use std::collections::HashMap;

use serde_json::json;

use crate::package::{package, plugin};
use crate::registry::FakeRegistry;
use crate::site::Site;

#[tokio::test]
async fn bad_requests() {
    let registry = FakeRegistry::start().await;
    let site = Site::new(&registry);
    insta::assert_snapshot!(site.error("").await, @r#""" is not a package to install: it is empty; write name, name@version or name@tag"#);
    insta::assert_snapshot!(site.error("git+https://example.test/x").await, @r#""git+https://example.test/x" is not a package to install: only packages from an npm registry can be installed; write name, name@version or name@tag"#);
    insta::assert_snapshot!(site.error("plug@file:../x").await, @r#""plug@file:../x" is not a package to install: what follows the @ is no version or tag; write name, name@version or name@tag"#);
    insta::assert_snapshot!(site.error("openclaw").await, @"openclaw is the host that plugins run in, which ocg replaces; install a channel plugin, such as weixin, qqbot or telegram");
}

#[tokio::test]
async fn unknown_packages_and_versions() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0"), plugin("1.4.0")]);
    registry.tag("plug", "beta", "1.4.0");
    let site = Site::new(&registry);
    insta::assert_snapshot!(site.error("no-such-thing").await, @"the npm registry REGISTRY has no package no-such-thing; check the spelling (a private package needs credentials in .npmrc)");
    insta::assert_snapshot!(site.error("openclaw-weixn").await, @"the npm registry REGISTRY has no package openclaw-weixn; did you mean openclaw-weixin?");
    insta::assert_snapshot!(site.error("plug@1.2.3").await, @"plug has no version that matches 1.2.3; the nearest is 1.0.0; the latest is 1.4.0");
    insta::assert_snapshot!(site.error("plug@^9").await, @"plug has no version that matches ^9; the latest is 1.4.0");
    insta::assert_snapshot!(site.error("plug@betta").await, @"plug has no version that matches betta; the nearest is the tag beta; the latest is 1.4.0");
}

#[tokio::test]
async fn failing_dependencies_name_the_way() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"a": "1"})),
        package("a", "1.0.0").depends(json!({"b": "^7"})),
        package("b", "1.0.0"),
    ]);
    let site = Site::new(&registry);
    insta::assert_snapshot!(site.error("plug").await, @r"
        a dependency of a@1.0.0 cannot be installed
          b has no version that matches ^7; the latest is 1.0.0
    ");
    registry.replace([plugin("1.0.0").depends(json!({"a": "github:x/y"}))]);
    insta::assert_snapshot!(site.error("plug").await, @r#"plug@1.0.0 depends on a from "github:x/y"; only packages from a registry can be installed"#);
    registry.replace([
        plugin("1.0.0").depends(json!({"a": "1"})),
        package("a", "1.0.0").with("os", json!(["plan9"])),
    ]);
    let error = site.error("plug").await;
    assert!(error.contains("a@1.0.0 runs on plan9 only; this machine is"), "{error}");
}

#[tokio::test]
async fn packages_that_are_no_channel_plugins() {
    let registry = FakeRegistry::start().await;
    registry.publish([package("plain", "1.0.0")]);
    registry.publish([
        package("tool", "1.0.0").with("openclaw", json!({"extensions": ["./index.js"]}))
    ]);
    registry.publish([package("empty", "1.0.0").with("openclaw", json!({"channel": {"id": "x"}}))]);
    let channel = json!({"id": "x"});
    registry.publish([package("lost", "1.0.0")
        .with("openclaw", json!({"extensions": ["./gone.js"], "channel": channel}))]);
    registry.publish([package("outside", "1.0.0")
        .with("openclaw", json!({"extensions": ["../../x.js"], "channel": channel}))]);
    registry.publish([package("typed", "1.0.0").with("openclaw", json!({"extensions": 5}))]);
    let site = Site::new(&registry);
    let mut errors = Vec::new();
    for name in ["plain", "tool", "empty", "lost", "outside"] {
        errors.push(site.error(name).await);
    }
    insta::assert_snapshot!(errors.join("\n"), @r"
        plain is not an OpenClaw channel plugin: it has no `openclaw` section in package.json; a channel plugin has `openclaw.extensions` or `openclaw.runtimeExtensions` (its entry file) and `openclaw.channel.id` or `openclaw.channels` in package.json, or `channels` in openclaw.plugin.json
        tool is not an OpenClaw channel plugin: it has no channel; a channel plugin has `openclaw.extensions` or `openclaw.runtimeExtensions` (its entry file) and `openclaw.channel.id` or `openclaw.channels` in package.json, or `channels` in openclaw.plugin.json
        empty is not an OpenClaw channel plugin: it has no entry file; a channel plugin has `openclaw.extensions` or `openclaw.runtimeExtensions` (its entry file) and `openclaw.channel.id` or `openclaw.channels` in package.json, or `channels` in openclaw.plugin.json
        lost names ./gone.js as its entry file in `openclaw.extensions`, but does not contain it
        outside names ../../x.js as its entry file in `openclaw.extensions`, which is outside the package
    ");
    let typed = site.error("typed").await;
    assert!(
        typed.contains("package.json is not what a package has there\n  invalid type: integer `5`"),
        "{typed}"
    );
}

#[tokio::test]
async fn plugins_for_another_host() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0").with("peerDependencies", json!({"openclaw": ">=2027.1.0"}))]);
    let site = Site::new(&registry);
    insta::assert_snapshot!(site.error("plug").await, @"plug@1.0.0 needs OpenClaw >=2027.1.0, and this ocg stands for 2026.9.6; update ocg or choose an older version of the plugin");

    let mut newer = plugin("1.0.0");
    newer.manifest["openclaw"]["install"] = json!({"minHostVersion": ">=2026.10.1"});
    registry.replace([newer]);
    insta::assert_snapshot!(site.error("plug").await, @"plug@1.0.0 needs OpenClaw >=2026.10.1, and this ocg stands for 2026.9.6; update ocg or choose an older version of the plugin");

    registry.replace([plugin("1.0.0").with("peerDependencies", json!({"openclaw": "<2026.3.1"}))]);
    let report = site.install("plug").await.unwrap();
    insta::assert_snapshot!(report.notices[0], @"plug@1.0.0 was made for OpenClaw <2026.3.1, which is older than 2026.9.6; it should still work");
}

#[tokio::test]
async fn wrong_hashes() {
    let registry = FakeRegistry::start().await;
    let wrong = "sha512-".to_owned() + &"A".repeat(86) + "==";
    registry.publish([plugin("1.0.0").announcing(json!({"integrity": wrong}))]);
    let site = Site::new(&registry);
    let error = site.error("plug").await;
    insta::with_settings!({filters => vec![(r"got sha512-\S+", "got sha512-ACTUAL")]}, {
        insta::assert_snapshot!(error, @"the tarball of plug@1.0.0 has the wrong hash, so nothing was installed: expected sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==, got sha512-ACTUAL");
    });
    registry.replace([plugin("1.0.0").announcing(json!({"shasum": "00".repeat(20)}))]);
    assert!(site.error("plug").await.contains("expected sha1-"));
    registry.replace([plugin("1.0.0").announcing(json!({}))]);
    insta::assert_snapshot!(site.error("plug").await, @"the npm registry gives no usable hash for plug@1.0.0, so it cannot be checked");
}

#[tokio::test]
async fn a_tarball_other_than_the_locked_one() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    let site = Site::new(&registry);
    site.install("plug").await.unwrap();
    registry.replace([plugin("1.0.0").file("evil.js", "x")]);
    let error = site.error("plug").await;
    insta::with_settings!({filters => vec![(r"sha512-\S+[^;,]", "HASH")]}, {
        insta::assert_snapshot!(error, @"the tarball of plug@1.0.0 has the wrong hash, so nothing was installed: expected HASHgot HASHocg-lock.json asks for exactly this tarball: the registry has another one, or the lock file was changed");
    });
}

#[tokio::test]
async fn unusable_answers() {
    let registry = FakeRegistry::start().await;
    let site = Site::new(&registry);
    registry.fault("plug", 1, 200, "<html>captive portal</html>");
    insta::assert_snapshot!(site.error("plug").await, @"the npm registry REGISTRY gave an unusable answer about plug: expected value at line 1 column 1; a proxy or login page may have answered in its place");
    let mut package = plugin("1.0.0");
    package.tarball_url = Some("file:///etc/passwd".into());
    registry.publish([package]);
    insta::assert_snapshot!(site.error("plug").await, @"the npm registry REGISTRY gave an unusable answer about plug: the address of its tarball is not an http or https URL");
}

#[tokio::test]
async fn disks_that_refuse() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    let site = Site::new(&registry);
    std::fs::write(site.plugins(), "a file where the folder should be").unwrap();
    let error = site.install("plug").await.unwrap_err();
    insta::assert_snapshot!(site.render(&error), @r"
        cannot create HOME/plugins
          File exists (os error 17)
    ");
    let disk = |kind: std::io::ErrorKind| {
        site.render(&ocg_js::install::InstallError::Disk {
            action: "write",
            path: "file".into(),
            source: kind.into(),
        })
    };
    insta::assert_snapshot!(disk(std::io::ErrorKind::StorageFull), @r"
        cannot write file; free some space and try again
          no storage space
    ");
    insta::assert_snapshot!(disk(std::io::ErrorKind::ReadOnlyFilesystem), @r"
        cannot write file; set OCG_STATE_DIR to a folder that can be written
          read-only filesystem or storage medium
    ");
    insta::assert_snapshot!(disk(std::io::ErrorKind::PermissionDenied), @r"
        cannot write file; run as the folder's owner or set OCG_STATE_DIR
          permission denied
    ");
}

#[tokio::test]
async fn a_bad_npmrc_shows_no_token() {
    let site = Site::at("unused");
    std::fs::write(site.home().join(".npmrc"), "registry=not a url\n//x/:_authToken=sesame\n")
        .unwrap();
    let error = site.installer_with(HashMap::new()).unwrap_err();
    insta::assert_snapshot!(site.render(&error), @"the npm registry address in `registry` of .npmrc is not an http or https URL: relative URL without a base");
}
