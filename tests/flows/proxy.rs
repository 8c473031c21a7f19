//! A company's network: everything goes through a proxy that shows its own certificate.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, Gateway, Home};
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::wechat::{API_HOST, CDN_HOST, SentItem, WeChat};

async fn chats_through(proxy_url: impl Fn(&ocg_tests::platforms::proxy::Proxy) -> String) {
    let wechat = WeChat::builder().without_full_urls().start().await;
    let agent = Agent::start().await;
    let authority = Authority::new();
    let (proxy, _server) = wechat.behind_proxy(&authority).await;
    let alice = wechat.user("alice");
    let home = Home::with_weixin().await;
    home.log_in(&wechat, &format!("https://{API_HOST}"), &[&alice]);
    home.configure(&Config::new(&agent).wechat_behind(&proxy_url(&proxy), authority.pem_file()));

    let mut gateway = Gateway::start(&home);
    gateway.alive_until(wechat.until_polled()).await;
    alice.sends_file("notes.txt", b"from the company network");
    let replies = alice.replies(1).await;
    assert!(matches!(&replies[0].item, SentItem::Text(text) if text.contains("company network")));
    gateway.stop().await;
    wechat.assert_no_violations();

    let tunnels = proxy.tunnels();
    for host in [API_HOST, CDN_HOST] {
        assert!(tunnels.iter().any(|tunnel| tunnel.target == format!("{host}:443")), "{tunnels:?}");
    }
    assert!(tunnels.iter().all(|tunnel| tunnel.allowed), "{tunnels:?}");
}

#[tokio::test]
async fn http_connect() {
    chats_through(|proxy| proxy.http_url()).await;
}

#[tokio::test]
async fn socks5() {
    chats_through(|proxy| proxy.socks_url()).await;
}
