//! Platforms push to the HTTP routes that plugins serve on the callback port.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use ocg_tests::harness::{Config, Gateway, Home, WECOM};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::sample;

/// What the log says once the port is open.
const LISTENING: &str = "listening for the HTTP routes of channels";
/// How long an account may take to start, or to start again.
const PATIENCE: Duration = Duration::from_secs(60);

/// A gateway whose routes can be asked.
struct Port {
    gateway: Gateway,
    client: reqwest::Client,
    base: String,
}

impl Port {
    /// Starts the gateway on a free port, which a plugin's route opens.
    async fn open(home: &Home, config: Config) -> Self {
        Self::open_for(home, config, LISTENING).await
    }

    /// Starts the gateway on a free port, which is open once the log says `listening`.
    async fn open_for(home: &Home, config: Config, listening: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        home.configure(&config.set(&["callbackHost"], "127.0.0.1").set(&["callbackPort"], port));
        let mut gateway = Gateway::start(home);
        let output = gateway.output().clone();
        gateway.alive_until(output.until(listening)).await;
        // Fails where another test of this process was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { gateway, client, base: format!("http://127.0.0.1:{port}") }
    }

    /// Status and text that a GET of `target` is answered with.
    async fn get(&self, target: &str) -> (u16, String) {
        read(self.client.get(format!("{}{target}", self.base))).await
    }

    async fn post(&self, target: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
        read(self.client.post(format!("{}{target}", self.base)).body(body)).await
    }

    /// Waits until a GET of `target` is answered with `status`.
    async fn until_answered(&mut self, target: &str, status: u16) {
        let url = format!("{}{target}", self.base);
        let client = self.client.clone();
        let answered = async {
            while read(client.get(&url)).await.0 != status {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, self.gateway.alive_until(answered)).await;
        assert!(in_time.is_ok(), "{target} was never answered with {status}");
    }

    async fn until_logged(&mut self, text: &str) {
        let output = self.gateway.output().clone();
        self.gateway.alive_until(output.until(text)).await;
    }
}

async fn read(request: reqwest::RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Nothing here asks the agent.
fn config() -> Config {
    Config::with_agent_url("http://127.0.0.1:9/v1/chat/completions")
}

async fn with_sample(register: &str, body: &str) -> (Home, Port) {
    let home = Home::new();
    let config = config().set(&["channels", sample::CHANNEL, "enabled"], true);
    home.configure(&config);
    sample::install(&home, &sample::source_registering(register, body)).await;
    let port = Port::open(&home, config).await;
    (home, port)
}

const REGISTER: &str = r#"
    const route = (path, handler, more) =>
      api.registerHttpRoute({ path, auth: "plugin", handler, ...more });
    route("/hook", async (req, res) => {
      const chunks = [];
      for await (const chunk of req) chunks.push(chunk);
      const said = JSON.parse(Buffer.concat(chunks).toString());
      const query = new URL(req.url, "http://localhost").searchParams.get("q");
      res.writeHead(201, { "Content-Type": "application/json", "X-Method": req.method });
      res.end(JSON.stringify({ said, query, type: req.headers["content-type"] }));
    });
    route("/files", (req, res) => res.end(`files: ${req.url}`), { match: "prefix" });
    route("/files/one", (_req, res) => res.end("exactly one"));
    route("/late", (_req, res) => void setTimeout(() => res.end("later"), 10));
    route("/broken", () => {
      throw new Error("no idea");
    });
    route("/declined", () => false);
    route("/inner", (_req, res) => res.end("for people who logged in"), { auth: "gateway" });
    route("/metrics", (_req, res) => res.end("not the gateway's"));
"#;

#[tokio::test]
async fn a_plugin_serves_what_it_registered() {
    let (_home, mut port) = with_sample(REGISTER, "").await;
    let request = port.client.post(format!("{}/hook?q=a%20b", port.base));
    let response = request.json(&json!({"text": "Grüße 👋"})).send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["x-method"], "POST");
    let answer: Value = response.json().await.unwrap();
    let expected =
        json!({"said": {"text": "Grüße 👋"}, "query": "a b", "type": "application/json"});
    assert_eq!(answer, expected);

    let files = |path: &str| (200, format!("files: {path}"));
    assert_eq!(port.get("/files/a/b?c=d").await, files("/files/a/b?c=d"));
    assert_eq!(port.get("/files/one").await, (200, "exactly one".to_owned()));
    assert_eq!(port.get("/filesystem").await.0, 404);
    assert_eq!(port.get("/late").await, (200, "later".to_owned()));
    assert_eq!(port.get("/declined").await.0, 404);
    assert_eq!(port.get("/inner").await.0, 404, "nobody can log in to OpenClaw's gateway here");
    assert!(!port.get("/metrics").await.1.contains("not the gateway's"));

    assert_eq!(port.get("/broken?key=secret").await.0, 500);
    port.until_logged("no idea").await;
    assert_eq!(port.post("/hook", "no JSON").await.0, 500);
    let log = port.gateway.output().text();
    assert!(log.contains("GET /broken") && !log.contains("key=secret"), "{log}");
    assert_eq!(port.get("/files/one").await.0, 200, "the plugin lives on");
    port.gateway.stop().await;
}

/// Nobody has opened the port in so many words: the log says so.
#[tokio::test]
async fn a_route_that_other_machines_can_reach_is_told_once() {
    let home = Home::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config =
        config().set(&["channels", sample::CHANNEL, "enabled"], true).set(&["callbackPort"], port);
    home.configure(&config);
    let register = r#"
    for (const path of ["/one", "/two"]) {
      api.registerHttpRoute({ path, auth: "plugin", handler: (_req, res) => res.end("here") });
    }
"#;
    sample::install(&home, &sample::source_registering(register, "")).await;
    let mut gateway = Gateway::start(&home);
    let output = gateway.output().clone();
    gateway.alive_until(output.until("set \"callbackHost\" to \"127.0.0.1\"")).await;
    let status = home.run(&["status"]).await.exits(0);
    let told = format!("Callback server: listening on 0.0.0.0:{port}; no agent calls back");
    assert!(status.stdout.contains(&told), "{}", status.stdout);
    gateway.stop().await;
    let log = output.text();
    assert_eq!(log.matches("that other machines can reach").count(), 1, "{log}");
}

#[tokio::test]
async fn the_routes_of_an_account_go_when_it_ends() {
    let register = r#"
    api.registerHttpRoute({
      path: "/lasting", auth: "plugin", handler: (_req, res) => res.end("still here"),
    });
"#;
    let body = r#"
      const { registerPluginHttpRoute } = await import("openclaw/plugin-sdk/webhook-targets");
      const { accountId, log } = ctx;
      const told = new Promise((resolve) => {
        const handler = (req, res) => {
          res.end("running");
          if (req.method === "POST") resolve();
        };
        api.registerHttpRoute({ path: "/by-api", auth: "plugin", handler });
        registerPluginHttpRoute({
          path: "/by-sdk", auth: "plugin", pluginId: api.id, accountId, handler,
          log: (message) => log.warn(message),
        });
      });
      await told;
      throw new Error("asked to end");
"#;
    let (_home, mut port) = with_sample(register, body).await;
    let running = (200, "running".to_owned());
    port.until_answered("/by-sdk", 200).await;
    assert_eq!(port.get("/by-api").await, running);
    assert_eq!(port.post("/by-sdk", "").await, running);
    port.until_logged("asked to end").await;
    assert_eq!(port.get("/by-api").await.0, 404);
    assert_eq!(port.get("/by-sdk").await.0, 404);
    assert_eq!(port.get("/lasting").await, (200, "still here".to_owned()));
    // It is started again after a pause, and may take its paths.
    port.until_answered("/by-sdk", 200).await;
    assert!(!port.gateway.output().text().contains("route conflict"));
    port.gateway.stop().await;
}

#[tokio::test]
async fn the_routes_of_a_plugin_that_hangs_come_back_with_it() {
    let register = r#"
    const route = (path, handler) => api.registerHttpRoute({ path, auth: "plugin", handler });
    route("/fine", (_req, res) => res.end("fine"));
    route("/hang", () => {
      for (;;) {}
    });
"#;
    let (_home, mut port) = with_sample(register, "").await;
    assert_eq!(port.get("/hang").await.0, 500);
    port.until_logged("without a pause").await;
    port.until_answered("/fine", 200).await;
    let log = port.gateway.output().text();
    assert!(!log.contains("already served"), "{log}");
    port.gateway.stop().await;
}

#[tokio::test]
async fn a_plugin_that_only_answers_cannot_be_sent_from() {
    const SECRET: &str = "send secret";
    let home = Home::new();
    let config = config()
        .set(&["channels", sample::CHANNEL, "enabled"], true)
        .set(&["sendSecret"], SECRET)
        .set(&["callbackEnabled"], true);
    home.configure(&config);
    let mute =
        sample::source_with("", "ctx.setStatus({ connected: true });", "outbound: undefined,");
    sample::install(&home, &mute).await;
    let mut port = Port::open_for(&home, config, "callback server: listening").await;
    port.until_answered("/readyz", 200).await;
    let body = json!({"channel": sample::CHANNEL, "to": "ann", "text": "hi"}).to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let request = port.client.post(format!("{}/ocg/send", port.base));
    let (status, answer) = read(request.header("x-ocg-signature", signature).body(body)).await;
    assert_eq!(status, 501, "{answer}");
    assert!(answer.contains("CANNOT_SEND"), "{answer}");
    port.gateway.stop().await;
}

/// A URL verification as WeCom sends it: AES-256-CBC and SHA-1 were done by Python.
mod wecom {
    pub(super) const TOKEN: &str = "wecom-token";
    pub(super) const AES_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    pub(super) const QUERY: &str = "msg_signature=03b4e6c726af7023a4ebab0aec227ef7fea00e07\
         &timestamp=1409659813&nonce=1372623149&echostr=4j%2FAuRx71kQlxVlzbpsMWFHe92iq4VdHki6B%2B\
         j5nrtjV%2BWeA5H6hxTJVPqvdaK7X1ohcgl1d7%2Fs9KVCBVZFI%2Fg%3D%3D";
    pub(super) const ECHO: &str = "1616140317555161061";
}

#[tokio::test]
async fn wecom_verifies_the_url_of_a_bot() {
    let home = Home::with_plugins(&[WECOM]).await;
    let config = config()
        .set(&["channels", "wecom", "enabled"], true)
        .set(&["channels", "wecom", "webhookPath"], "/bot")
        .set(&["channels", "wecom", "token"], wecom::TOKEN)
        .set(&["channels", "wecom", "encodingAESKey"], wecom::AES_KEY);
    let mut port = Port::open(&home, config).await;
    // Without a signature: the account is up, and says no.
    port.until_answered("/bot", 400).await;
    let verified = port.get(&format!("/bot?{}", wecom::QUERY)).await;
    assert_eq!(verified, (200, wecom::ECHO.to_owned()));
    let forged = wecom::QUERY.replace("03b4", "13b4");
    assert_eq!(port.get(&format!("/bot?{forged}")).await.0, 401);
    assert_eq!(port.get("/elsewhere").await.0, 404, "its handler declines other paths");
    port.gateway.stop().await;
}
