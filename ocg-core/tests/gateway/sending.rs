//! Messages outside any turn.

use std::error::Error;

use ocg_core::channel::OutboundMessage;
use ocg_core::gateway::ControlError;
use ocg_core::reply::ReplyPayload;

use crate::kit::{Setup, slow_echo};

fn hello(to: &str) -> OutboundMessage {
    OutboundMessage {
        account: "main".into(),
        to: to.into(),
        thread: Some("topic".into()),
        reply_to: Some("7".into()),
        payload: ReplyPayload::text("hello"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_channel_is_given_the_message_as_it_is() {
    let gateway = Setup::default().start(slow_echo);
    let receipt = gateway.handle.send("test", hello("ann")).await.unwrap();
    assert_eq!(receipt.message_id.as_deref(), Some("m1"));
    assert_eq!(*gateway.sent.lock().unwrap(), [hello("ann")]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_says_why() {
    let gateway = Setup::default().start(slow_echo);
    let unknown = gateway.handle.send("pigeon", hello("ann")).await.unwrap_err();
    insta::assert_snapshot!(unknown, @"no channel 'pigeon' is loaded; see `ocg channels list`");
    let refused = gateway.handle.send("test", hello("nobody")).await.unwrap_err();
    insta::assert_snapshot!(format!("{refused}: {}", refused.source().unwrap()), @"message not sent: cannot deliver to nobody: no such chat");

    let (handle, sent) = (gateway.handle.clone(), gateway.sent.clone());
    gateway.ended().await;
    let late = handle.send("test", hello("ann")).await;
    assert!(matches!(late, Err(ControlError::Stopping)), "{late:?}");
    assert_eq!(*sent.lock().unwrap(), []);
}
