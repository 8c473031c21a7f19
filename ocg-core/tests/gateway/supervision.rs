//! The life of accounts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocg_core::channel::{Account, ChannelError};
use ocg_core::error::Fault;
use ocg_core::gateway::{AccountState, StatusPatch};
use tokio::time::Instant;

use crate::kit::{RunScript, Running, Setup, said, slow_echo};

fn failure(retryable: bool) -> ChannelError {
    ChannelError { reason: "line is dead".into(), fault: Fault::Platform, retryable }
}

/// Waits until the account is in a state; time is paused, so this costs none.
async fn reached(gateway: &Running, state: AccountState) {
    loop {
        let status = gateway.handle.status();
        if status.channels[0].accounts.first().is_some_and(|account| account.state == state) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn failures_are_answered_with_growing_pauses_and_then_with_giving_up() {
    let starts: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let seen = Arc::clone(&starts);
    let script: RunScript = Arc::new(move |run, _| {
        seen.lock().unwrap().push(Instant::now());
        Box::pin(async move {
            assert_ne!(run, 2, "the second run panics");
            Err(failure(true))
        })
    });
    let gateway = Setup { script: Some(script), ..Setup::default() }.start(slow_echo);
    reached(&gateway, AccountState::Stopped).await;
    let starts = starts.lock().unwrap().clone();
    let pauses: Vec<_> = starts.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect();
    let expected = [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0, 300.0];
    assert_eq!(pauses.len(), expected.len());
    for (pause, expected) in pauses.iter().zip(expected) {
        assert!((pause / expected - 1.0).abs() < 0.101, "{pause} instead of {expected}");
    }
    let account = &gateway.handle.status().channels[0].accounts[0];
    assert_eq!(account.restarts, 10);
    insta::assert_snapshot!(account.last_error.as_deref().unwrap(), @"line is dead (platform side)");
}

#[tokio::test(start_paused = true)]
async fn a_long_run_starts_the_count_again() {
    let starts: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let seen = Arc::clone(&starts);
    let script: RunScript = Arc::new(move |run, _| {
        seen.lock().unwrap().push(Instant::now());
        Box::pin(async move {
            match run {
                1 | 2 => Err(failure(true)),
                // An end without an error is a failure too.
                3 => {
                    tokio::time::sleep(Duration::from_secs(300)).await;
                    Ok(())
                }
                _ => std::future::pending().await,
            }
        })
    });
    let gateway = Setup { script: Some(script), ..Setup::default() }.start(slow_echo);
    while starts.lock().unwrap().len() < 4 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let starts = starts.lock().unwrap().clone();
    let pause = (starts[3] - starts[2]).as_secs_f64() - 300.0;
    assert!((4.4..=5.6).contains(&pause), "{pause}");
    gateway.ended().await;
}

#[tokio::test(start_paused = true)]
async fn an_account_that_needs_a_person_is_not_started_again() {
    for terminal_status in [true, false] {
        let script: RunScript = Arc::new(move |run, link| {
            assert_eq!(run, 1);
            let patch = StatusPatch { terminal: Some(terminal_status), ..StatusPatch::default() };
            link.status(patch);
            Box::pin(async move { Err(failure(terminal_status)) })
        });
        let gateway = Setup { script: Some(script), ..Setup::default() }.start(slow_echo);
        reached(&gateway, AccountState::Stopped).await;
        assert_eq!(gateway.handle.status().channels[0].accounts[0].restarts, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn four_accounts_start_at_a_time() {
    let accounts = (0..6).map(|n| Account::new(n.to_string()));
    let starts: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let seen = Arc::clone(&starts);
    let script: RunScript = Arc::new(move |_, link| {
        seen.lock().unwrap().push(Instant::now());
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(2)).await;
            link.status(StatusPatch { connected: Some(true), ..StatusPatch::default() });
            std::future::pending().await
        })
    });
    let began = Instant::now();
    let setup = Setup { script: Some(script), accounts: accounts.collect(), ..Setup::default() };
    let gateway = setup.start(slow_echo);
    while starts.lock().unwrap().len() < 6 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let starts: Vec<_> = starts.lock().unwrap().iter().map(|at| (*at - began).as_secs()).collect();
    assert_eq!(starts, [0, 0, 0, 0, 2, 2]);
    gateway.ended().await;
}

#[tokio::test(start_paused = true)]
async fn a_blocked_account_is_listed_with_its_reason() {
    let account = |id: &str, blocked: Option<&str>| Account {
        enabled: blocked.is_none(),
        blocked: blocked.map(str::to_owned),
        ..Account::new(id)
    };
    let accounts = vec![account("main", None), account("off", Some("disabled in ocg.json"))];
    let mut gateway = Setup { accounts, ..Setup::default() }.start(slow_echo);
    gateway.link().await;
    let status = gateway.handle.status();
    let off = &status.channels[0].accounts[1];
    assert_eq!(
        (off.state, off.last_error.as_deref()),
        (AccountState::Stopped, Some("disabled in ocg.json"))
    );
    let error = gateway.handle.start("test", Some("off")).await.unwrap_err();
    insta::assert_snapshot!(error, @"test/off cannot be started: disabled in ocg.json");
    let error = gateway.handle.start("test", Some("none")).await.unwrap_err();
    insta::assert_snapshot!(error, @"channel test has no account 'none'; see `ocg channels status`");
    let error = gateway.handle.stop("none", None).await.unwrap_err();
    insta::assert_snapshot!(error, @"no channel 'none' is loaded; see `ocg channels list`");
}

#[tokio::test(start_paused = true)]
async fn accounts_are_stopped_and_started_while_turns_go_on() {
    let mut gateway = Setup::default().start(slow_echo);
    gateway.submit(said("a", "10")).await;
    gateway.handle.stop("test", Some("main")).await.unwrap();
    let account = gateway.handle.status().channels[0].accounts[0].clone();
    assert_eq!((account.state, account.turns), (AccountState::Stopped, 1));
    gateway.handle.restart("test", None).await.unwrap();
    reached(&gateway, AccountState::Running).await;
    gateway.record.settled("a", 1).await;
    assert_eq!(gateway.ended().await.turns.answered, 1);
}
