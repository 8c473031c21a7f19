//! Turn order: strict within a chat, free between chats, bounded everywhere.

use ocg_core::gateway::{Admission, GatewaySettings};
use ocg_core::reply::TurnOutcome;

use crate::kit::{Setup, Step, lines, said, slow_echo};

fn answered(second: u64, text: &str) -> [(u64, Step); 2] {
    [(second, Step::Final(text.into())), (second, Step::Settled(TurnOutcome::Answered))]
}

#[tokio::test(start_paused = true)]
async fn a_chat_is_answered_in_order_and_delays_no_other() {
    let mut gateway = Setup::default().start(slow_echo);
    for (chat, text) in [("a", "a 30"), ("a", "a 1"), ("b", "b 1"), ("a", "a 2"), ("b", "b 0")] {
        assert_eq!(gateway.submit(said(chat, text)).await, Admission::Accepted);
    }
    gateway.record.settled("a", 3).await;
    let record = &gateway.record;
    assert_eq!(
        record.timed("a"),
        [answered(30, "a 30"), answered(31, "a 1"), answered(33, "a 2")].concat()
    );
    assert_eq!(record.timed("b"), [answered(1, "b 1"), answered(1, "b 0")].concat());
    assert_eq!(record.typing("b"), [true, false, true, false]);
}

#[tokio::test(start_paused = true)]
async fn turns_of_all_chats_together_are_bounded() {
    let settings = GatewaySettings { max_concurrent_turns: 2, ..GatewaySettings::default() };
    let mut gateway = Setup { settings, ..Setup::default() }.start(slow_echo);
    for chat in ["a", "b", "c"] {
        gateway.submit(said(chat, "wait 10")).await;
    }
    gateway.record.settled("c", 1).await;
    assert_eq!(gateway.record.timed("b"), answered(10, "wait 10"));
    assert_eq!(gateway.record.timed("c"), answered(20, "wait 10"));
}

#[tokio::test(start_paused = true)]
async fn a_chat_that_overflows_is_told_once() {
    let settings = GatewaySettings { session_queue: 2, ..GatewaySettings::default() };
    let mut gateway = Setup { settings, ..Setup::default() }.start(slow_echo);
    gateway.submit(said("a", "first 10")).await;
    // Lets the worker take the first message out of the queue.
    tokio::task::yield_now().await;
    let mut admissions = Vec::new();
    for text in ["2", "3", "4", "5"] {
        admissions.push(gateway.submit(said("a", text)).await);
    }
    use Admission::{Accepted, Busy};
    assert_eq!(admissions, [Accepted, Accepted, Busy, Busy]);
    gateway.record.settled("a", 5).await;
    let mut told = gateway.record.timed("a");
    told.retain(|(_, step)| matches!(step, Step::Error(_)));
    insta::assert_snapshot!(lines(&told), @"0 s error: ⚠️ Too many messages are waiting in this chat. Please wait for an answer, then send it again.");
    assert_eq!(gateway.ended().await.turns.answered, 3);
}

#[tokio::test(start_paused = true)]
async fn a_full_gateway_makes_channels_wait() {
    let settings =
        GatewaySettings { total_queue: 1, max_concurrent_turns: 1, ..GatewaySettings::default() };
    let mut gateway = Setup { settings, ..Setup::default() }.start(slow_echo);
    gateway.submit(said("a", "10")).await;
    tokio::task::yield_now().await;
    let began = tokio::time::Instant::now();
    gateway.submit(said("b", "0")).await;
    assert_eq!(began.elapsed().as_secs(), 0);
    assert_eq!(gateway.submit(said("c", "0")).await, Admission::Accepted);
    assert_eq!(began.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn idle_chats_leave_nothing_behind() {
    let mut gateway = Setup::default().start(slow_echo);
    for n in 0..500 {
        gateway.submit(said(&format!("chat {n}"), "0")).await;
    }
    for n in 0..500 {
        gateway.record.settled(&format!("chat {n}"), 1).await;
    }
    tokio::task::yield_now().await;
    let status = gateway.handle.status();
    assert_eq!((status.running_turns, status.waiting_turns), (0, 0));
    assert_eq!(status.channels[0].accounts[0].turns, 0);
    assert_eq!(status.ended.answered, 500);
}

/// Channels may have threads and runtimes of their own, and these may end at any time.
#[tokio::test]
async fn a_turn_outlives_the_runtime_that_handed_its_message_over() {
    let mut gateway = Setup::default().start(slow_echo);
    let hand_over = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let admission = runtime.block_on(gateway.submit(said("a", "hi")));
        (gateway, admission)
    });
    let (gateway, admission) = hand_over.await.unwrap();
    assert_eq!(admission, Admission::Accepted);
    let settled = gateway.record.settled("a", 1);
    tokio::time::timeout(std::time::Duration::from_secs(10), settled).await.expect("no answer");
    let answered = [Step::Final("hi".into()), Step::Settled(TurnOutcome::Answered)];
    assert_eq!(gateway.record.of("a"), answered);
}
