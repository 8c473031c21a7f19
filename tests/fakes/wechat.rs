//! Polling, sending, typing, rules and faults of the WeChat fake.

use std::time::Duration;

use ocg_tests::platforms::wechat::{Bot, Endpoint, Fault, Quoted, SentItem, TEXT_LIMIT, WeChat};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

async fn platform() -> (WeChat, Bot) {
    let wechat = WeChat::builder().hold(Duration::from_millis(50)).start().await;
    let bot = Bot::new(&wechat.url(), &wechat.token());
    (wechat, bot)
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn a_cursor_gets_the_messages_after_it_however_late_it_comes() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    let first = alice.says("one");
    let update = bot.poll("").await;
    assert_eq!(update.messages[0]["message_id"], first.message_id);
    assert!(first.message_id > 1 << 53);
    assert_eq!(update.messages[0]["item_list"][0]["text_item"]["text"], "one");

    let empty = bot.poll(&update.cursor).await;
    assert!(empty.messages.is_empty());
    alice.says("two");
    alice.says("three");
    for _ in 0..2 {
        let texts: Vec<Value> = bot.poll(&update.cursor).await.messages;
        let texts: Vec<&Value> =
            texts.iter().map(|m| &m["item_list"][0]["text_item"]["text"]).collect();
        assert_eq!(texts, ["two", "three"]);
    }
    wechat.assert_no_violations();

    let unknown = bot.call("/ilink/bot/getupdates", json!({"get_updates_buf": "made up"})).await;
    assert_eq!(unknown["ret"], -2);
    assert_eq!(wechat.violations().len(), 1);
}

#[tokio::test]
async fn a_poll_is_held_until_a_message_comes() {
    let wechat = WeChat::builder().hold(Duration::from_secs(60)).start().await;
    let bot = Bot::new(&wechat.url(), &wechat.token());
    let alice = wechat.user("alice");
    let poll = tokio::spawn(async move { bot.poll("").await });
    wechat.until_polled().await;
    alice.says("now");
    assert_eq!(poll.await.unwrap().messages.len(), 1);
    assert_eq!(wechat.most_polls_open(), 1);
}

#[tokio::test]
async fn a_message_can_be_delivered_twice() {
    let (wechat, bot) = platform().await;
    let said = wechat.user("alice").says("hi");
    wechat.delivers_again(said);
    let messages = bot.poll("").await.messages;
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0], messages[1]);
}

#[tokio::test]
async fn answers_reach_the_user_once() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    alice.says("hi");
    let message = bot.poll("").await.messages.remove(0);
    let sent = bot.send_text(&message, "c1", "hello").await;
    assert_eq!(sent["ret"], 0);
    let replies = alice.replies(1).await;
    assert_eq!(replies[0].item, SentItem::Text("hello".into()));
    assert_eq!(sent["message_id"], replies[0].message_id);
    wechat.assert_no_violations();

    assert_eq!(bot.send_text(&message, "c1", "hello").await["ret"], -2, "client_id used twice");
    assert_eq!(alice.received().len(), 1);
}

#[tokio::test]
async fn what_the_platform_would_refuse_is_refused_and_noted() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    alice.says("hi");
    let message = bot.poll("").await.messages.remove(0);
    let mut bobs = message.clone();
    bobs["from_user_id"] = wechat.user("bob").id().into();
    let mut strangers = message.clone();
    strangers["from_user_id"] = "mallory@im.wechat".into();
    let mut contextless = message.clone();
    contextless["context_token"] = Value::Null;

    assert_eq!(
        bot.send_text(&bobs, "c1", "hello").await["ret"],
        -2,
        "another user's context_token"
    );
    assert_eq!(bot.send_text(&strangers, "c2", "hello").await["ret"], -2, "unknown user");
    assert_eq!(bot.send_text(&contextless, "c3", "hello").await["ret"], -2, "no context_token");
    let long = "\u{1F600}".repeat(TEXT_LIMIT / 2);
    assert_eq!(bot.send_text(&message, "c4", &long).await["ret"], 0, "just as long as allowed");
    assert_eq!(bot.send_text(&message, "c5", &format!("{long}.")).await["ret"], -2, "too long");
    assert_eq!(bot.send_text(&message, "c6", "").await["ret"], -2, "empty");
    alice.forgets_context();
    assert_eq!(bot.send_text(&message, "c7", "hello").await["ret"], -2, "stale context_token");
    assert_eq!(wechat.violations().len(), 6);
    assert_eq!(alice.received().len(), 1);
}

#[tokio::test]
async fn every_header_and_base_info_are_demanded() {
    let (wechat, bot) = platform().await;
    let path = "/ilink/bot/msg/notifystart";
    assert_eq!(answer(bot.request(path, json!({}))).await.0, 200);
    wechat.assert_no_violations();
    let stranger = Bot::new(&wechat.url(), "someone else's token");
    assert_eq!(answer(stranger.request(path, json!({}))).await.0, 401);
    assert_eq!(answer(bot.request(path, json!({"base_info": null}))).await.0, 400);
    // A second value makes the header wrong, whichever of the two counts.
    let headers = [
        ("content-type", "text/plain"),
        ("authorizationtype", "bearer"),
        ("x-wechat-uin", "bm90IGEgbnVtYmVy"),
        ("ilink-app-id", "other"),
        ("ilink-app-clientversion", "1.0.0"),
    ];
    for (name, value) in headers {
        let mut wrong = reqwest::header::HeaderMap::new();
        wrong.insert(name, value.parse().unwrap());
        assert_eq!(answer(bot.request(path, json!({})).headers(wrong)).await.0, 400, "{name}");
    }
    assert_eq!(wechat.violations().len(), 7);
    assert_eq!(answer(bot.request("/ilink/bot/unknown", json!({}))).await.0, 404);
}

#[tokio::test]
async fn typing_needs_the_users_own_ticket() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    let config = bot.call("/ilink/bot/getconfig", json!({"ilink_user_id": alice.id()})).await;
    let typing = |user: &str, status: u64| json!({"ilink_user_id": user, "typing_ticket": config["typing_ticket"], "status": status});
    bot.call("/ilink/bot/sendtyping", typing(alice.id(), 1)).await;
    bot.call("/ilink/bot/sendtyping", typing(alice.id(), 2)).await;
    let shown: Vec<bool> = alice.typing().iter().map(|t| t.shown).collect();
    assert_eq!(shown, [true, false]);
    wechat.assert_no_violations();
    let bob = wechat.user("bob");
    assert_eq!(bot.call("/ilink/bot/sendtyping", typing(bob.id(), 1)).await["ret"], -2);
    assert!(bob.typing().is_empty());
}

#[tokio::test]
async fn quotes_carry_the_id_or_the_text() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    let said = alice.says("the first");
    alice.quotes(&Quoted::Id(said.message_id), "what?");
    alice.quotes(&Quoted::Inline { id: said.message_id, text: "the first".into() }, "that");
    let messages = bot.poll("").await.messages;
    let reference = |n: usize| &messages[n]["item_list"][0]["ref_msg"];
    assert_eq!(reference(1), &json!({"svr_id": said.message_id}));
    assert_eq!(reference(2)["message_item"]["text_item"]["text"], "the first");
}

#[tokio::test]
async fn faults_happen_in_order_and_then_stop() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    alice.says("hi");
    let poll = || bot.request("/ilink/bot/getupdates", json!({"get_updates_buf": ""}));
    wechat.fault(Endpoint::GetUpdates, Fault::Http(500));
    wechat.fault(Endpoint::GetUpdates, Fault::StaleSession);
    wechat.fault(Endpoint::GetUpdates, Fault::Malformed);
    wechat.fault(Endpoint::GetUpdates, Fault::Drop);
    wechat.fault(Endpoint::GetUpdates, Fault::Slow(Duration::from_millis(20)));
    assert_eq!(answer(poll()).await.0, 500);
    assert_eq!(answer(poll()).await.1["errcode"], -14);
    assert!(poll().send().await.unwrap().json::<Value>().await.is_err());
    assert!(poll().send().await.is_err());
    assert_eq!(answer(poll()).await.1["msgs"].as_array().unwrap().len(), 1);
    wechat.faults_done(Endpoint::GetUpdates).await;
    wechat.assert_no_violations();
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_message_arrived() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    alice.says("hi");
    let message = bot.poll("").await.messages.remove(0);
    wechat.fault(Endpoint::SendMessage, Fault::DropAfter);
    let body = json!({"msg": {
        "from_user_id": "", "to_user_id": alice.id(), "client_id": "c1",
        "message_type": 2, "message_state": 2, "context_token": message["context_token"],
        "item_list": [{"type": 1, "text_item": {"text": "hello"}}],
    }});
    assert!(bot.request("/ilink/bot/sendmessage", body).send().await.is_err());
    assert_eq!(alice.reply(1).await, "hello");
}
