//! Stopping: what is in progress finishes, and what does not is told.

use std::time::Duration;

use ocg_core::gateway::Admission;
use ocg_core::reply::TurnOutcome;
use tokio::time::Instant;

use crate::kit::{Setup, Step, lines, said, slow_echo};

#[tokio::test(start_paused = true)]
async fn turns_in_progress_finish() {
    let mut gateway = Setup::default().start(slow_echo);
    gateway.submit(said("a", "20")).await;
    gateway.submit(said("a", "1")).await;
    let (record, began) = (gateway.record.clone(), Instant::now());
    let report = gateway.ended().await;
    assert_eq!(began.elapsed().as_secs(), 21);
    assert_eq!((report.turns.answered, report.unfinished.len()), (2, 0));
    assert_eq!(record.of("a").last(), Some(&Step::Settled(TurnOutcome::Answered)));
}

#[tokio::test(start_paused = true)]
async fn turns_that_take_too_long_are_cancelled_and_told() {
    let mut gateway = Setup::default().start(slow_echo);
    gateway.submit(said("a", "1000")).await;
    gateway.submit(said("a", "0")).await;
    gateway.submit(said("b", "5")).await;
    let (record, began) = (gateway.record.clone(), Instant::now());
    let report = gateway.ended().await;
    assert_eq!(began.elapsed().as_secs(), 30);
    assert_eq!(report.turns.answered, 1);
    let unfinished: Vec<_> = report.unfinished.iter().map(|turn| turn.message_id.clone()).collect();
    assert_eq!(unfinished, [Some("1000".into()), Some("0".into())]);
    insta::assert_snapshot!(lines(&record.timed("a")), @"
    30 s error: ⚠️ The gateway is restarting and could not answer. Please send your message again.
    30 s settled: Cancelled
    30 s settled: Cancelled
    ");
}

#[tokio::test(start_paused = true)]
async fn turns_that_do_not_even_end_when_cancelled_are_cut_off_and_reported() {
    let mut gateway = Setup::default().start(slow_echo);
    let texts = ["0", "1", "2", "3", "4"];
    for text in texts {
        gateway.submit(said("a", text).hanging()).await;
    }
    let (record, began) = (gateway.record.clone(), Instant::now());
    let report = gateway.ended().await;
    // The grace, and what cancelled turns may take.
    assert_eq!(began.elapsed().as_secs(), 30 + 20);
    let mut unfinished: Vec<_> =
        report.unfinished.into_iter().filter_map(|turn| turn.message_id).collect();
    unfinished.sort();
    assert_eq!(unfinished, texts);
    assert_eq!(record.of("a"), []);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_accepted_after_the_signal() {
    let mut gateway = Setup::default().start(slow_echo);
    gateway.submit(said("a", "5")).await;
    gateway.shut_down();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(gateway.submit(said("b", "0")).await, Admission::Stopping);
    assert_eq!(gateway.record.of("b"), [Step::Settled(TurnOutcome::Cancelled)]);
    assert_eq!(gateway.ended().await.turns.answered, 1);
}
