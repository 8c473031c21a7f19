//! Idempotency keys of send requests.

use ocg_core::store::{KnownSend, SendAnswer, SendKey, Store};

use crate::kit::Kit;

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn a_request_on_record_is_known_over_a_restart_and_for_a_day() {
    let kit = Kit::new();
    let (send, other) = (SendKey::of("k", b"body"), SendKey::of("k", b"other"));
    let store = kit.open();
    assert_eq!(store.begin_send(send).await.unwrap(), KnownSend::New);
    assert_eq!(store.begin_send(send).await.unwrap(), KnownSend::Begun);
    assert_eq!(store.begin_send(other).await.unwrap(), KnownSend::OtherBody);
    let answer = SendAnswer { status: 200, body: "{}".into() };
    store.end_send(send, Some(answer.clone())).await.unwrap();
    drop(store);

    let store = kit.open();
    kit.pass(DAY - 1);
    assert_eq!(store.begin_send(send).await.unwrap(), KnownSend::Answered(answer));
    assert_eq!(store.begin_send(other).await.unwrap(), KnownSend::OtherBody);
    kit.pass(1);
    assert_eq!(store.begin_send(other).await.unwrap(), KnownSend::New);
}

#[tokio::test]
async fn what_sent_nothing_is_forgotten_and_what_is_old_is_removed() {
    let kit = Kit::new();
    let store = kit.open();
    let (failed, old) = (SendKey::of("failed", b""), SendKey::of("old", b""));
    store.begin_send(failed).await.unwrap();
    store.end_send(failed, None).await.unwrap();
    assert_eq!(store.begin_send(failed).await.unwrap(), KnownSend::New);
    store.begin_send(old).await.unwrap();
    assert_eq!(store.purge().await.unwrap(), 0);
    kit.pass(DAY);
    assert_eq!(store.purge().await.unwrap(), 2);
}
