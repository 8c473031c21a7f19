//! Turns and the parts of their replies.

use ocg_core::dispatch::HistoryTurn;
use ocg_core::reply::{ReplyKind, ReplyPayload, TurnOutcome};
use ocg_core::store::{Admitted, Fingerprint, PartKey, PartState, Store, TurnState};

use crate::kit::{Kit, admitted, known_by, message};

#[tokio::test]
async fn an_unfinished_turn_is_found_again_with_all_that_was_sent() {
    let kit = Kit::new();
    let store = kit.open();
    let first = admitted(&store, message("first")).await;
    let second = admitted(&store, message("second")).await;
    let third = admitted(&store, message("third")).await;
    store.settle(second, TurnOutcome::Answered).await.unwrap();
    let part = |part| PartKey { turn: first, reply: 0, part };
    for n in 0..2 {
        let payload = ReplyPayload::text(format!("part {n}"));
        store.attempt(part(n), ReplyKind::Block, payload).await.unwrap();
    }
    store.attempted(part(0), PartState::Sent).await.unwrap();
    drop(store);

    let found = kit.open().unfinished().await.unwrap();
    let texts: Vec<_> = found.iter().map(|turn| (turn.id, turn.message.text.as_str())).collect();
    assert_eq!(texts, [(first, "first"), (third, "third")]);
    assert!(found.iter().all(|turn| turn.state == TurnState::Admitted));
    let parts = &found[0].parts;
    let states: Vec<_> =
        parts.iter().map(|part| (part.state, part.payload.text.as_str())).collect();
    assert_eq!(states, [(PartState::Sent, "part 0"), (PartState::Attempted, "part 1")]);
}

#[tokio::test]
async fn attempts_of_one_part_are_counted() {
    let kit = Kit::new();
    let store = kit.open();
    let turn = admitted(&store, message("hello")).await;
    let key = PartKey { turn, reply: 0, part: 0 };
    for attempts in 1..=3 {
        store.attempt(key, ReplyKind::Final, ReplyPayload::text("a")).await.unwrap();
        assert_eq!(store.unfinished().await.unwrap()[0].parts[0].attempts, attempts);
    }
    store.attempt(key, ReplyKind::Final, ReplyPayload::text("another")).await.unwrap();
    assert_eq!(store.unfinished().await.unwrap()[0].parts[0].attempts, 1);
}

#[tokio::test]
async fn a_message_is_taken_once_a_day_also_over_a_restart() {
    let kit = Kit::new();
    let store = kit.open();
    let turn = admitted(&store, known_by("hello", 1)).await;
    assert_eq!(store.admit(known_by("hello", 1)).await.unwrap(), Admitted::Known);
    store.settle(turn, TurnOutcome::Answered).await.unwrap();
    drop(store);
    let store = kit.open();
    assert_eq!(store.remembered(10).await.unwrap(), [Fingerprint([1; 16])]);
    assert_eq!(store.admit(known_by("hello", 1)).await.unwrap(), Admitted::Known);
    kit.pass(24 * 60 * 60);
    assert!(store.remembered(10).await.unwrap().is_empty());
    admitted(&store, known_by("hello", 1)).await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_changes_no_order_and_loses_nothing() {
    let kit = Kit::new();
    let store = kit.open();
    let first = admitted(&store, known_by("first", 1)).await;
    kit.pass(-100_000);
    let second = admitted(&store, known_by("second", 2)).await;
    assert_eq!(store.admit(known_by("first", 1)).await.unwrap(), Admitted::Known);
    store.purge().await.unwrap();
    let found = store.unfinished().await.unwrap();
    assert_eq!(found.iter().map(|turn| turn.id).collect::<Vec<_>>(), [first, second]);
}

#[tokio::test]
async fn what_is_over_is_purged_and_the_file_does_not_grow() {
    let kit = Kit::new();
    let store = kit.open();
    let open = admitted(&store, message("still open")).await;
    let mut size = 0;
    for day in 0..4 {
        for n in 0..200 {
            let turn = admitted(&store, message(&"x".repeat(2_000))).await;
            let part = PartKey { turn, reply: 0, part: 0 };
            let payload = ReplyPayload::text(format!("{n}"));
            store.attempt(part, ReplyKind::Final, payload).await.unwrap();
            store.settle(turn, TurnOutcome::Answered).await.unwrap();
        }
        kit.pass(24 * 60 * 60);
        assert_eq!(store.purge().await.unwrap(), 200);
        let pages = std::fs::metadata(kit.file()).unwrap().len();
        if day == 0 {
            size = pages;
        }
        assert!(pages <= size.max(64 * 1024) * 2, "{pages} bytes after day {day}");
    }
    assert_eq!(store.unfinished().await.unwrap()[0].id, open);
}

#[tokio::test]
async fn a_session_keeps_its_last_turns() {
    let kit = Kit::new();
    let turn = |n: usize| HistoryTurn { user: format!("q{n}"), assistant: format!("a{n}") };
    {
        let store = kit.open();
        for n in 0..5 {
            store.record("s", turn(n), 3).await.unwrap();
        }
    }
    let store = kit.open();
    assert_eq!(store.history("s", 3).await.unwrap(), [turn(2), turn(3), turn(4)]);
    assert_eq!(store.history("s", 9).await.unwrap().len(), 3);
    assert_eq!(store.history("s", 1).await.unwrap(), [turn(4)]);
    assert!(store.history("other", 3).await.unwrap().is_empty());
}
