//! Callbacks on their way to the bot.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::chat::Said;
use super::endpoint::OLD_API;
use super::media::Media;
use super::state::State;
use super::stream::Callback;

/// A message to the bot in `chat` from `sender`, with the fields that depend on what is said.
pub(super) fn post(state: &mut State, chat: &str, sender: &str, content: &Value) -> Said {
    let number = state.id();
    let session = format!("session-{number}");
    let until = Instant::now() + state.settings.webhook_life;
    state.webhooks.insert(session.clone(), (chat.to_owned(), until));
    let group = chat.starts_with("cid");
    let now = 1_767_225_600_000_u64 + number;
    let mut data = json!({
        "msgId": format!("msg-{number}"),
        "conversationId": if group { chat.to_owned() } else { format!("cid-of-{chat}") },
        "conversationType": if group { "2" } else { "1" },
        "chatbotUserId": "$:LWCP_v1:$bot",
        "chatbotCorpId": "corp-1",
        "senderId": format!("$:LWCP_v1:${sender}"),
        "senderStaffId": sender,
        "senderNick": sender,
        "senderCorpId": "corp-1",
        "isAdmin": false,
        "robotCode": state.settings.client_id,
        "sessionWebhook": format!("https://{OLD_API}/robot/sendBySession?session={session}"),
        "sessionWebhookExpiredTime": now + 5_400_000,
        "createAt": now,
    });
    if group {
        data["conversationTitle"] = "a group".into();
        data["isInAtList"] = true.into();
        data["atUsers"] = json!([{"dingtalkId": "$:LWCP_v1:$bot"}]);
    }
    for (name, value) in content.as_object().unwrap() {
        data[name] = value.clone();
    }
    let message_id = format!("delivery-{number}");
    state.callbacks.push(callback(message_id.clone(), data));
    Said { message_id }
}

fn callback(message_id: String, data: Value) -> Callback {
    Callback { message_id, data, sent: None, deliveries: 0, acknowledged: false, overlook: 0 }
}

/// Sends a message once more, in a delivery of its own.
pub(super) fn post_again(state: &mut State, said: &Said) {
    let first = state.callbacks.iter().find(|callback| callback.message_id == said.message_id);
    let data = first.unwrap().data.clone();
    let message_id = format!("delivery-{}", state.id());
    state.callbacks.push(callback(message_id, data));
}

/// A file that a user sent; the returned code fetches it.
pub(super) fn file(state: &mut State, content_type: &str, bytes: &[u8]) -> String {
    let code = format!("code-{}", state.id());
    let media = Media { content_type: content_type.to_owned(), bytes: bytes.to_vec() };
    state.files.insert(code.clone(), media);
    code
}
