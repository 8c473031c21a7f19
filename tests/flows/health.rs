//! What operators read while the gateway works: `/metrics` and `/readyz`.

use crate::callbacks::free_port;
use crate::scene::Scene;

/// The value of the series that the line begins with.
fn value(metrics: &str, series: &str) -> f64 {
    let line = metrics.lines().find(|line| line.split(' ').next() == Some(series));
    let line = line.unwrap_or_else(|| panic!("no {series} in\n{metrics}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_chat_is_seen_in_the_metrics() {
    let scene = Scene::with_users(&["alice"]).await;
    let port = free_port();
    let config = scene
        .config()
        .set(&["callbackEnabled"], true)
        .set(&["callbackHost"], "127.0.0.1")
        .set(&["callbackPort"], port);
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    alice.says("again");
    assert_eq!(alice.reply(2).await, "echo: again");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = async |path: &str| {
        let response = http.get(format!("http://127.0.0.1:{port}{path}")).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(get("/readyz").await.0, 200);
    let (status, metrics) = get("/metrics").await;
    assert_eq!(status, 200);
    let wechat = "{channel=\"openclaw-weixin\"}";
    for name in ["ocg_first_token_seconds", "ocg_delivery_duration_seconds"] {
        assert_eq!(value(&metrics, &format!("{name}_count{wechat}")), 2.0);
    }
    assert!(value(&metrics, &format!("ocg_turn_duration_seconds_count{wechat}")) >= 1.0);
    let plugin = "{plugin=\"@tencent-weixin/openclaw-weixin\"}";
    let memory = value(&metrics, &format!("ocg_plugin_memory_bytes{plugin}"));
    let limit = value(&metrics, &format!("ocg_plugin_memory_limit_bytes{plugin}"));
    assert!(1e6 < memory && memory < limit, "{memory} of {limit}");
    scene.end(gateway).await;
}
