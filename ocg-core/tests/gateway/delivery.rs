//! What a chat gets of an answer, and of an answer that fails.

use std::time::Duration;

use ocg_core::channel::ChannelTraits;
use ocg_core::config::StateDir;
use ocg_core::dispatch::{AgentError, AgentErrorKind, Dispatched, ReplyEvent};
use ocg_core::gateway::GatewaySettings;
use ocg_core::reply::TurnOutcome;

use crate::kit::{Answer, Setup, Step, lines, said, says, turn};

const FIRST: &str = "The first paragraph is long enough.";
const SECOND: &str = "The second one follows.";

fn small_blocks() -> Setup {
    let traits = ChannelTraits { block_min_chars: 20, ..ChannelTraits::default() };
    Setup { traits, ..Setup::default() }
}

#[tokio::test(start_paused = true)]
async fn paragraphs_are_sent_while_the_agent_still_writes() {
    let agent = says(&[(0, FIRST), (1, "\n\nThe second"), (5, " one"), (1, " follows.")]);
    let steps = turn(small_blocks(), said("a", "hi"), agent).await;
    insta::assert_snapshot!(lines(&steps), @"
    1 s block: The first paragraph is long enough.
    4 s block: The second
    7 s final: one follows.
    7 s settled: Answered
    ");
}

#[tokio::test(start_paused = true)]
async fn without_blocks_nothing_is_sent_before_the_end() {
    let agent = says(&[(0, FIRST), (1, "\n\n"), (9, SECOND)]);
    let steps = turn(small_blocks(), said("a", "hi").style(false, false), agent).await;
    let whole = format!("{FIRST}\n\n{SECOND}");
    assert_eq!(steps, [(10, Step::Final(whole)), (10, Step::Settled(TurnOutcome::Answered))]);
}

#[tokio::test(start_paused = true)]
async fn a_live_draft_grows() {
    let agent = says(&[(0, "One"), (0, " two"), (1, " three"), (1, " four")]);
    let settings =
        GatewaySettings { draft_interval: Duration::from_secs(1), ..GatewaySettings::default() };
    let setup = Setup { settings, ..Setup::default() };
    let steps = turn(setup, said("a", "hi").style(false, true), agent).await;
    insta::assert_snapshot!(lines(&steps), @"
    0 s draft: One
    1 s draft: One two
    2 s draft: One two three
    2 s final: One two three four
    2 s settled: Answered
    ");
}

/// It takes the place of the draft, which several would do one after the other.
#[tokio::test(start_paused = true)]
async fn the_answer_after_a_live_draft_comes_whole() {
    let text = "One line of many.\n".repeat(400);
    let agent = says(&[(0, &text)]);
    let steps = turn(Setup::default(), said("a", "hi").style(false, true), agent).await;
    let finals: Vec<_> = steps.iter().filter(|(_, step)| matches!(step, Step::Final(_))).collect();
    assert_eq!(finals, [&(0, Step::Final(text.trim_end().to_owned()))]);
}

#[tokio::test(start_paused = true)]
async fn files_are_sent_in_their_place() {
    let text = "Look:\n![a cat](https://a.example/cat.png)\nNice?\nMEDIA:cat.png\n";
    let steps = turn(Setup::default(), said("a", "hi"), says(&[(0, text)])).await;
    insta::assert_snapshot!(lines(&steps), @"
    0 s block: Look:
    0 s media: https://a.example/cat.png
    0 s final: Nice?
    MEDIA:cat.png
    0 s settled: Answered
    ");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_may_not_be_sent_is_not_even_named() {
    for path in ["/etc/passwd", "file:///etc/passwd", "/absent.png"] {
        let text = format!("Look:\nMEDIA:{path}\nNice?\n");
        let steps = turn(Setup::default(), said("a", "hi"), says(&[(0, &text)])).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(lines(&steps), @"
            0 s final: Look:
            Nice?
            0 s error: ⚠️ Part of the answer could not be delivered.
            0 s settled: Failed
            ");
        }
    }
}

#[tokio::test]
async fn a_file_of_an_opened_folder_is_copied_for_the_channel() {
    let folder = tempfile::tempdir().unwrap();
    let (root, outbox) = (folder.path().join("state"), folder.path().join("outbox"));
    std::fs::create_dir(&outbox).unwrap();
    std::fs::write(outbox.join("report.pdf"), "%PDF").unwrap();
    let state = StateDir::new(&root, None);
    let outbound = state.outbound_media();
    let settings = GatewaySettings {
        state: Some(state),
        media_roots: vec![outbox.clone()],
        ..GatewaySettings::default()
    };
    let setup = Setup { settings, ..Setup::default() };
    let text = format!("MEDIA:{}", outbox.join("report.pdf").display());
    let steps = turn(setup, said("a", "hi"), says(&[(0, &text)])).await;
    let [(_, Step::Media(sent)), (_, Step::Settled(TurnOutcome::Answered))] = &steps[..] else {
        panic!("{steps:?}");
    };
    let sent = std::path::Path::new(sent);
    assert_eq!(sent.file_name().unwrap(), "report.pdf");
    assert!(sent.starts_with(&outbound) && !sent.exists(), "{}", sent.display());
    assert_eq!(std::fs::read_dir(outbound).unwrap().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn silence_is_kept_and_an_empty_answer_is_told() {
    let silent = turn(Setup::default(), said("a", "hi"), says(&[(0, "NO_"), (0, "REPLY")])).await;
    assert_eq!(silent, [(0, Step::Settled(TurnOutcome::Silent))]);
    let empty = turn(Setup::default(), said("a", "hi"), says(&[(0, " \n")])).await;
    assert_eq!(
        empty,
        [
            (0, Step::Error("⚠️ Agent gave an empty answer".into())),
            (0, Step::Settled(TurnOutcome::Failed)),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_fails_is_told_after_what_it_said() {
    let steps = turn(Setup::default(), said("a", "hi"), |_, events| -> Answer {
        Box::pin(async move {
            let _ = events.send(ReplyEvent::Delta("Half an".into())).await;
            Err(AgentError {
                kind: AgentErrorKind::Dropped,
                detail: "connection reset by 10.0.0.1".into(),
                retry_after: None,
            })
        })
    });
    insta::assert_snapshot!(lines(&steps.await), @"
    0 s block: Half an
    0 s error: ⚠️ Agent error: the connection to it broke
    0 s settled: Failed
    ");
}

#[tokio::test(start_paused = true)]
async fn a_deferred_answer_leaves_the_chat_alone() {
    let deferred = |_, _| -> Answer { Box::pin(async { Ok(Dispatched::Deferred) }) };
    let steps = turn(Setup::default(), said("a", "hi"), deferred).await;
    assert_eq!(steps, [(0, Step::Settled(TurnOutcome::Deferred))]);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_may_succeed_is_tried_again() {
    let said = said("a", "hi").failing(vec![Some(true), Some(true)]);
    let steps = turn(Setup::default(), said, says(&[(0, FIRST)])).await;
    let expected = [(5, Step::Final(FIRST.into())), (5, Step::Settled(TurnOutcome::Answered))];
    assert_eq!(steps, expected);
}

#[tokio::test(start_paused = true)]
async fn a_lost_part_is_told() {
    let agent = says(&[(0, FIRST), (0, "\n\n"), (0, SECOND)]);
    let steps = turn(small_blocks(), said("a", "hi").failing(vec![Some(false)]), agent).await;
    assert_eq!(
        steps,
        [
            (0, Step::Final(SECOND.into())),
            (0, Step::Error("⚠️ Part of the answer could not be delivered.".into())),
            (0, Step::Settled(TurnOutcome::Failed)),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_chat_ends_the_turn_early() {
    let agent = |_, events: tokio::sync::mpsc::Sender<ReplyEvent>| -> Answer {
        Box::pin(async move {
            loop {
                let text = format!("{FIRST}\n\n");
                if events.send(ReplyEvent::Delta(text)).await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        })
    };
    let failures = vec![Some(false); 9];
    let steps = turn(small_blocks(), said("a", "hi").failing(failures), agent).await;
    assert_eq!(steps, [(0, Step::Settled(TurnOutcome::Failed))]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_fails_its_own_turn_only() {
    let agent = |request: ocg_core::dispatch::DispatchRequest, events| -> Answer {
        assert_ne!(request.message.text, "panic");
        crate::kit::slow_echo(request, events)
    };
    let mut gateway = Setup::default().start(agent);
    gateway.submit(said("a", "panic")).await;
    gateway.submit(said("a", "0")).await;
    gateway.submit(said("b", "0").panicking()).await;
    gateway.record.settled("a", 2).await;
    gateway.record.settled("b", 1).await;
    assert_eq!(
        gateway.record.of("a"),
        [
            Step::Error("⚠️ The gateway failed while answering. Please try again.".into()),
            Step::Settled(TurnOutcome::Failed),
            Step::Final("0".into()),
            Step::Settled(TurnOutcome::Answered),
        ]
    );
    assert_eq!(gateway.record.of("b"), [Step::Settled(TurnOutcome::Failed)]);
}

#[tokio::test]
async fn a_file_from_a_data_url_is_gone_after_delivery() {
    let agent = |_, events: tokio::sync::mpsc::Sender<ReplyEvent>| -> Answer {
        Box::pin(async move {
            let file = "data:image/png;base64,AAEC".to_owned();
            let _ = events.send(ReplyEvent::Media(file)).await;
            // A sender that lives on does not keep the turn open.
            std::mem::forget(events);
            Ok(Dispatched::Answered)
        })
    };
    let steps = turn(Setup::default(), said("a", "hi"), agent).await;
    let [(_, Step::Media(path)), (_, Step::Settled(TurnOutcome::Answered))] = steps.as_slice()
    else {
        panic!("{steps:?}");
    };
    assert!(path.ends_with(".png"), "{path}");
    assert!(!std::path::Path::new(path).exists());
}
