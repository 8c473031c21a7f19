//! Registries that are down, slow to recover, or not to be trusted.

use std::collections::HashMap;

use crate::package::plugin;
use crate::registry::FakeRegistry;
use crate::site::Site;

#[tokio::test]
async fn passing_failures_are_repeated() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    registry.fault("plug", 2, 503, "");
    registry.fault("1.0.0.tgz", 2, 500, "");
    Site::new(&registry).install("plug").await.unwrap();
    assert_eq!(registry.requests().len(), 6);
}

#[tokio::test]
async fn lasting_failures_are_told() {
    let registry = FakeRegistry::start().await;
    registry.fault("plug", 99, 502, "");
    let site = Site::new(&registry);
    insta::assert_snapshot!(site.error("plug").await, @"the npm registry REGISTRY answered 502 for plug; try again later");
    assert_eq!(registry.requests().len(), 3);
}

#[tokio::test]
async fn nobody_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = Site::at(&format!("http://{address}")).error("plug").await;
    insta::assert_snapshot!(error.lines().next().unwrap(), @"cannot reach the npm registry REGISTRY: connection refused; check the network, `proxy` and `extraCaCerts` in ocg.json (HTTPS_PROXY, NODE_EXTRA_CA_CERTS), or name another `registry` in .npmrc");
}

#[tokio::test]
async fn names_that_do_not_exist() {
    let error = Site::at("http://registry.invalid").error("plug").await;
    insta::assert_snapshot!(error.lines().next().unwrap(), @"cannot reach the npm registry REGISTRY: its name cannot be looked up (DNS); check the network, `proxy` and `extraCaCerts` in ocg.json (HTTPS_PROXY, NODE_EXTRA_CA_CERTS), or name another `registry` in .npmrc");
}

#[tokio::test]
async fn certificates_that_nobody_trusts() {
    // Plain HTTP where TLS is expected fails in the handshake.
    let registry = FakeRegistry::start().await;
    let site = Site::at(&registry.url().replace("http:", "https:"));
    let error = site.error("plug").await;
    let line = error.lines().next().unwrap();
    assert!(line.contains("TLS failed ("), "{error}");
    assert!(line.contains("extraCaCerts"), "{error}");
}

#[tokio::test]
async fn a_registry_that_wants_credentials() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    registry.require_token("sesame");
    let site = Site::new(&registry);
    insta::assert_snapshot!(site.error("plug").await, @"the npm registry REGISTRY answered 401 for plug: it wants credentials; set //host/:_authToken for it in .npmrc");
    std::fs::write(
        site.home().join(".npmrc"),
        format!("//{}/npm/:_authToken=wrong-token\n", registry.host()),
    )
    .unwrap();
    let error = site.error("plug").await;
    insta::assert_snapshot!(error, @"the npm registry REGISTRY answered 401 for plug: the credentials in .npmrc are not accepted for it; renew them");
    let debug = format!("{:?}", site.installer_with(HashMap::new()).unwrap());
    assert!(!debug.contains("wrong-token"), "{debug}");
}
