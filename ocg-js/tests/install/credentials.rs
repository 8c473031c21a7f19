//! Where credentials go, and where they do not.

use serde_json::json;

use crate::package::{package, plugin};
use crate::registry::FakeRegistry;
use crate::site::Site;

#[tokio::test]
async fn tokens_go_to_their_own_registry_only() {
    let (main, other) = (FakeRegistry::start().await, FakeRegistry::start().await);
    let mut elsewhere = package("a", "1.0.0");
    elsewhere.tarball_url = Some(format!("{}a/-/1.0.0.tgz", other.url()));
    other.publish([package("a", "1.0.0"), package("@s/b", "1.0.0")]);
    main.publish([plugin("1.0.0").depends(json!({"a": "1", "@s/b": "1"})), elsewhere]);
    main.require_token("sesame");
    let site = Site::new(&main);
    std::fs::write(
        site.home().join(".npmrc"),
        format!("//{}/npm/:_authToken=sesame\n@s:registry={}\n", main.host(), other.url()),
    )
    .unwrap();
    site.install("plug").await.unwrap();
    assert_eq!(site.tree().len(), 3);
    assert!(other.requests().len() >= 3);
    assert!(other.requests().iter().all(|r| r.authorization.is_none()));
    assert!(main.requests().iter().all(|r| r.authorization.is_some()));
    let lock = std::fs::read_to_string(site.plugins().join("ocg-lock.json")).unwrap();
    assert!(!lock.contains("sesame") && !lock.contains("127.0.0.1"), "{lock}");

    // A second installation finds the foreign tarball again.
    std::fs::remove_dir_all(site.plugins().join("plug")).unwrap();
    site.install("plug").await.unwrap();
    assert_eq!(site.tree().len(), 3);
}
