//! TLS under the platform's own names, through the proxy.

use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::wechat::{API_HOST, Bot, WeChat};
use reqwest::{Certificate, Client, Proxy};

async fn fetch(authority: &Authority, proxy: &str, url: &str) -> Result<u16, reqwest::Error> {
    let pem = std::fs::read(authority.pem_file()).unwrap();
    let client = Client::builder()
        .tls_certs_only([Certificate::from_pem(&pem).unwrap()])
        .proxy(Proxy::all(proxy).unwrap())
        .build()
        .unwrap();
    Ok(client.get(url).send().await?.status().as_u16())
}

#[tokio::test]
async fn the_platforms_hosts_are_reached_and_no_others() {
    let wechat = WeChat::start().await;
    // Installs the process's TLS provider.
    let _bot = Bot::new(&wechat.url(), "none");
    let authority = Authority::new();
    let (proxy, _server) = wechat.behind_proxy(&authority).await;
    for address in [proxy.http_url(), proxy.socks_url()] {
        let url = format!("https://{API_HOST}/ilink/bot/nothing");
        assert_eq!(fetch(&authority, &address, &url).await.unwrap(), 404);
        assert!(fetch(&authority, &address, "https://example.com/").await.is_err());
        let cdn = "https://novac2c.cdn.weixin.qq.com/c2c/download?encrypted_query_param=x";
        assert_eq!(fetch(&authority, &address, cdn).await.unwrap(), 400);
    }
    let seen: Vec<(String, bool)> =
        proxy.tunnels().into_iter().map(|tunnel| (tunnel.target, tunnel.allowed)).collect();
    assert_eq!(seen.len(), 6);
    assert_eq!(seen[0], (format!("{API_HOST}:443"), true));
    assert_eq!(seen[4], ("example.com:443".to_owned(), false));
}

#[tokio::test]
async fn the_certificate_is_not_trusted_without_the_ca() {
    let wechat = WeChat::start().await;
    let _bot = Bot::new(&wechat.url(), "none");
    let (proxy, _server) = wechat.behind_proxy(&Authority::new()).await;
    let url = format!("https://{API_HOST}/");
    assert!(fetch(&Authority::new(), &proxy.http_url(), &url).await.is_err());
}
