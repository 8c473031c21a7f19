//! Which versions are chosen, and where they lie.

use serde_json::json;

use ocg_js::install::InstallRequest;

use crate::package::{package, plugin};
use crate::registry::FakeRegistry;
use crate::site::Site;

#[tokio::test]
async fn dependencies_lie_beside_the_plugin() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"a": "^1.0.0", "@s/b": "*"})),
        package("a", "1.0.0"),
        package("a", "1.4.0").depends(json!({"@s/b": "2.x", "a": "^1.0.0"})),
        package("a", "2.0.0"),
        package("@s/b", "2.1.0").depends(json!({"a": "1.x"})),
    ]);
    let site = Site::new(&registry);
    let report = site.install("plug").await.unwrap();
    assert_eq!(
        site.tree(),
        ["node_modules/@s/b 2.1.0", "node_modules/a 1.4.0", "node_modules/plug 1.0.0"]
    );
    assert_eq!(report.packages, 3);
    assert!(report.plugin.manifest.entry.ends_with("plug/node_modules/plug/index.js"));
    assert!(report.notices.is_empty(), "{:?}", report.notices);
}

#[tokio::test]
async fn conflicting_versions_are_nested_and_nothing_is_hidden() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"a": "1", "b": "1", "c": "1"})),
        package("a", "1.0.0").depends(json!({"shared": "1"})),
        package("b", "1.0.0").depends(json!({"shared": "2"})),
        package("c", "1.0.0").depends(json!({"shared": "2", "a": "2"})),
        package("a", "2.0.0").depends(json!({"shared": "1"})),
        package("shared", "1.0.0"),
        package("shared", "2.0.0"),
    ]);
    let site = Site::new(&registry);
    site.install("plug").await.unwrap();
    insta::assert_snapshot!(site.tree().join("\n"), @r"
        node_modules/a 1.0.0
        node_modules/b/node_modules/shared 2.0.0
        node_modules/b 1.0.0
        node_modules/c/node_modules/a/node_modules/shared 1.0.0
        node_modules/c/node_modules/a 2.0.0
        node_modules/c/node_modules/shared 2.0.0
        node_modules/c 1.0.0
        node_modules/plug 1.0.0
        node_modules/shared 1.0.0
    ");
}

#[tokio::test]
async fn aliases_install_another_package_under_a_name() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"short": "npm:@s/long@^1", "other": "npm:@s/long@^2"})),
        package("@s/long", "1.0.0"),
        package("@s/long", "2.0.0"),
    ]);
    let site = Site::new(&registry);
    site.install("plug").await.unwrap();
    assert_eq!(
        site.tree(),
        ["node_modules/other 2.0.0", "node_modules/plug 1.0.0", "node_modules/short 1.0.0"]
    );
    // The lock file knows the names, too.
    std::fs::remove_dir_all(site.plugins().join("plug")).unwrap();
    site.install("plug").await.unwrap();
    assert_eq!(site.tree().len(), 3);
}

#[tokio::test]
async fn required_peers_are_installed_and_the_host_is_not() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0")
            .depends(json!({"a": "1"}))
            .with("peerDependencies", json!({"openclaw": ">=2026.5.12", "left": "1"}))
            .with("peerDependenciesMeta", json!({"left": {"optional": true}})),
        package("a", "1.0.0").with("peerDependencies", json!({"p": "^1", "openclaw": "*"})),
        package("p", "1.2.0"),
        package("left", "1.0.0"),
    ]);
    let site = Site::new(&registry);
    site.install("plug").await.unwrap();
    assert_eq!(
        site.tree(),
        ["node_modules/a 1.0.0", "node_modules/p 1.2.0", "node_modules/plug 1.0.0"]
    );
    assert!(registry.requests().iter().all(|r| !r.path.contains("openclaw")));
}

#[tokio::test]
async fn peers_that_conflict_are_told() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"a": "1", "p": "2"})),
        package("a", "1.0.0").with("peerDependencies", json!({"p": "^1"})),
        package("p", "1.0.0"),
        package("p", "2.0.0"),
    ]);
    let site = Site::new(&registry);
    let report = site.install("plug").await.unwrap();
    assert_eq!(site.tree().len(), 3);
    insta::assert_snapshot!(
        report.notices[0],
        @"a@1.0.0 wants p@^1 beside it, but the tree has 2.0.0"
    );
}

#[tokio::test]
async fn optional_packages_may_be_missing_but_not_tampered_with() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").with(
            "optionalDependencies",
            json!({"absent": "1", "elsewhere": "1", "fetched": "1", "git": "git+ssh://x/y",
                   "gone": "1"}),
        ),
        package("elsewhere", "1.0.0").with("os", json!(["plan9"])),
        package("fetched", "1.0.0").depends(json!({"missing-too": "1"})),
        package("gone", "1.0.0"),
    ]);
    registry.fault("gone/-/1.0.0.tgz", 99, 404, "");
    let site = Site::new(&registry);
    let report = site.install("plug").await.unwrap();
    assert_eq!(site.tree(), ["node_modules/fetched 1.0.0", "node_modules/plug 1.0.0"]);
    let notices: Vec<String> = report.notices.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(
        notices.join("\n").replace(registry.url().trim_end_matches('/'), "REGISTRY"),
        @r#"
            optional dependency git is left out: plug@1.0.0 depends on git from "git+ssh://x/y"; only packages from a registry can be installed
            optional dependency absent is left out: the npm registry REGISTRY has no package absent; check the spelling (a private package needs credentials in .npmrc)
            optional dependency missing-too is left out: the npm registry REGISTRY has no package missing-too; check the spelling (a private package needs credentials in .npmrc)
            optional dependency gone@1.0.0 is left out: the tarball of gone is missing at REGISTRY/gone/-/1.0.0.tgz; it may have been withdrawn
        "#
    );
}

#[tokio::test]
async fn bundled_packages_come_with_the_tarball() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")
        .depends(json!({"inside": "^1", "outside": "1"}))
        .with("bundleDependencies", json!(["inside"]))
        .file("node_modules/inside/package.json", r#"{"version": "1.5.0"}"#)]);
    registry.publish([package("outside", "1.0.0"), package("inside", "1.9.0")]);
    let site = Site::new(&registry);
    site.install("plug").await.unwrap();
    assert_eq!(
        site.tree(),
        [
            "node_modules/outside 1.0.0",
            "node_modules/plug/node_modules/inside 1.5.0",
            "node_modules/plug 1.0.0",
        ]
    );
}

#[tokio::test]
async fn scripts_do_not_run_and_deprecations_are_told() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"old": "1"})),
        package("old", "1.0.0")
            .with("deprecated", json!("use new"))
            .with("scripts", json!({"postinstall": "touch /tmp/never"})),
    ]);
    let site = Site::new(&registry);
    let report = site.install("plug").await.unwrap();
    assert_eq!(report.skipped_scripts, ["old@1.0.0"]);
    let notices: Vec<String> = report.notices.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(notices.join("\n"), @r"
        old@1.0.0 is deprecated: use new
        old@1.0.0 has install scripts; they were not run
    ");
}

#[tokio::test]
async fn the_lock_file_reproduces_a_tree_until_the_request_changes() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0").depends(json!({"a": "^1"})), package("a", "1.0.0")]);
    let site = Site::new(&registry);
    site.install("plug").await.unwrap();
    let lock = std::fs::read_to_string(site.plugins().join("ocg-lock.json")).unwrap();
    assert!(!lock.contains("127.0.0.1"), "the lock file names no server: {lock}");
    assert!(lock.contains("\"plug/-/1.0.0.tgz\""), "{lock}");

    registry.publish([plugin("1.1.0").depends(json!({"a": "^1"})), package("a", "1.1.0")]);
    std::fs::remove_dir_all(site.plugins().join("plug")).unwrap();
    site.install("plug").await.unwrap();
    assert_eq!(site.tree(), ["node_modules/a 1.0.0", "node_modules/plug 1.0.0"]);
    assert_eq!(std::fs::read_to_string(site.plugins().join("ocg-lock.json")).unwrap(), lock);

    let update = InstallRequest { spec: "plug".into(), update: true, allow_fresh: false };
    let report = site.request(&update).await.unwrap();
    assert_eq!(report.previous.as_deref(), Some("1.0.0"));
    assert_eq!(site.tree(), ["node_modules/a 1.1.0", "node_modules/plug 1.1.0"]);

    site.install("plug@~1.0").await.unwrap();
    assert_eq!(site.tree(), ["node_modules/a 1.1.0", "node_modules/plug 1.0.0"]);
}

#[tokio::test]
async fn documents_are_abbreviated_where_times_are_not_needed() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0").depends(json!({"a": "1"})), package("a", "1.0.0")]);
    Site::new(&registry).install("plug").await.unwrap();
    let accept = |path: &str| {
        registry.requests().into_iter().find(|r| r.path == path).map(|r| r.accept).unwrap()
    };
    assert_eq!(accept("/npm/plug"), "application/json");
    assert!(accept("/npm/a").starts_with("application/vnd.npm.install-v1+json"));
}

#[tokio::test]
async fn versions_that_need_each_other_in_a_circle_are_refused() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"a": "1"})),
        package("a", "1.0.0").depends(json!({"a": "2"})),
        package("a", "2.0.0").depends(json!({"a": "1"})),
    ]);
    insta::assert_snapshot!(Site::new(&registry).error("plug").await, @"plug@1.0.0 needs more than 2000 packages: its dependencies need each other in a circle of versions that has no end, or it is not a channel plugin");
}

/// Random registries: whatever conflicts they hold, Node.js must find a version that fits for
/// every dependency, and a second resolution must give the same tree.
#[tokio::test]
async fn every_dependency_is_found_in_any_tree() {
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    // For each version 1..=3 of each package: which packages it needs, and in which version.
    let needs = proptest::collection::btree_map(0usize..6, 1u8..4, 0..4);
    let registries = proptest::collection::vec(needs, 6 * 3 + 1);
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..40 {
        let case = registries.new_tree(&mut runner).unwrap().current();
        // A package needs only later ones: circles of versions have no end without links.
        let dependencies = |n: usize| {
            let first = if n < 18 { n / 3 + 1 } else { 0 };
            let later = case[n].iter().filter(|(name, _)| **name >= first);
            let ranges =
                later.map(|(name, major)| (NAMES[*name].to_owned(), json!(format!("^{major}"))));
            serde_json::Value::Object(ranges.collect())
        };
        let registry = FakeRegistry::start().await;
        registry.publish([plugin("1.0.0").depends(dependencies(18))]);
        for n in 0..18 {
            let version = format!("{}.0.0", n % 3 + 1);
            registry.publish([package(NAMES[n / 3], &version).depends(dependencies(n))]);
        }
        let (site, again) = (Site::new(&registry), Site::new(&registry));
        site.install("plug").await.unwrap();
        again.install("plug").await.unwrap();
        assert_eq!(site.tree(), again.tree());
        assert_found(&site, &case);
    }
}

/// Checks every package on the disk by Node's rule: `node_modules` of each folder upwards.
fn assert_found(site: &Site, case: &dyn std::fmt::Debug) {
    let top = site.plugins().join("plug");
    for line in site.tree() {
        let folder = top.join(line.split(' ').next().unwrap());
        let read = |path: &std::path::Path| -> Option<serde_json::Value> {
            serde_json::from_slice(&std::fs::read(path.join("package.json")).ok()?).ok()
        };
        let manifest = read(&folder).unwrap();
        for (name, range) in manifest["dependencies"].as_object().into_iter().flatten() {
            let found = folder
                .ancestors()
                .take_while(|ancestor| ancestor.starts_with(&top))
                .find_map(|ancestor| read(&ancestor.join("node_modules").join(name)));
            let version = found.map(|found| found["version"].as_str().unwrap().to_owned());
            let major = range.as_str().unwrap().trim_start_matches('^');
            assert!(
                version.as_ref().is_some_and(|version| version.starts_with(major)),
                "{line} wants {name}@{range} and finds {version:?} in {case:?}"
            );
        }
    }
}

/// Authors bundle their workspace and leave it among the dependencies.
#[tokio::test]
async fn a_plugin_does_without_what_was_never_published_if_it_imports_it_nowhere() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"@its/shared": "1.0.0", "@its/types": "2", "a": "1"})),
        package("@its/types", "1.0.0"),
        package("a", "1.0.0"),
    ]);
    let site = Site::new(&registry);
    let report = site.install("plug").await.unwrap();
    let notices: Vec<String> = report.notices.iter().map(|notice| notice.to_string()).collect();
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[0].starts_with("dependency @its/shared is left out"), "{notices:?}");
    assert!(notices[1].starts_with("dependency @its/types is left out"), "{notices:?}");
    assert_eq!(site.tree().len(), 2, "{:?}", site.tree());

    let lib = "import x from '@its/shared/x.js';";
    registry.replace([plugin("1.0.0")
        .depends(json!({"@its/shared": "1.0.0"}))
        .file("entry.js", "export * from './lib.js';")
        .file("lib.js", lib)
        .with(
            "openclaw",
            json!({"extensions": ["./entry.js"], "channel": {"id": "chat", "label": "Chat"}}),
        )]);
    let error = Site::new(&registry).error("plug").await;
    assert!(error.contains("has no package @its/shared"), "{error}");
}
