//! Deaths at random moments under load.

use std::collections::BTreeSet;
use std::time::Duration;

use ocg_tests::agents::{Answer, Callbacks};
use ocg_tests::harness::Gateway;
use ocg_tests::platforms::wechat::User;
use tokio::time::Instant;

use super::ledger::{Ledger, open_turns, unknown_outcomes};
use crate::callbacks::unsigned;
use crate::scene::Scene;

/// Users that write.
const USERS: usize = 8;
/// How long the last gateway may take to finish everything.
const REST: Duration = Duration::from_secs(60);

/// Random numbers of a printed seed.
struct Random(u64);

impl Random {
    /// The seed is `OCG_SEED`, or another one each time.
    fn new() -> Self {
        let seed = std::env::var("OCG_SEED").ok().and_then(|seed| seed.parse().ok());
        Self(seed.unwrap_or_else(|| u64::from(std::process::id()) + 1))
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

fn kills() -> usize {
    std::env::var("OCG_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12)
}

async fn scene() -> (Scene, Vec<User>) {
    let names: Vec<String> = (0..USERS).map(|n| format!("user{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = Scene::with_users(&names).await;
    let users = names.iter().map(|name| scene.wechat.user(name)).collect();
    (scene, users)
}

/// What happened to a line of gateways.
struct Story {
    seed: u64,
    kills: usize,
    /// Messages that users wrote.
    said: usize,
    /// Turns of which the log says that a message may come twice.
    logged: Vec<u64>,
}

impl Story {
    /// Kills one gateway after the other while users write, and lets the last one answer all that
    /// is open; gives that, still running.
    async fn play(scene: &Scene, users: &[User]) -> (Self, Gateway) {
        let mut random = Random::new();
        let mut story = Self { seed: random.0, kills: kills(), said: 0, logged: Vec::new() };
        for _ in 0..story.kills {
            let mut gateway = Gateway::start(&scene.home);
            gateway.alive_until(scene.wechat.until_polled()).await;
            for _ in 0..random.below(12) {
                let user = &users[random.below(users.len() as u64) as usize];
                story.says(user);
                tokio::time::sleep(Duration::from_millis(random.below(40))).await;
            }
            tokio::time::sleep(Duration::from_millis(random.below(250))).await;
            let output = gateway.output().clone();
            gateway.crash().await;
            story.logged.extend(unknown_outcomes(&output.text()));
        }
        let gateway = scene.start().await;
        story.says(&users[0]);
        let last = format!("echo: message {}", story.said - 1);
        users[0].until_told(last.leak()).await;
        let patience = Instant::now() + REST;
        while open_turns(scene) > 0 && Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        (story, gateway)
    }

    async fn end(&mut self, gateway: Gateway) {
        self.logged.extend(unknown_outcomes(&gateway.output().text()));
        gateway.stop().await;
    }

    fn says(&mut self, user: &User) {
        user.says(&format!("message {}", self.said));
        self.said += 1;
    }

    /// Prints the counts; `more` is what this mode has in addition.
    fn print(&self, mode: &str, ledger: &Ledger, more: &str) {
        let Self { seed, kills, said, logged } = self;
        let Ledger { admitted, answered, twice, unexplained, open, .. } = ledger;
        let lost = admitted.saturating_sub(*answered);
        #[allow(clippy::print_stdout)]
        {
            println!(
                "{mode}, seed {seed}: {kills} kills, {said} written, {admitted} admitted, {answered} \
                 answered, {lost} lost, {open} open, {} unknown outcomes logged, {twice} sent \
                 twice, {} of these not logged{more}",
                logged.len(),
                unexplained.len(),
            );
        }
    }
}

/// Everything that was admitted is answered, and what came twice is logged as an unknown outcome
/// of its own turn.
fn assert_complete(ledger: &Ledger) {
    assert_eq!(ledger.answered, ledger.admitted, "{ledger:?}");
    assert_eq!(ledger.open, 0, "{ledger:?}");
    assert!(ledger.unexplained.is_empty(), "{ledger:?}");
    assert!(ledger.contradictory.is_empty(), "{ledger:?}");
}

#[tokio::test]
async fn at_random_in_sync_mode_every_admitted_message_is_answered() {
    let (scene, users) = scene().await;
    scene.agent.answers(|request| {
        let text = format!("echo: {}", request.text());
        Answer::text(&text).after(Duration::from_millis(text.len() as u64 * 3))
    });
    let (mut story, gateway) = Story::play(&scene, &users).await;
    story.end(gateway).await;
    let ledger = Ledger::of(&scene, &users, &story.logged);
    story.print("sync", &ledger, "");
    assert_complete(&ledger);
}

#[tokio::test]
async fn at_random_in_async_mode_no_accepted_reply_is_lost() {
    let (scene, users) = scene().await;
    scene.home.configure(&unsigned(&scene));
    let callbacks = Callbacks::of(&scene.agent, |request| {
        // From at once to longer than a gateway lives.
        let number: u64 = request.text().trim_start_matches("message ").parse().unwrap_or(0);
        Duration::from_millis(number * 37 % 400)
    });
    let (mut story, gateway) = Story::play(&scene, &users).await;
    let callbacks = callbacks.until_settled().await;
    story.end(gateway).await;
    let ledger = Ledger::of(&scene, &users, &story.logged);

    let told: BTreeSet<String> = users
        .iter()
        .flat_map(|user| user.received().into_iter().map(|sent| sent.text().to_owned()))
        .collect();
    let count = |status| callbacks.iter().filter(|one| one.settled == Some(status)).count();
    let accepted = callbacks.iter().filter(|one| one.settled == Some(200));
    let lost: Vec<_> = accepted.filter(|one| !told.contains(&one.reply)).collect();
    let more = format!(
        "; agent asked {} times, callbacks: {} accepted, {} repeated, {} used (409), {} revoked \
         (404), {} accepted and lost",
        callbacks.len(),
        count(200),
        callbacks.iter().filter(|one| one.posts > 1).count(),
        count(409),
        count(404),
        lost.len(),
    );
    story.print("async", &ledger, &more);
    assert!(lost.is_empty(), "accepted with 200, and never told: {lost:?}");
    assert_complete(&ledger);
}
