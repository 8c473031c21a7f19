//! Callback tokens.

use std::sync::Arc;
use std::time::Duration;

use ocg_core::reply::TurnOutcome;
use ocg_core::store::{
    CallbackReply, ConsumeError, NewToken, Store, StoreError, TokenHash, TokenRefusal, TurnState,
};

use crate::kit::{Kit, with_token};

fn reply(text: &str, more: bool) -> CallbackReply {
    CallbackReply { text: text.into(), more, ..CallbackReply::default() }
}

async fn refusal(store: &impl Store, token: &str) -> TokenRefusal {
    match store.consume(TokenHash::of(token), reply("late", false)).await {
        Err(ConsumeError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_reply_is_accepted_once_and_survives_a_restart() {
    let kit = Kit::new();
    let store = kit.open();
    let turn = with_token(&store, &kit, "t").await;
    let hash = TokenHash::of("t");
    assert_eq!(refusal(&store, "other").await, TokenRefusal::Unknown);
    assert_eq!(store.consume(hash, reply("one", true)).await.unwrap().number, 1);
    assert_eq!(store.consume(hash, reply("two", false)).await.unwrap().number, 2);
    assert_eq!(refusal(&store, "t").await, TokenRefusal::AlreadyUsed);
    drop(store);

    let store = kit.open();
    let found = store.unfinished().await.unwrap();
    assert_eq!((found[0].id, found[0].state), (turn, TurnState::Forwarded { until: None }));
    assert_eq!(found[0].replies, [(1, reply("one", true)), (2, reply("two", false))]);
    assert_eq!(refusal(&store, "t").await, TokenRefusal::AlreadyUsed);
}

#[tokio::test]
async fn a_token_ends_with_its_time_and_with_its_turn() {
    let kit = Kit::new();
    let store = kit.open();
    with_token(&store, &kit, "expires").await;
    let over = with_token(&store, &kit, "over").await;
    store.settle(over, TurnOutcome::Failed).await.unwrap();
    assert_eq!(refusal(&store, "over").await, TokenRefusal::AlreadyUsed);
    kit.pass(60);
    assert_eq!(refusal(&store, "expires").await, TokenRefusal::Expired);
    // With the clock set back it is good again: late is better than lost.
    kit.pass(-1);
    store.consume(TokenHash::of("expires"), reply("in time", false)).await.unwrap();
}

#[tokio::test]
async fn the_token_of_an_open_turn_is_kept_however_old() {
    let kit = Kit::new();
    let store = kit.open();
    with_token(&store, &kit, "open").await;
    let over = with_token(&store, &kit, "over").await;
    store.settle(over, TurnOutcome::Failed).await.unwrap();
    kit.pass(3 * 24 * 60 * 60);
    store.purge().await.unwrap();
    assert_eq!(refusal(&store, "open").await, TokenRefusal::Expired);
    assert_eq!(refusal(&store, "over").await, TokenRefusal::Unknown);
}

#[tokio::test]
async fn a_turn_that_runs_again_takes_one_reply() {
    let kit = Kit::new();
    let store = kit.open();
    let turn = with_token(&store, &kit, "first").await;
    let expires = kit.now() + Duration::from_secs(60);
    let second = NewToken { hash: TokenHash::of("second"), turn, expires };
    store.issue(second.clone()).await.unwrap();
    assert_eq!(refusal(&store, "first").await, TokenRefusal::Unknown);
    store.consume(second.hash, reply("the beginning of it", true)).await.unwrap();
    let third = NewToken { hash: TokenHash::of("third"), ..second };
    assert_eq!(store.issue(third).await, Err(StoreError::TurnOver));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_racing_callbacks_one_is_accepted() {
    let kit = Kit::new();
    let store = Arc::new(kit.open());
    with_token(&store, &kit, "t").await;
    let racers: Vec<_> = (0..1_000)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                store.consume(TokenHash::of("t"), reply(&n.to_string(), false)).await.is_ok()
            })
        })
        .collect();
    let mut accepted = 0;
    for racer in racers {
        accepted += usize::from(racer.await.unwrap());
    }
    assert_eq!(accepted, 1);
    assert_eq!(store.unfinished().await.unwrap()[0].replies.len(), 1);
}

#[tokio::test]
async fn the_file_does_not_hold_the_token() {
    let kit = Kit::new();
    let token = "5ecre7".repeat(10);
    let store = kit.open();
    with_token(&store, &kit, &token).await;
    drop(store);
    for entry in std::fs::read_dir(kit.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()));
    }
}
