//! A gateway with one channel, an agent that accepts everything, and the server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ocg_callback::{CallbackServer, ServerSettings};
use ocg_core::channel::{
    Account, Channel, ChannelError, ChannelTraits, MemoryUse, OutboundMessage, SendReceipt,
};
use ocg_core::dispatch::{
    AgentError, AgentSettings, DispatchRequest, Dispatched, Dispatcher, ReplyEvent,
};
use ocg_core::error::Fault;
use ocg_core::gateway::{
    AccountLink, CallbackRules, Gateway, GatewayHandle, GatewaySettings, StatusPatch,
};
use ocg_core::http::routes::Routes;
use ocg_core::message::{AccountKey, InboundMessage};
use ocg_core::reply::{DeliverError, ReplyPayload};
use ocg_core::store::{SqliteStore, Store};
use reqwest::Response;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(crate) const SECRET: &str = "s3cret";

struct TestChannel {
    links: mpsc::UnboundedSender<AccountLink>,
    sent: Arc<Mutex<Vec<OutboundMessage>>>,
}

#[async_trait]
impl Channel for TestChannel {
    fn id(&self) -> &str {
        "test"
    }

    fn traits(&self) -> ChannelTraits {
        ChannelTraits { text_limit: 100.into(), ..ChannelTraits::default() }
    }

    async fn accounts(&self) -> Result<Vec<Account>, ChannelError> {
        let off = Some("disabled in the configuration".into());
        Ok(vec![
            Account::new("main"),
            Account { enabled: false, blocked: off, ..Account::new("off") },
        ])
    }

    async fn run(
        &self,
        _: &str,
        link: AccountLink,
        stop: CancellationToken,
    ) -> Result<(), ChannelError> {
        link.status(StatusPatch { connected: Some(true), ..StatusPatch::default() });
        let _ = self.links.send(link);
        stop.cancelled().await;
        Ok(())
    }

    async fn memory(&self) -> Option<MemoryUse> {
        Some(MemoryUse { owner: "@test/plugin".into(), used: 1000, limit: 2000 })
    }

    /// The chat's name says what becomes of a message to it.
    async fn send(&self, message: OutboundMessage) -> Result<SendReceipt, DeliverError> {
        let failed = |fault| DeliverError {
            target: message.to.clone(),
            reason: "no".into(),
            fault,
            retryable: false,
        };
        match message.to.as_str() {
            "refused" => return Err(failed(Fault::Platform)),
            "unsupported" => return Err(failed(Fault::Config)),
            "silent" => std::future::pending().await,
            _ => {}
        }
        let mut sent = self.sent.lock().unwrap();
        if message.to == "refused after one" && !sent.is_empty() {
            return Err(failed(Fault::Platform));
        }
        sent.push(message);
        Ok(SendReceipt { message_id: Some(format!("m{}", sent.len())) })
    }
}

/// Accepts everything and shows the callback URLs.
struct Accepting(mpsc::UnboundedSender<String>);

#[async_trait]
impl Dispatcher for Accepting {
    async fn dispatch(
        &self,
        request: DispatchRequest,
        _: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        self.0.send(request.callback.unwrap().url.to_string()).unwrap();
        Ok(Dispatched::Deferred)
    }
}

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) gateway: GatewayHandle,
    pub(crate) routes: Routes,
    pub(crate) sent: Arc<Mutex<Vec<OutboundMessage>>>,
    pub(crate) http: reqwest::Client,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) link: AccountLink,
    urls: mpsc::UnboundedReceiver<String>,
    replies: (mpsc::Sender<ReplyPayload>, mpsc::Receiver<ReplyPayload>),
    /// Ends the gateway; the server goes on.
    pub(crate) stop_gateway: CancellationToken,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// Settings with the secret, and times that a test can wait for.
pub(crate) fn settings() -> ServerSettings {
    let mut settings = ServerSettings {
        secret: Some(SECRET.into()),
        read_timeout: Duration::from_millis(300),
        ..ServerSettings::default()
    };
    settings.send.secret = Some(SECRET.into());
    settings.send.enabled = true;
    settings.send.timeout = Duration::from_millis(300);
    settings
}

pub(crate) async fn start(settings: ServerSettings) -> Running {
    start_with_ttl(settings, Duration::from_secs(1800)).await
}

pub(crate) async fn start_with_ttl(settings: ServerSettings, ttl: Duration) -> Running {
    start_on(settings, ttl, Arc::new(SqliteStore::in_memory().unwrap())).await
}

pub(crate) async fn start_on(
    settings: ServerSettings,
    ttl: Duration,
    store: Arc<SqliteStore>,
) -> Running {
    let server = CallbackServer::bind(settings).await.unwrap();
    let address = server.address();
    let (links, mut link) = mpsc::unbounded_channel();
    let (urls_in, urls) = mpsc::unbounded_channel();
    let sent = Arc::default();
    let agent = AgentSettings { asynchronous: true, ..AgentSettings::default() };
    let callbacks = CallbackRules {
        address: format!("http://{address}").parse().unwrap(),
        ttl,
        ..CallbackRules::default()
    };
    let gateway = Gateway::builder()
        .store(Arc::clone(&store) as Arc<dyn Store>)
        .settings(GatewaySettings { callbacks, ..GatewaySettings::with_agent(agent) })
        .dispatcher(Arc::new(Accepting(urls_in)))
        .channel(Arc::new(TestChannel { links, sent: Arc::clone(&sent) }))
        .build()
        .unwrap();
    let (handle, stop, routes) = (gateway.handle(), CancellationToken::new(), Routes::default());
    let stop_gateway = stop.child_token();
    let (shutdown, served) = (stop_gateway.clone(), stop.clone());
    let tasks = vec![
        tokio::spawn(async move { drop(gateway.run(shutdown).await) }),
        tokio::spawn(server.serve(handle.clone(), routes.clone(), served)),
    ];
    let link = link.recv().await.unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let replies = mpsc::channel(64);
    Running {
        address,
        gateway: handle,
        routes,
        sent,
        http,
        store,
        link,
        urls,
        replies,
        stop_gateway,
        stop,
        tasks,
    }
}

impl Running {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A chat user writes; the callback URL that the agent is given.
    pub(crate) async fn asked(&mut self, text: &str) -> String {
        let message = InboundMessage::direct(AccountKey::new("test", "main"), "ann", text);
        self.link.submit(message, Box::new(self.replies.0.clone())).await;
        self.urls.recv().await.unwrap()
    }

    /// What the chat is shown next.
    pub(crate) async fn shown(&mut self) -> String {
        self.shown_payload().await.text
    }

    /// What the chat is shown next, files included.
    pub(crate) async fn shown_payload(&mut self) -> ReplyPayload {
        self.replies.1.recv().await.unwrap()
    }

    /// Waits until every account is connected.
    pub(crate) async fn until_connected(&self) {
        while self.http.get(self.url("/readyz")).send().await.unwrap().status() != 200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Writes a request's bytes and reads all that comes back until the server closes.
    pub(crate) async fn raw(&self, request: &[u8]) -> String {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(request).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// What else the chat was shown, once everything is over.
    pub(crate) async fn end(mut self) -> Vec<String> {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
        let mut rest = Vec::new();
        while let Ok(payload) = self.replies.1.try_recv() {
            rest.push(payload.text);
        }
        rest
    }

    pub(crate) async fn post(
        &self,
        url: &str,
        signature: Option<&str>,
        body: impl Into<reqwest::Body>,
    ) -> Response {
        let mut request = self.http.post(url).body(body);
        if let Some(signature) = signature {
            request = request.header("x-ocg-signature", signature);
        }
        request.send().await.unwrap()
    }

    /// Posts a body with its right signature: status and answer.
    pub(crate) async fn signed(&self, url: &str, body: &str) -> (u16, Value) {
        let response = self.post(url, Some(&sign(body)), body.to_owned()).await;
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

pub(crate) fn sign(body: impl AsRef<[u8]>) -> String {
    ocg_core::http::signature::Signer::new(SECRET.into()).sign(body.as_ref())
}
