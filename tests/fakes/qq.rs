//! The QQ fake itself: what it lets through, what it refuses, how it misbehaves.

use std::time::Duration;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ocg_tests::platforms::api::Fault;
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::qq::{
    Endpoint, Qq, QqBuilder, REPLIES_PER_MESSAGE, SentItem, TEXT_LIMIT,
};
use serde_json::{Value, json};

use crate::outside::{Client, Outside, answer};

const API: &str = "api.sgroup.qq.com";

struct Bot {
    qq: Qq,
    outside: Outside,
    _authority: Authority,
    token: String,
}

impl Bot {
    async fn new(builder: QqBuilder) -> Self {
        let authority = Authority::new();
        let qq = builder.start(&authority).await;
        let outside = Outside::new(&authority, qq.routes());
        let mut bot = Self { qq, outside, _authority: authority, token: String::new() };
        bot.token = bot.new_token().await;
        bot
    }

    async fn new_token(&self) -> String {
        let secret = json!({"appId": self.qq.app_id(), "clientSecret": self.qq.secret()});
        let request = self.outside.request("POST", "bots.qq.com/app/getAppAccessToken");
        let (_, given) = answer(request.json(&secret)).await;
        format!("QQBot {}", given["access_token"].as_str().unwrap())
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.outside.request("POST", &format!("{API}{path}"));
        answer(request.header("authorization", &self.token).json(&body)).await
    }

    /// Connects and says hello; the first events are left to be read.
    async fn connect(&self, hello: Value) -> Client {
        let mut socket = self.outside.socket(API, "/websocket").await;
        assert_eq!(socket.next().await["op"], 10);
        socket.send(&hello).await;
        socket
    }

    fn identify(&self) -> Value {
        json!({"op": 2, "d": {"token": self.token, "intents": 1 << 25, "shard": [0, 1]}})
    }

    async fn identified(&self) -> (Client, String) {
        let mut socket = self.connect(self.identify()).await;
        let ready = socket.next().await;
        assert_eq!(ready["t"], "READY");
        (socket, ready["d"]["session_id"].as_str().unwrap().to_owned())
    }
}

#[tokio::test]
async fn a_message_is_told_and_answered() {
    let bot = Bot::new(Qq::builder()).await;
    let (mut socket, _) = bot.identified().await;
    let (alice, group) = (bot.qq.user("alice"), bot.qq.group("friends"));
    let said = alice.says("hi");
    group.mentions("bob", "you there?");
    let direct = socket.next().await;
    assert_eq!((&direct["t"], &direct["s"]), (&json!("C2C_MESSAGE_CREATE"), &json!(2)));
    assert_eq!(direct["d"]["author"]["user_openid"], "alice");
    let mention = socket.next().await;
    assert_eq!(mention["t"], "GROUP_AT_MESSAGE_CREATE");
    assert_eq!(mention["d"]["group_openid"], "friends");
    let body = json!({"msg_type": 2, "markdown": {"content": "**hi**"}, "msg_id": said.message_id});
    let (status, sent) = bot.post("/v2/users/alice/messages", body).await;
    assert_eq!(status, 200, "{sent}");
    let reply = &alice.replies(1).await[0];
    assert_eq!(reply.item, SentItem::Markdown("**hi**".into()));
    assert_eq!(reply.answers.as_deref(), Some(said.message_id.as_str()));
    bot.qq.calls().assert_no_violations();
}

#[tokio::test]
async fn what_the_platform_would_refuse_is_refused_and_noted() {
    let bot = Bot::new(Qq::builder()).await;
    let (_socket, _) = bot.identified().await;
    let alice = bot.qq.user("alice");
    let said = alice.says("hi");
    let text = |sequence: u64, text: &str| json!({"msg_type": 0, "content": text, "msg_id": said.message_id, "msg_seq": sequence});
    let path = "/v2/users/alice/messages";
    let long = "x".repeat(TEXT_LIMIT);
    assert_eq!(bot.post(path, text(1, &long)).await.0, 200, "just as long as allowed");
    let (status, repeated) = bot.post(path, text(1, "again")).await;
    assert_eq!((status, &repeated["code"]), (400, &json!(40_054_005)), "msg_seq used twice");
    assert_eq!(bot.post(path, text(2, &format!("{long}.")).clone()).await.0, 400, "too long");
    assert_eq!(bot.post(path, text(3, " ")).await.0, 400, "empty");
    assert_eq!(bot.post("/v2/users/mallory/messages", text(4, "x")).await.0, 400, "unknown user");
    bot.qq.user("bob");
    assert_eq!(bot.post("/v2/users/bob/messages", text(5, "x")).await.0, 400, "other's msg_id");
    let unknown = json!({"msg_type": 9, "content": "x"});
    assert_eq!(bot.post(path, unknown).await.0, 400, "unknown type");
    let field = json!({"msg_type": 0, "content": "x", "colour": "red"});
    assert_eq!(bot.post(path, field).await.0, 400, "unknown field");
    let media = json!({"msg_type": 7, "media": {"file_info": "made up"}});
    assert_eq!(bot.post(path, media).await.0, 400, "media that was never uploaded");
    assert_eq!(bot.qq.calls().violations().len(), 8);
    assert_eq!(bot.post("/v2/users/alice/unknown", json!({})).await.0, 404);
    assert_eq!(alice.received().len(), 1);
}

#[tokio::test]
async fn one_message_is_answered_a_few_times_and_not_for_ever() {
    let bot = Bot::new(Qq::builder()).await;
    let (_socket, _) = bot.identified().await;
    let said = bot.qq.user("alice").says("hi");
    let text =
        |n: usize| json!({"msg_type": 0, "content": "x", "msg_id": said.message_id, "msg_seq": n});
    for n in 1..=REPLIES_PER_MESSAGE {
        assert_eq!(bot.post("/v2/users/alice/messages", text(n)).await.0, 200);
    }
    let (status, refused) = bot.post("/v2/users/alice/messages", text(90)).await;
    assert_eq!((status, &refused["code"]), (500, &22009.into()), "answered too often");
    let bot = Bot::new(Qq::builder().reply_window(Duration::ZERO)).await;
    let (_socket, _) = bot.identified().await;
    let said = bot.qq.user("alice").says("hi");
    let text = json!({"msg_type": 0, "content": "x", "msg_id": said.message_id});
    let (_, late) = bot.post("/v2/users/alice/messages", text).await;
    assert_eq!(late["code"], 40_034_025, "{late}");
}

#[tokio::test]
async fn tokens_are_given_for_the_secret_and_run_out() {
    let bot = Bot::new(Qq::builder()).await;
    let wrong = json!({"appId": bot.qq.app_id(), "clientSecret": "guess"});
    let request = bot.outside.request("POST", "bots.qq.com/app/getAppAccessToken");
    let (status, refused) = answer(request.json(&wrong)).await;
    assert_eq!((status, &refused["access_token"]), (200, &Value::Null));
    assert_eq!(bot.qq.calls().violations().len(), 1);
    bot.qq.forgets_tokens();
    bot.qq.user("alice");
    let text = json!({"msg_type": 0, "content": "x"});
    assert_eq!(bot.post("/v2/users/alice/messages", text).await.0, 401);
    assert_eq!(bot.connect(bot.identify()).await.closed().await, Some(4004));
    assert_eq!(bot.qq.calls().violations().len(), 1, "a token that ran out is no violation");
}

#[tokio::test]
async fn a_resumed_session_gets_what_it_missed() {
    let bot = Bot::new(Qq::builder()).await;
    let (mut socket, session) = bot.identified().await;
    bot.qq.drops_connection();
    assert_eq!(socket.closed().await, None);
    bot.qq.user("alice").says("while you were away");
    let resume = json!({"op": 6, "d": {"token": bot.token, "session_id": session, "seq": 1}});
    let mut socket = bot.connect(resume.clone()).await;
    let missed = socket.next().await;
    assert_eq!((&missed["s"], &missed["d"]["content"]), (&json!(2), &json!("while you were away")));
    assert_eq!(socket.next().await["t"], "RESUMED");
    bot.qq.asks_to_reconnect();
    assert_eq!(socket.next().await["op"], 7);
    drop(socket);
    let mut socket = bot.connect(resume.clone()).await;
    bot.qq.until_connected(1, 2).await;
    bot.qq.invalidates_session();
    while socket.next().await["op"] != 9 {}
    drop(socket);
    let mut socket = bot.connect(resume).await;
    assert_eq!(socket.next().await, json!({"op": 9, "d": false}));
    bot.qq.calls().assert_no_violations();
}

#[tokio::test]
async fn the_gateway_wants_heartbeats_and_manners() {
    let bot = Bot::new(Qq::builder().heartbeat(Duration::from_millis(100))).await;
    let (mut socket, _) = bot.identified().await;
    socket.send(&json!({"op": 1, "d": 1})).await;
    assert_eq!(socket.next().await["op"], 11);
    bot.qq.calls().assert_no_violations();
    assert_eq!(socket.closed().await, Some(4009), "silence");
    let mut socket = bot.connect(json!({"op": 1, "d": null})).await;
    assert_eq!(socket.closed().await, Some(4001), "a heartbeat first");
    let mut hello = bot.identify();
    hello["d"]["intents"] = json!(1_u64 << 40);
    assert_eq!(bot.connect(hello).await.closed().await, Some(4013), "unknown intents");
    assert_eq!(bot.qq.calls().violations().len(), 3);
}

#[tokio::test]
async fn media_goes_both_ways() {
    let bot = Bot::new(Qq::builder()).await;
    let (mut socket, _) = bot.identified().await;
    let alice = bot.qq.user("alice");
    alice.sends_voice(b"#!SILK", b"RIFF", "hello there");
    let attachment = socket.next().await["d"]["attachments"][0].clone();
    assert_eq!(attachment["asr_refer_text"], "hello there");
    let wav = attachment["voice_wav_url"].as_str().unwrap().strip_prefix("https://").unwrap();
    let got = bot.outside.request("GET", wav).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(&got[..], b"RIFF");

    let upload = |bytes: &[u8]| json!({"file_type": 1, "srv_send_msg": false, "file_data": BASE64_STANDARD.encode(bytes)});
    assert_eq!(bot.post("/v2/users/alice/files", upload(b"no picture")).await.0, 400);
    let (_, uploaded) = bot.post("/v2/users/alice/files", upload(b"\x89PNG...")).await;
    let media = json!({"msg_type": 7, "media": {"file_info": uploaded["file_info"]}});
    bot.qq.user("bob");
    assert_eq!(bot.post("/v2/users/bob/messages", media.clone()).await.0, 400, "another chat's");
    assert_eq!(bot.post("/v2/users/alice/messages", media).await.0, 200);
    assert_eq!(alice.reply(1).await, "[image]");
}

#[tokio::test]
async fn faults_happen_in_order_and_then_stop() {
    let bot = Bot::new(Qq::builder()).await;
    let (alice, calls) = (bot.qq.user("alice"), bot.qq.calls());
    let faults = [Fault::too_many(3), Fault::Malformed, Fault::Drop, Fault::DropAfter];
    for fault in faults {
        calls.fault(Endpoint::UserMessage, fault);
    }
    let send = || {
        let request = bot.outside.request("POST", &format!("{API}/v2/users/alice/messages"));
        let text = json!({"msg_type": 0, "content": "x"});
        request.header("authorization", &bot.token).json(&text).send()
    };
    let limited = send().await.unwrap();
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"3".parse().unwrap())
    );
    assert!(send().await.unwrap().json::<Value>().await.is_err());
    assert!(send().await.is_err());
    assert!(alice.received().is_empty());
    assert!(send().await.is_err());
    assert_eq!(alice.received().len(), 1, "arrived without an answer");
    assert_eq!(send().await.unwrap().status(), 200);
    assert_eq!(calls.requests_to(Endpoint::UserMessage).len(), 5);
    calls.assert_no_violations();
}

#[tokio::test]
async fn a_qr_code_gives_the_secret_to_who_made_the_key() {
    let bot = Bot::new(Qq::builder()).await;
    let key = [3; 32];
    let ask = |path: &str, body: Value| {
        answer(bot.outside.request("POST", &format!("q.qq.com/lite/{path}")).json(&body))
    };
    let (_, created) = ask("create_bind_task", json!({"key": BASE64_STANDARD.encode(key)})).await;
    let task = json!({"task_id": created["data"]["task_id"]});
    let bind = bot.qq.bind(1).await;
    assert_eq!(created["data"]["task_id"], bind.task_id());
    assert_eq!(ask("poll_bind_result", task.clone()).await.1["data"]["status"], 1);
    bind.confirm();
    let (_, done) = ask("poll_bind_result", task).await;
    assert_eq!(done["data"]["bot_appid"], bot.qq.app_id());
    let sealed =
        BASE64_STANDARD.decode(done["data"]["bot_encrypt_secret"].as_str().unwrap()).unwrap();
    let (nonce, sealed) = sealed.split_at(12);
    let cipher = Aes256Gcm::new_from_slice(&key).unwrap();
    let secret = cipher.decrypt(&Nonce::try_from(nonce).unwrap(), sealed).unwrap();
    assert_eq!(secret, bot.qq.secret().as_bytes());
    assert_eq!(ask("create_bind_task", json!({"key": "c2hvcnQ="})).await.1["code"], 1);
}
