//! Who gets to the agent.

use ocg_core::admit::{DmPolicy, GroupPolicy, SenderPolicy};
use ocg_core::admit::{PairingFiles, PairingStore};
use ocg_core::config::StateDir;
use ocg_core::gateway::{Admission, GatewaySettings};
use ocg_core::message::ChatKind;
use ocg_core::reply::TurnOutcome;

use crate::kit::{Said, Setup, Step, lines, said, slow_echo};

fn in_group(mut said: Said) -> Said {
    said.message.chat.kind = ChatKind::Group;
    said
}

#[tokio::test(start_paused = true)]
async fn policies_are_applied() {
    use Admission::Accepted;
    let refused = |reason: &str| Admission::Refused(reason.into());
    let allow = |list: &[&str]| list.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let dm = |dm, list: &[&str]| SenderPolicy { dm, allow_from: allow(list), ..Default::default() };
    let group = |group, list: &[&str]| SenderPolicy {
        dm: DmPolicy::Disabled,
        group,
        group_allow_from: allow(list),
        ..Default::default()
    };
    let mut gateway = Setup::default().start(slow_echo);
    let cases = [
        (said("ann", "0").policy(dm(DmPolicy::Open, &[])), Accepted),
        (said("ann", "0").policy(dm(DmPolicy::Allowlist, &["bob", " TEST:Ann "])), Accepted),
        (said("ann", "0").policy(dm(DmPolicy::Allowlist, &["*"])), Accepted),
        (
            said("ann", "0").policy(dm(DmPolicy::Allowlist, &[""])),
            refused("the sender is not in allowFrom"),
        ),
        (
            said("ann", "0").policy(dm(DmPolicy::Disabled, &["*"])),
            refused("direct chats are disabled"),
        ),
        (said("ann", "0").policy(dm(DmPolicy::Pairing, &["ann"])), Accepted),
        (in_group(said("ann", "0")).policy(group(GroupPolicy::Open, &[])), Accepted),
        (in_group(said("ann", "0")).policy(group(GroupPolicy::Allowlist, &["ann"])), Accepted),
        (
            in_group(said("ann", "0")).policy(group(GroupPolicy::Allowlist, &[])),
            refused("the sender is not in groupAllowFrom"),
        ),
        (
            in_group(said("ann", "0")).policy(group(GroupPolicy::Disabled, &["*"])),
            refused("groups are disabled"),
        ),
    ];
    for (n, (mut said, expected)) in cases.into_iter().enumerate() {
        said.message.message_id = Some(n.to_string());
        let policy = format!("{:?}", said.message.policy);
        assert_eq!(gateway.submit(said).await, expected, "{policy}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_delivered_again_is_answered_once() {
    let mut gateway = Setup::default().start(slow_echo);
    assert_eq!(gateway.submit(said("ann", "wait 5")).await, Admission::Accepted);
    assert_eq!(gateway.submit(said("ann", "wait 5")).await, Admission::Duplicate);
    gateway.record.settled("ann", 2).await;
    assert_eq!(gateway.submit(said("ann", "wait 5")).await, Admission::Duplicate);
    let mut edited = said("ann", "wait 6");
    edited.message.message_id = Some("wait 5".into());
    assert_eq!(gateway.submit(edited).await, Admission::Accepted);
    gateway.record.settled("ann", 4).await;
    insta::assert_snapshot!(lines(&gateway.record.timed("ann")), @"
    0 s settled: Silent
    5 s final: wait 5
    5 s settled: Answered
    5 s settled: Silent
    11 s final: wait 6
    11 s settled: Answered
    ");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_was_not_taken_may_come_again() {
    let settings = GatewaySettings { session_queue: 1, ..GatewaySettings::default() };
    let mut gateway = Setup { settings, ..Setup::default() }.start(slow_echo);
    gateway.submit(said("ann", "first 10")).await;
    // Lets the worker take the first message out of the queue.
    tokio::task::yield_now().await;
    gateway.submit(said("ann", "second 10")).await;
    assert_eq!(gateway.submit(said("ann", "third")).await, Admission::Busy);
    let disabled = SenderPolicy { dm: DmPolicy::Disabled, ..SenderPolicy::default() };
    let refused = gateway.submit(said("bob", "hello").policy(disabled)).await;
    assert!(matches!(refused, Admission::Refused(_)), "{refused:?}");
    gateway.record.settled("ann", 3).await;
    assert_eq!(gateway.submit(said("ann", "third")).await, Admission::Accepted);
    assert_eq!(gateway.submit(said("bob", "hello")).await, Admission::Accepted);
}

#[tokio::test]
async fn a_sender_is_paired() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateDir::new(folder.path(), None);
    let pairing = PairingFiles::new(state.credentials());
    let settings = GatewaySettings { state: Some(state), ..GatewaySettings::default() };
    let mut gateway = Setup { settings, ..Setup::default() }.start(slow_echo);
    let hello = || {
        let policy = SenderPolicy { dm: DmPolicy::Pairing, ..SenderPolicy::default() };
        said("ann", "0").policy(policy)
    };
    assert_eq!(gateway.submit(hello()).await, Admission::PairingRequired);
    assert_eq!(gateway.submit(hello()).await, Admission::PairingRequired);
    gateway.record.settled("ann", 2).await;
    let code = pairing.list("test").await.unwrap()[0].code.clone();
    let told = gateway.record.of("ann");
    assert_eq!(told.iter().filter(|step| !matches!(step, Step::Settled(_))).count(), 1);
    let notice = format!("{told:?}");
    assert!(notice.contains(&format!("ocg pairing approve test {code}")), "{notice}");

    pairing.approve("test", &code).await.unwrap();
    assert_eq!(gateway.submit(hello()).await, Admission::Accepted);
    gateway.record.settled("ann", 3).await;
    assert_eq!(gateway.record.of("ann").last(), Some(&Step::Settled(TurnOutcome::Answered)));
}
