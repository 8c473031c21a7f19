//! Packages and registries that are not as they should be: nothing is installed, and the operator
//! is told why.

use ocg_tests::harness::Home;
use ocg_tests::platforms::npm_registry::{NpmRegistry, Package, TarballFault};

use super::told::{Told, assert_told};

const ENTRY: &str = "export default { id: 'sample', register() {} };";
/// The registry's token, as a company's own registry wants one.
const TOKEN: &str = "npm-secret-4711";

fn sample() -> Package {
    Package::plugin("ocg-sample", "sample", ENTRY)
}

/// What the installation of `name` ends with, from a registry that has only `package`; it must
/// leave nothing behind.
async fn refused(package: Package, name: &str) -> Told {
    let registry = NpmRegistry::start().await;
    registry.publish(package);
    refused_by(&registry.url(), name).await
}

async fn refused_by(registry: &str, name: &str) -> Told {
    let home = Home::new().variable("npm_config_registry", registry);
    let host = registry.trim_start_matches("http:");
    std::fs::write(home.path(".npmrc"), format!("{host}/:_authToken={TOKEN}\n")).unwrap();
    let finished = home.run(&["plugins", "install", name]).await.exits(1);
    let listed = home.run(&["plugins", "list", "--json"]).await.exits(0).stdout;
    assert_eq!(listed.trim(), "[]", "installed all the same");
    assert!(!home.path("escaped.txt").exists());
    let plugins = std::fs::read_dir(home.state().join("plugins"));
    let left: Vec<_> = plugins.into_iter().flatten().flatten().map(|e| e.file_name()).collect();
    let trees = left.iter().filter(|name| name.to_string_lossy().contains("sample")).count();
    assert_eq!(trees, 0, "left behind: {left:?}");
    Told::of_command(finished.stderr).checked(&[TOKEN])
}

#[tokio::test]
async fn a_wrong_hash() {
    assert_told!(refused(sample().spoiled(TarballFault::WrongHash), "ocg-sample").await);
}

#[tokio::test]
async fn a_cut_off_tarball() {
    assert_told!(refused(sample().spoiled(TarballFault::CutOff), "ocg-sample").await);
}

#[tokio::test]
async fn a_path_out_of_the_package() {
    assert_told!(refused(sample().spoiled(TarballFault::EscapingPath), "ocg-sample").await);
}

#[tokio::test]
async fn a_package_that_is_no_channel_plugin() {
    let package = Package::new("ocg-sample", "1.0.0").file("index.js", "export default 1;");
    assert_told!(refused(package, "ocg-sample").await);
}

#[tokio::test]
async fn a_package_that_does_not_exist() {
    assert_told!(refused(sample(), "ocg-smaple").await);
}

#[tokio::test]
async fn a_version_that_does_not_exist() {
    assert_told!(refused(sample(), "ocg-sample@7").await);
}

#[tokio::test]
async fn a_dependency_that_does_not_exist() {
    // One that the code imports: what nothing imports is left out with a notice instead.
    let entry = format!("import 'left-pad';\n{ENTRY}");
    let package = Package::plugin("ocg-sample", "sample", &entry);
    assert_told!(refused(package.depends_on("left-pad", "^1.0.0"), "ocg-sample").await);
}

#[tokio::test]
async fn a_registry_that_is_down() {
    let registry = NpmRegistry::start().await;
    let url = registry.url();
    drop(registry);
    assert_told!(refused_by(&url, "ocg-sample").await);
}

#[tokio::test]
async fn a_registry_without_an_address() {
    assert_told!(refused_by("http://registry.invalid", "ocg-sample").await);
}
