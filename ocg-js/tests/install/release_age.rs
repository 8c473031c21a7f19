//! Versions that were published only days ago.

use ocg_js::install::InstallRequest;

use crate::package::plugin;
use crate::registry::FakeRegistry;
use crate::site::Site;

#[tokio::test]
async fn a_young_version_is_passed_over_with_a_notice() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0").age_days(100), plugin("1.1.0").age_days(8)]);
    registry.publish([plugin("1.2.0").age_days(6)]);
    let site = Site::new(&registry);
    let report = site.install("plug").await.unwrap();
    assert_eq!(report.plugin.version, "1.1.0");
    insta::assert_snapshot!(report.notices[0], @"plug 1.2.0 is younger than 7 days, so 1.1.0 is taken; --allow-fresh takes the newest");
}

#[tokio::test]
async fn a_young_version_is_taken_only_when_allowed() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0").age_days(100), plugin("1.2.0").age_days(1)]);
    let site = Site::new(&registry);
    insta::assert_snapshot!(site.error("plug@1.2.0").await, @"plug 1.2.0 was published less than 7 days ago, and new versions may be malicious; wait, choose an older version, or pass --allow-fresh (setting `minReleaseAgeDays`)");
    insta::assert_snapshot!(site.error("plug@^1.1").await, @"plug 1.2.0 was published less than 7 days ago, and new versions may be malicious; wait, choose an older version, or pass --allow-fresh (setting `minReleaseAgeDays`)");
    let fresh = InstallRequest { spec: "plug@1.2.0".into(), allow_fresh: true, update: false };
    assert_eq!(site.request(&fresh).await.unwrap().plugin.version, "1.2.0");
}

#[tokio::test]
async fn a_registry_without_times_is_told() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    registry.hide_times();
    let report = Site::new(&registry).install("plug").await.unwrap();
    insta::assert_snapshot!(report.notices[0], @"the registry does not say when plug@1.0.0 was published; its age is not checked");
}
