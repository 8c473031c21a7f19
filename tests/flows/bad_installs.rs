//! Packages and registries that are not as they should be: nothing is installed, and the user is
//! told why.

use ocg_tests::harness::{Finished, Home};
use ocg_tests::platforms::npm_registry::{NpmRegistry, Package, TarballFault};

const ENTRY: &str = "export default { id: 'sample', register() {} };";

/// Installs `package` from a registry that has only this one.
async fn install(package: Package) -> (Home, Finished) {
    let registry = NpmRegistry::start().await;
    registry.publish(package);
    let home = Home::new().variable("npm_config_registry", &registry.url());
    let finished = home.run(&["plugins", "install", "ocg-sample"]).await;
    (home, finished)
}

/// The error that the installation of `package` ends with; it must leave nothing behind.
async fn refused(package: Package) -> String {
    let (home, finished) = install(package).await;
    let error = finished.exits(1).stderr;
    assert!(error.contains("error: "), "{error}");
    assert!(!error.contains("panicked"), "{error}");
    let listed = home.run(&["plugins", "list", "--json"]).await.exits(0).stdout;
    assert!(!listed.contains("ocg-sample"), "installed all the same: {listed}");
    assert!(!home.path("escaped.txt").exists());
    let plugins = std::fs::read_dir(home.state().join("plugins"));
    let left: Vec<_> = plugins.into_iter().flatten().flatten().map(|e| e.file_name()).collect();
    let trees = left.iter().filter(|name| name.to_string_lossy().contains("sample")).count();
    assert_eq!(trees, 0, "left behind: {left:?}");
    error
}

#[tokio::test]
async fn wrong_hash() {
    let package = Package::plugin("ocg-sample", "sample", ENTRY).spoiled(TarballFault::WrongHash);
    let error = refused(package).await;
    assert!(error.contains("ocg-sample") && error.contains("sha512"), "{error}");
}

#[tokio::test]
async fn cut_off_tarball() {
    let package = Package::plugin("ocg-sample", "sample", ENTRY).spoiled(TarballFault::CutOff);
    let error = refused(package).await;
    assert!(error.contains("ocg-sample"), "{error}");
}

#[tokio::test]
async fn path_out_of_the_package() {
    let fault = TarballFault::EscapingPath;
    let error = refused(Package::plugin("ocg-sample", "sample", ENTRY).spoiled(fault)).await;
    assert!(error.contains("escaped.txt"), "{error}");
}

#[tokio::test]
async fn no_channel_plugin() {
    let package = Package::new("ocg-sample", "1.0.0").file("index.js", "export default 1;");
    let error = refused(package).await;
    assert!(error.contains("openclaw"), "{error}");
}

#[tokio::test]
async fn unknown_package() {
    let error = refused(Package::plugin("another", "another", ENTRY)).await;
    assert!(error.contains("ocg-sample"), "{error}");
}

#[tokio::test]
async fn registry_down() {
    let registry = NpmRegistry::start().await;
    let url = registry.url();
    drop(registry);
    let home = Home::new().variable("npm_config_registry", &url);
    let error = home.run(&["plugins", "install", "ocg-sample"]).await.exits(1).stderr;
    assert!(error.contains("registry") && error.contains("hint: "), "{error}");
}
