//! The DingTalk fake itself: what it lets through, what it refuses, how it misbehaves.

use std::time::Duration;

use ocg_tests::platforms::api::Fault;
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::dingtalk::{
    BODY_LIMIT, DingTalk, DingTalkBuilder, Endpoint, SentItem, Way,
};
use serde_json::{Value, json};

use crate::outside::{Client, Outside, answer};

const API: &str = "api.dingtalk.com";
const OLD_API: &str = "oapi.dingtalk.com";

struct Bot {
    dingtalk: DingTalk,
    outside: Outside,
    _authority: Authority,
    token: String,
}

impl Bot {
    async fn new(builder: DingTalkBuilder) -> Self {
        let authority = Authority::new();
        let dingtalk = builder.start(&authority).await;
        let outside = Outside::new(&authority, dingtalk.routes());
        let mut bot = Self { dingtalk, outside, _authority: authority, token: String::new() };
        let (_, given) = bot
            .post(
                &format!("{API}/v1.0/oauth2/accessToken"),
                json!({"appKey": bot.dingtalk.client_id(), "appSecret": bot.dingtalk.secret()}),
            )
            .await;
        bot.token = given["accessToken"].as_str().unwrap().to_owned();
        bot
    }

    async fn post(&self, url: &str, body: Value) -> (u16, Value) {
        let request = self.outside.request("POST", url);
        answer(request.header("x-acs-dingtalk-access-token", &self.token).json(&body)).await
    }

    async fn put(&self, url: &str, body: Value) -> (u16, Value) {
        let request = self.outside.request("PUT", url);
        answer(request.header("x-acs-dingtalk-access-token", &self.token).json(&body)).await
    }

    async fn connect(&self) -> Client {
        let body = json!({
            "clientId": self.dingtalk.client_id(),
            "clientSecret": self.dingtalk.secret(),
            "subscriptions": [{"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"}],
        });
        let (_, opened) = self.post(&format!("{API}/v1.0/gateway/connections/open"), body).await;
        let ticket = opened["ticket"].as_str().unwrap();
        let path = format!("/connect?ticket={ticket}");
        let mut socket = self.outside.socket("wss-open-connection.dingtalk.com", &path).await;
        // The platform pings first.
        let ping = socket.next().await;
        assert_eq!(ping["headers"]["topic"], "ping");
        socket
            .send(&json!({"code": 200, "headers": ping["headers"], "message": "OK", "data": ping["data"]}))
            .await;
        socket
    }

    async fn acknowledge(&self, socket: &mut Client, callback: &Value) {
        let headers = json!({"messageId": callback["headers"]["messageId"]});
        let data = json!({"response": {"success": true}}).to_string();
        socket.send(&json!({"code": 200, "headers": headers, "message": "OK", "data": data})).await;
    }
}

fn data(callback: &Value) -> Value {
    serde_json::from_str(callback["data"].as_str().unwrap()).unwrap()
}

fn webhook(data: &Value) -> String {
    data["sessionWebhook"].as_str().unwrap().strip_prefix("https://").unwrap().to_owned()
}

#[tokio::test]
async fn a_message_is_told_and_answered() {
    let bot = Bot::new(DingTalk::builder()).await;
    let mut socket = bot.connect().await;
    let alice = bot.dingtalk.user("alice");
    let said = alice.says("hi");
    let callback = socket.next().await;
    assert_eq!(data(&callback)["text"]["content"], "hi");
    assert_eq!(data(&callback)["senderStaffId"], "alice");
    bot.acknowledge(&mut socket, &callback).await;
    assert_eq!(bot.dingtalk.acknowledged(&said).await.deliveries, 1);
    let markdown = json!({"msgtype": "markdown", "markdown": {"title": "t", "text": "**hi**"}});
    let (_, sent) = bot.post(&webhook(&data(&callback)), markdown).await;
    assert_eq!(sent["errcode"], 0);
    let replies = alice.replies(1).await;
    assert_eq!(replies[0].way, Way::Webhook);
    let item = SentItem::Markdown { title: "t".into(), text: "**hi**".into(), pictures: vec![] };
    assert_eq!(replies[0].item, item);
    bot.dingtalk.until_pongs(1).await;
    bot.dingtalk.calls().assert_no_violations();
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again() {
    let bot = Bot::new(DingTalk::builder().redelivery(Duration::from_millis(50))).await;
    let mut socket = bot.connect().await;
    let alice = bot.dingtalk.user("alice");
    let said = alice.says("hi");
    let first = socket.next().await;
    let second = socket.next().await;
    assert_eq!(first, second);
    bot.acknowledge(&mut socket, &second).await;
    assert!(bot.dingtalk.acknowledged(&said).await.deliveries >= 2);
    let again = bot.dingtalk.delivers_again(&said);
    let third = loop {
        let callback = socket.next().await;
        if callback["headers"]["messageId"] == again.message_id {
            break callback;
        }
    };
    assert_eq!(data(&third)["msgId"], data(&first)["msgId"]);
}

#[tokio::test]
async fn what_the_platform_would_refuse_is_refused_and_noted() {
    let bot = Bot::new(DingTalk::builder()).await;
    let mut socket = bot.connect().await;
    let alice = bot.dingtalk.user("alice");
    alice.says("hi");
    let url = webhook(&data(&socket.next().await));
    let text = |text: &str| json!({"msgtype": "text", "text": {"content": text}});
    assert_eq!(bot.post(&url, text(&"x".repeat(BODY_LIMIT))).await.1["errcode"], 460_101);
    assert_eq!(bot.post(&url, json!({"msgtype": "voice"})).await.1["errcode"], 400_105);
    assert_eq!(bot.post(&url, text("")).await.0, 400);
    let made_up = format!("{OLD_API}/robot/sendBySession?session=made-up");
    assert_eq!(bot.post(&made_up, text("x")).await.1["errcode"], 300_001);
    assert_eq!(bot.dingtalk.calls().violations().len(), 4);

    let url = format!("{API}/v1.0/robot/oToMessages/batchSend");
    let robot = |code: &str, user: &str, key: &str, param: Value| json!({"robotCode": code, "userIds": [user], "msgKey": key, "msgParam": param.to_string()});
    let me = bot.dingtalk.client_id();
    let hello = json!({"content": "hello"});
    let good = robot(&me, "alice", "sampleText", hello.clone());
    assert_eq!(bot.post(&url, good.clone()).await.0, 200);
    assert_eq!(bot.post(&url, robot("other", "alice", "sampleText", hello.clone())).await.0, 400);
    assert_eq!(bot.post(&url, robot(&me, "mallory", "sampleText", hello.clone())).await.0, 400);
    assert_eq!(bot.post(&url, robot(&me, "alice", "sampleSong", hello)).await.0, 400);
    let image = json!({"photoURL": "@made-up"});
    assert_eq!(bot.post(&url, robot(&me, "alice", "sampleImageMsg", image)).await.0, 400);
    assert_eq!(bot.dingtalk.calls().violations().len(), 8);
    bot.dingtalk.forgets_tokens();
    assert_eq!(bot.post(&url, good).await.0, 401);
    assert_eq!(bot.dingtalk.calls().violations().len(), 8, "a token that ran out is no violation");
    assert_eq!(alice.received().len(), 1);
}

#[tokio::test]
async fn a_session_webhook_runs_out() {
    let bot = Bot::new(DingTalk::builder().webhook_life(Duration::ZERO)).await;
    let mut socket = bot.connect().await;
    bot.dingtalk.user("alice").says("hi");
    let url = webhook(&data(&socket.next().await));
    let text = json!({"msgtype": "text", "text": {"content": "late"}});
    assert_eq!(bot.post(&url, text).await.1["errcode"], 300_002);
    bot.dingtalk.calls().assert_no_violations();
}

#[tokio::test]
async fn a_connection_needs_the_secret_and_a_fresh_ticket() {
    let bot = Bot::new(DingTalk::builder()).await;
    let url = format!("{API}/v1.0/gateway/connections/open");
    let wrong = json!({"clientId": bot.dingtalk.client_id(), "clientSecret": "guess"});
    assert_eq!(bot.post(&url, wrong).await.0, 401);
    let deaf = json!({
        "clientId": bot.dingtalk.client_id(), "clientSecret": bot.dingtalk.secret(),
        "subscriptions": [],
    });
    assert_eq!(bot.post(&url, deaf).await.0, 400);
    let stream = "wss-open-connection.dingtalk.com/connect?ticket=made-up";
    assert_eq!(answer(bot.outside.request("GET", stream)).await.0, 401);
    let mut socket = bot.connect().await;
    bot.dingtalk.disconnects();
    let goodbye = socket.next().await;
    assert_eq!(goodbye["headers"]["topic"], "disconnect");
    assert_eq!(socket.closed().await, Some(1000));
    let mut socket = bot.connect().await;
    bot.dingtalk.drops_connection();
    assert_eq!(socket.closed().await, None);
    assert_eq!(bot.dingtalk.connections(), 2);
}

#[tokio::test]
async fn media_goes_both_ways() {
    let bot = Bot::new(DingTalk::builder()).await;
    let mut socket = bot.connect().await;
    let alice = bot.dingtalk.user("alice");
    alice.sends_file("notes.txt", b"some notes");
    let content = data(&socket.next().await)["content"].clone();
    assert_eq!(content["fileName"], "notes.txt");
    let url = format!("{API}/v1.0/robot/messageFiles/download");
    let ask =
        json!({"downloadCode": content["downloadCode"], "robotCode": bot.dingtalk.client_id()});
    let (_, address) = bot.post(&url, ask).await;
    let address = address["downloadUrl"].as_str().unwrap().strip_prefix("https://").unwrap();
    let got = bot.outside.request("GET", address).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(&got[..], b"some notes");

    let form = "--b\r\ncontent-disposition: form-data; name=\"media\"; filename=\"a.png\"\r\n\r\nPNG\r\n--b--\r\n";
    let upload = format!("{OLD_API}/media/upload?type=image&access_token={}", bot.token);
    let request = bot.outside.request("POST", &upload);
    let request = request.header("content-type", "multipart/form-data; boundary=b").body(form);
    let (_, uploaded) = answer(request).await;
    let param = json!({"photoURL": uploaded["media_id"]}).to_string();
    let send = json!({
        "robotCode": bot.dingtalk.client_id(), "userIds": ["alice"],
        "msgKey": "sampleImageMsg", "msgParam": param,
    });
    bot.post(&format!("{API}/v1.0/robot/oToMessages/batchSend"), send).await;
    assert_eq!(alice.replies(1).await[0].item, SentItem::Image(b"PNG".to_vec()));
    bot.dingtalk.calls().assert_no_violations();
}

#[tokio::test]
async fn a_card_is_filled_until_it_is_finished() {
    let bot = Bot::new(DingTalk::builder()).await;
    let alice = bot.dingtalk.user("alice");
    let create = json!({
        "outTrackId": "c1", "cardTemplateId": "t", "openSpaceId": "dtv1.card//IM_ROBOT.alice",
        "cardData": {"cardParamMap": {"content": ""}},
        "imRobotOpenDeliverModel": {"robotCode": bot.dingtalk.client_id()},
    });
    let url = format!("{API}/v1.0/card/instances/createAndDeliver");
    assert_eq!(bot.post(&url, create.clone()).await.0, 200);
    assert_eq!(bot.post(&url, create).await.0, 400, "outTrackId used twice");
    let stream = |text: &str, last: bool| {
        let body = json!({
            "outTrackId": "c1", "guid": text, "key": "content", "content": text,
            "isFull": true, "isFinalize": last, "isError": false,
        });
        bot.put("api.dingtalk.com/v1.0/card/streaming", body)
    };
    stream("hel", false).await;
    stream("hello", true).await;
    let card = alice.until_card("finished", |card| card.finished).await;
    assert_eq!((card.updates, card.variables["content"].as_str()), (2, "hello"));
    assert_eq!(stream("more", false).await.0, 400, "after its end");
    assert_eq!(bot.dingtalk.calls().violations().len(), 2);
}

#[tokio::test]
async fn a_registration_gives_credentials_once_agreed() {
    let bot = Bot::new(DingTalk::builder()).await;
    let step = |name: &str, body: Value| {
        let url = format!("{OLD_API}/app/registration/{name}");
        let bot = &bot;
        async move { bot.post(&url, body).await.1 }
    };
    let nonce = step("init", json!({"source": "x"})).await["nonce"].clone();
    let begun = step("begin", json!({"nonce": nonce})).await;
    assert_eq!(step("begin", json!({"nonce": nonce})).await["errcode"], 40035, "used twice");
    let code = json!({"device_code": begun["device_code"]});
    let registration = bot.dingtalk.registration(1).await;
    assert_eq!(begun["verification_uri_complete"], registration.address());
    assert_eq!(step("poll", code.clone()).await["status"], "WAITING");
    registration.agree();
    let done = step("poll", code).await;
    assert_eq!(done["client_id"], bot.dingtalk.client_id());
    assert_eq!(done["client_secret"], bot.dingtalk.secret());
}

#[tokio::test]
async fn faults_happen_and_then_stop() {
    let bot = Bot::new(DingTalk::builder()).await;
    let calls = bot.dingtalk.calls();
    calls.fault(Endpoint::OpenConnection, Fault::status(500));
    let url = format!("{API}/v1.0/gateway/connections/open");
    assert_eq!(bot.post(&url, json!({})).await.0, 500);
    calls.assert_no_violations();
    bot.connect().await;
    calls.until_called(Endpoint::OpenConnection, 2).await;
}
