//! The Telegram fake itself: what it lets through, what it refuses, how it misbehaves.

use std::time::Duration;

use ocg_tests::platforms::api::Fault;
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::telegram::{
    API_HOST, Method, SentItem, Telegram, TelegramBuilder, too_many,
};
use serde_json::{Value, json};

use crate::outside::{Outside, answer};

pub(crate) struct Bot {
    pub(crate) telegram: Telegram,
    pub(crate) outside: Outside,
    _authority: Authority,
}

impl Bot {
    pub(crate) async fn new() -> Self {
        Self::with(Telegram::builder()).await
    }

    pub(crate) async fn with(builder: TelegramBuilder) -> Self {
        let authority = Authority::new();
        let telegram = builder.start(&authority).await;
        let outside = Outside::new(&authority, telegram.routes());
        Self { telegram, outside, _authority: authority }
    }

    fn url(&self, method: &str) -> String {
        format!("{API_HOST}/bot{}/{method}", self.telegram.token())
    }

    /// Calls a method with a JSON body.
    pub(crate) async fn call(&self, method: &str, body: Value) -> (u16, Value) {
        answer(self.outside.request("POST", &self.url(method)).json(&body)).await
    }

    /// The result of a call that must succeed.
    pub(crate) async fn done(&self, method: &str, body: Value) -> Value {
        let (status, answer) = self.call(method, body).await;
        assert_eq!((status, &answer["ok"]), (200, &json!(true)), "{answer}");
        answer["result"].clone()
    }

    /// Status and description of a call that must be refused.
    pub(crate) async fn refused(&self, method: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.call(method, body).await;
        assert_eq!((&answer["ok"], &answer["error_code"]), (&json!(false), &json!(status)));
        (status, answer["description"].as_str().unwrap().to_owned())
    }
}

#[tokio::test]
async fn a_message_is_sent_in_every_way_of_writing_it() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let id = alice.id();
    let sent = bot.done("sendMessage", json!({"chat_id": id, "text": " hi "})).await;
    assert_eq!((&sent["text"], &sent["chat"]["type"]), (&json!("hi"), &json!("private")));
    let query = format!("{}?chat_id={id}&text=in%20the%20query", bot.url("SENDMESSAGE"));
    assert_eq!(answer(bot.outside.request("GET", &query)).await.0, 200);
    let form = [("chat_id", id.to_string()), ("text", "in a form".to_owned())];
    let request = bot.outside.request("POST", &bot.url("sendMessage"));
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(answer(request).await.0, 200);
    let parts = format!(
        "--b\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{id}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"voice\"\r\n\r\nattach://f\r\n--b\r\n\
         content-disposition: form-data; name=\"f\"; filename=voice.ogg\r\n\r\nOggS\r\n\r\n\r\n--b--\r\n"
    );
    let request = bot.outside.request("POST", &bot.url("sendVoice"));
    let request = request.header("content-type", "multipart/form-data; boundary=b").body(parts);
    let (status, sent) = answer(request).await;
    assert_eq!(status, 200, "{sent}");
    assert_eq!(alice.texts(), ["hi", "in the query", "in a form", "[voice]"]);
    let SentItem::Media { bytes, name, .. } = &alice.received()[3].item else { panic!() };
    assert_eq!((bytes.as_slice(), name.as_deref()), (&b"OggS\r\n\r\n"[..], Some("voice.ogg")));
    bot.telegram.calls().assert_no_violations();
}

#[tokio::test]
async fn what_telegram_would_refuse_is_refused_in_its_words() {
    let bot = Bot::new().await;
    let (alice, group) = (bot.telegram.user("alice"), bot.telegram.group("friends"));
    let said = alice.says("hi");
    let id = alice.id();
    let text = |text: &str| json!({"chat_id": id, "text": text});
    let fits = "😀".repeat(2048);
    bot.done("sendMessage", text(&fits)).await;
    let refusals: Vec<(&str, Value, &str)> = vec![
        ("sendMessage", text(&format!("{fits}.")), "message is too long"),
        ("sendMessage", text(" \n "), "message text is empty"),
        ("sendMessage", json!({"chat_id": 42, "text": "x"}), "chat not found"),
        ("sendMessage", json!({"text": "x"}), "chat_id is empty"),
        (
            "sendMessage",
            json!({"chat_id": id, "text": "x", "message_thread_id": 77}),
            "message thread not found",
        ),
        (
            "sendMessage",
            json!({"chat_id": id, "text": "x", "reply_parameters": {"message_id": 9}}),
            "message to be replied not found",
        ),
        (
            "sendMessage",
            json!({"chat_id": id, "text": "x", "reply_parameters": {"message_id": said.message_id, "quote": "ho"}}),
            "QUOTE_TEXT_INVALID",
        ),
        (
            "sendMessage",
            json!({"chat_id": id, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x".repeat(65)}]]}}),
            "BUTTON_DATA_INVALID",
        ),
        ("sendMessage", json!({"chat_id": id, "txt": "x"}), "SendMessage takes no txt"),
        (
            "editMessageText",
            json!({"chat_id": id, "message_id": 9, "text": "x"}),
            "message to edit not found",
        ),
        (
            "editMessageText",
            json!({"chat_id": id, "message_id": said.message_id, "text": "x"}),
            "message can't be edited",
        ),
        ("deleteMessage", json!({"chat_id": id, "message_id": 9}), "message to delete not found"),
        (
            "sendChatAction",
            json!({"chat_id": id, "action": "thinking"}),
            "wrong parameter action in request",
        ),
        (
            "setMessageReaction",
            json!({"chat_id": id, "message_id": said.message_id, "reaction": [{"type": "emoji", "emoji": "🦀"}]}),
            "REACTION_INVALID",
        ),
        (
            "sendMessageDraft",
            json!({"chat_id": group.id(), "draft_id": 1, "text": "x"}),
            "drafts are shown in private chats only",
        ),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1"}),
            "query is too old and response timeout expired or query ID is invalid",
        ),
        (
            "sendPhoto",
            json!({"chat_id": id, "photo": "https://example.org/x.png"}),
            "wrong file identifier/HTTP URL specified",
        ),
        ("getFile", json!({"file_id": "made up"}), "invalid file_id"),
    ];
    let count = refusals.len();
    for (method, body, why) in refusals {
        let expected = (400, format!("Bad Request: {why}"));
        assert_eq!(bot.refused(method, body.clone()).await, expected, "{method} {body}");
    }
    assert_eq!(bot.telegram.calls().violations().len(), count);
    assert_eq!(bot.refused("sendTelepathy", json!({})).await, (404, "Not Found".into()));
    let stranger = format!("{API_HOST}/bot7:guess/getMe");
    let (status, refused) = answer(bot.outside.request("GET", &stranger)).await;
    assert_eq!((status, &refused["description"]), (401, &json!("Unauthorized")));
    assert_eq!(alice.received().len(), 1);
}

#[tokio::test]
async fn a_message_changes_and_goes() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let sent = bot.done("sendMessage", json!({"chat_id": alice.id(), "text": "draft"})).await;
    let edit =
        |text: &str| json!({"chat_id": alice.id(), "message_id": sent["message_id"], "text": text});
    bot.done("editMessageText", edit("final")).await;
    let (_, why) = bot.refused("editMessageText", edit(" final")).await;
    assert!(why.starts_with("Bad Request: message is not modified"), "{why}");
    let message = &alice.received()[0];
    let said: Vec<&str> = message.revisions.iter().map(|r| r.text.as_str()).collect();
    assert_eq!(said, ["draft", "final"]);
    bot.done("deleteMessage", json!({"chat_id": alice.id(), "message_id": sent["message_id"]}))
        .await;
    assert!(alice.received().is_empty());
    let (_, why) = bot.refused("editMessageText", edit("too late")).await;
    assert_eq!(why, "Bad Request: message to edit not found");
}

#[tokio::test]
async fn answers_and_topics_stand_where_they_belong() {
    let bot = Bot::new().await;
    let forum = bot.telegram.forum("board");
    let (ideas, other) = (forum.topic("ideas"), forum.topic("other"));
    let said = ideas.member("bob").says("what about tests?");
    let reply = json!({
        "chat_id": forum.id(), "text": "yes", "reply_parameters": {"message_id": said.message_id},
    });
    let sent = bot.done("sendMessage", reply).await;
    assert_eq!(sent["message_thread_id"], json!(ideas.thread().unwrap()));
    assert_eq!(sent["reply_to_message"]["text"], "what about tests?");
    assert_eq!((ideas.texts(), other.texts()), (vec!["yes".to_owned()], vec![]));
    ideas.deletes(said.message_id);
    let lenient = json!({"message_id": said.message_id, "allow_sending_without_reply": true});
    let body = json!({"chat_id": forum.id(), "text": "gone", "reply_parameters": lenient});
    assert!(bot.done("sendMessage", body).await["reply_to_message"].is_null());
    let general = json!({"chat_id": forum.id(), "text": "x", "message_thread_id": 1});
    assert_eq!(
        bot.refused("sendMessage", general).await.1,
        "Bad Request: message thread not found"
    );
    let typing = json!({"chat_id": forum.id(), "action": "typing", "message_thread_id": 1});
    bot.done("sendChatAction", typing).await;
    let topic = bot.done("createForumTopic", json!({"chat_id": forum.id(), "name": "new"})).await;
    let body = json!({"chat_id": forum.id(), "text": "x", "message_thread_id": topic["message_thread_id"]});
    bot.done("sendMessage", body).await;
    assert_eq!(forum.topic("new").texts(), ["x"]);
}

#[tokio::test]
async fn a_press_is_answered_once() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let keyboard = json!({"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]});
    let body = json!({"chat_id": alice.id(), "text": "sure?", "reply_markup": keyboard});
    let sent = bot.done("sendMessage", body).await;
    let press = alice.presses(sent["message_id"].as_i64().unwrap(), "Yes");
    let updates = bot.done("getUpdates", json!({})).await;
    assert_eq!(updates[0]["callback_query"]["data"], "y");
    let body = json!({"callback_query_id": press, "text": "noted"});
    bot.done("answerCallbackQuery", body.clone()).await;
    assert_eq!(alice.until_answered(&press).await, "noted");
    assert_eq!(bot.refused("answerCallbackQuery", body).await.0, 400);
}

#[tokio::test]
async fn files_have_limits_both_ways() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let said = alice.sends_document("notes.txt", b"noon");
    alice.sends_large_document("film.mkv", 21 * 1024 * 1024);
    let updates = bot.done("getUpdates", json!({})).await;
    assert_eq!(updates[0]["message"]["message_id"], said.message_id);
    let document = &updates[0]["message"]["document"];
    let file = bot.done("getFile", json!({"file_id": document["file_id"]})).await;
    let path = file["file_path"].as_str().unwrap();
    assert!(path.ends_with(".txt"), "{path}");
    let url = format!("{API_HOST}/file/bot{}/{path}", bot.telegram.token());
    let got = bot.outside.request("GET", &url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(&got[..], b"noon");
    let large = json!({"file_id": updates[1]["message"]["document"]["file_id"]});
    assert_eq!(bot.refused("getFile", large).await.1, "Bad Request: file is too big");
    let upload = |field: &str, size: usize| {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"{field}\"; filename=\"x\"\r\n\r\n",
            alice.id()
        );
        let body = [head.as_bytes(), &vec![0; size], b"\r\n--b--\r\n"].concat();
        let name = if field == "photo" { "sendPhoto" } else { "sendDocument" };
        let request = bot.outside.request("POST", &bot.url(name));
        answer(request.header("content-type", "multipart/form-data; boundary=b").body(body))
    };
    let (status, refused) = upload("document", 50 * 1024 * 1024 + 1).await;
    assert_eq!((status, &refused["description"]), (413, &json!("Request Entity Too Large")));
    assert_eq!(upload("photo", 10).await.1["description"], "Bad Request: IMAGE_PROCESS_FAILED");
}

#[tokio::test]
async fn commands_have_rules() {
    let bot = Bot::new().await;
    let set = |name: &str, n: usize| {
        let command = json!({"command": name, "description": "does it"});
        json!({"commands": vec![command; n]})
    };
    bot.done("setMyCommands", set("start", 1)).await;
    assert_eq!(bot.telegram.commands()[0].name, "start");
    for (body, why) in [
        (set("start", 101), "BOT_COMMANDS_TOO_MUCH"),
        (set("Start", 1), "BOT_COMMAND_INVALID"),
        (set("with-dash", 1), "BOT_COMMAND_INVALID"),
        (
            json!({"commands": [{"command": "x", "description": ""}]}),
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
    ] {
        assert_eq!(bot.refused("setMyCommands", body).await, (400, format!("Bad Request: {why}")));
    }
    bot.done("deleteMyCommands", json!({})).await;
    assert!(bot.telegram.commands().is_empty());
}

#[tokio::test]
async fn a_chat_that_must_be_left_alone_is_no_other_chat_s_business() {
    let bot = Bot::new().await;
    let (alice, bob) = (bot.telegram.user("alice"), bot.telegram.user("bob"));
    bot.telegram.floods(&alice, Duration::from_millis(900));
    let text = |id: i64| json!({"chat_id": id, "text": "x"});
    let (status, refused) = bot.call("sendMessage", text(alice.id())).await;
    assert_eq!((status, &refused["parameters"]["retry_after"]), (429, &json!(1)));
    bot.done("sendMessage", text(bob.id())).await;
    bot.telegram.calls().assert_no_violations();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let typing = json!({"chat_id": alice.id(), "action": "typing"});
    assert_eq!(bot.refused("sendChatAction", typing).await.0, 429);
    assert_eq!(bot.telegram.calls().violations().len(), 1, "typing must wait, too");
    tokio::time::sleep(Duration::from_millis(700)).await;
    bot.done("sendMessage", text(alice.id())).await;
}

#[tokio::test]
async fn traffic_beyond_the_published_limits_is_noticed() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let text = |id: i64| json!({"chat_id": id, "text": "x"});
    for _ in 0..5 {
        bot.done("sendMessage", text(alice.id())).await;
    }
    bot.telegram.assert_within_limits();
    bot.done("sendChatAction", json!({"chat_id": alice.id(), "action": "typing"})).await;
    assert_eq!(bot.telegram.breaches().len(), 1, "{:?}", bot.telegram.breaches());
    for n in 0..25 {
        let chat = bot.telegram.user(&format!("user{n}"));
        bot.done("sendMessage", text(chat.id())).await;
    }
    let breaches = bot.telegram.breaches();
    assert!(breaches.iter().any(|b| b.contains("30 calls in a second")), "{breaches:?}");
}

#[tokio::test]
async fn faults_happen_in_order_and_then_stop() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let calls = bot.telegram.calls();
    for fault in [too_many(3), Fault::Malformed, Fault::Drop, Fault::DropAfter] {
        calls.fault(Method::SendMessage, fault);
    }
    let send = || {
        let text = json!({"chat_id": alice.id(), "text": "x"});
        bot.outside.request("POST", &bot.url("sendMessage")).json(&text).send()
    };
    assert_eq!(send().await.unwrap().status().as_u16(), 429);
    assert!(send().await.unwrap().json::<Value>().await.is_err());
    assert!(send().await.is_err());
    assert!(alice.received().is_empty());
    assert!(send().await.is_err());
    assert_eq!(alice.received().len(), 1, "arrived without an answer");
    assert_eq!(send().await.unwrap().status(), 200);
    calls.assert_no_violations();
}
