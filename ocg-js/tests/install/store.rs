//! What is installed, and removing it.

use serde_json::json;

use crate::package::{package, plugin};
use crate::registry::FakeRegistry;
use crate::site::Site;

#[tokio::test]
async fn plugins_are_listed_found_and_removed() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    registry.publish([package("@tencent-weixin/openclaw-weixin", "2.0.0").with(
        "openclaw",
        json!({"extensions": ["index.js"],
               "channel": {"id": "openclaw-weixin", "aliases": ["wx"]}}),
    )]);
    let site = Site::new(&registry);
    assert!(site.store().list().unwrap().is_empty());
    site.install("plug@1.0.0").await.unwrap();
    let report = site.install("wechat").await.unwrap();
    insta::assert_snapshot!(
        report.notices[0],
        @"wechat stands for @tencent-weixin/openclaw-weixin"
    );

    let names: Vec<String> =
        site.store().list().unwrap().into_iter().map(|p| p.unwrap().package).collect();
    assert_eq!(names, ["@tencent-weixin/openclaw-weixin", "plug"]);
    let by_channel =
        |id: &str| site.store().find_by_channel(id).unwrap().map(|plugin| plugin.version);
    for id in ["openclaw-weixin", "wx", "weixin"] {
        assert_eq!(by_channel(id).as_deref(), Some("2.0.0"), "{id}");
    }
    assert_eq!(by_channel("chat").as_deref(), Some("1.0.0"));
    assert_eq!(by_channel("irc"), None);
    let plug = site.store().find("plug").unwrap().unwrap();
    assert_eq!((plug.requested.as_str(), plug.channels()[0].label.as_str()), ("1.0.0", "Chat"));
    assert!(plug.installed_at > 1_700_000_000);

    let error = site.store().remove("plugg").unwrap_err();
    insta::assert_snapshot!(error, @"plugg is not installed; did you mean plug?");
    assert!(site.store().remove("../plugins").is_err());
    assert_eq!(site.store().remove("weixin").unwrap().1, "2.0.0");
    assert_eq!(site.store().remove("plug").unwrap(), ("plug".into(), "1.0.0".into()));
    assert_eq!(site.files(), ["ocg-lock.json"]);
    let lock = std::fs::read_to_string(site.plugins().join("ocg-lock.json")).unwrap();
    assert!(!lock.contains("plug\""), "{lock}");
}

#[tokio::test]
async fn a_broken_plugin_hides_no_other() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    let site = Site::new(&registry);
    site.install("plug").await.unwrap();
    let broken = site.plugins().join("broken");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("ocg-plugin.json"), "{").unwrap();
    let list = site.store().list().unwrap();
    assert_eq!(list.iter().filter(|p| p.is_ok()).count(), 1);
    let error = list.into_iter().find_map(Result::err).unwrap();
    insta::assert_snapshot!(site.render(&error), @"HOME/plugins/broken/ocg-plugin.json is damaged: EOF while parsing an object at line 1 column 1; install the plugin again");
    assert_eq!(site.store().remove("broken").unwrap().1, "unknown");
}
