//! `ocg.json` is edited while the gateway runs.

use std::fs;
use std::time::Duration;

use ocg_tests::harness::{CHANNEL, Config, Gateway};
use ocg_tests::platforms::wechat::Endpoint;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use crate::sample;
use crate::scene::Scene;

/// What the sample says when it starts.
const STARTS: &str = "sample starts";

/// WeChat and a sample of which it can be seen how often it started, both running.
async fn two_channels(users: &[&str]) -> (Scene, Gateway) {
    let scene = Scene::with_users(users).await;
    let says_its_token = format!("console.log(`{STARTS} ${{ctx.cfg.channels.sample?.token}}.`);");
    sample::install(&scene.home, &sample::source("", &says_its_token)).await;
    scene.home.configure(&sample_with(&scene, "first"));
    let gateway = scene.start().await;
    gateway.output().until("sample starts first.").await;
    (scene, gateway)
}

fn sample_with(scene: &Scene, token: &str) -> Config {
    scene.config().set(&["channels", sample::CHANNEL, "token"], token)
}

/// Has the gateway look at the file now; what came of it.
async fn reload(scene: &Scene) -> Value {
    let mut socket = UnixStream::connect(scene.home.state().join("ocg.sock")).await.unwrap();
    socket.write_all(b"{\"op\":\"reload\"}\n").await.unwrap();
    let mut line = String::new();
    BufReader::new(socket).read_line(&mut line).await.unwrap();
    serde_json::from_str::<Value>(&line).unwrap()["done"].take()
}

async fn status(scene: &Scene) -> Value {
    let status = scene.home.run(&["status", "--json"]).await;
    serde_json::from_str::<Value>(&status.stdout).unwrap()["gateway"].take()
}

#[tokio::test]
async fn an_edit_is_noticed_and_only_its_channel_restarts() {
    let (scene, gateway) = two_channels(&["alice"]).await;
    // As editors do it: another file takes the place of this one.
    let new = scene.home.path("ocg.json.new");
    fs::write(&new, sample_with(&scene, "second").set(&["model"], "new-model").text()).unwrap();
    fs::rename(&new, scene.home.config_file()).unwrap();
    gateway.output().until("sample starts second.").await;
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    alice.reply(1).await;
    assert_eq!(scene.agent.requests()[0].body["model"], "new-model");
    assert_eq!(scene.wechat.requests_to(Endpoint::NotifyStart).len(), 1, "WeChat went on");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_broken_edit_changes_nothing_and_is_reported() {
    let (scene, gateway) = two_channels(&["alice"]).await;
    scene.home.configure_text("{ \"model\": \"lost\", ");
    gateway.output().until("the configuration stays as it was").await;
    let broken = status(&scene).await;
    assert!(broken["config"]["error"].as_str().unwrap().contains("ocg.json:"), "{broken}");
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    alice.reply(1).await;
    assert_eq!(scene.agent.requests()[0].body["model"], "test-model");
    scene.home.configure(&sample_with(&scene, "first"));
    reload(&scene).await;
    assert_eq!(status(&scene).await["config"]["error"], Value::Null);
    assert_eq!(gateway.output().text().matches(STARTS).count(), 1);
    scene.end(gateway).await;
}

#[tokio::test]
async fn channels_come_and_go() {
    let (scene, gateway) = two_channels(&["alice"]).await;
    let off = sample_with(&scene, "first").set(&["channels", sample::CHANNEL, "enabled"], false);
    scene.home.configure(&off);
    // The watcher may have been quicker than we are.
    reload(&scene).await;
    let accounts = status(&scene).await["accounts"].clone();
    assert_eq!(accounts.as_array().unwrap().len(), 1, "{accounts}");
    scene.home.configure(&sample_with(&scene, "again"));
    gateway.output().until("sample starts again.").await;
    scene.end(gateway).await;
}

#[tokio::test]
async fn settings_that_wait_for_a_restart_are_named() {
    let (scene, gateway) = two_channels(&["alice"]).await;
    scene.home.configure(&sample_with(&scene, "first").set(&["callbackPort"], 4711));
    reload(&scene).await;
    let status = scene.home.run(&["status"]).await.exits(0);
    assert!(status.stdout.contains("before `ocg restart`: callbackPort"), "{status}");
    scene.end(gateway).await;
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// `OCG_EDITS` and `OCG_EDIT_SEED` change how many edits there are, and which.
fn number_from(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |number| number.parse().unwrap())
}

/// `cargo test -p ocg-tests --test flows two_hundred_edits -- --nocapture` prints what was done.
#[tokio::test]
async fn two_hundred_edits_under_load_lose_no_message() {
    let edits = number_from("OCG_EDITS", 200);
    let seed = number_from("OCG_EDIT_SEED", 4711);
    let users = ["alice", "bob", "carol", "dave"];
    let (scene, mut gateway) = two_channels(&users).await;
    let users = users.map(|name| scene.wechat.user(name));
    let mut dice = Dice(seed as u64);
    let mut broken = 0;
    let (mut token, mut note) = ("first".to_owned(), 0);
    // There is no note before the first valid edit.
    let mut note_in_force = None;
    let (mut sample_starts, mut wechat_starts) = (1, 1);
    for edit in 0..edits {
        let user = &users[edit % users.len()];
        user.says(&format!("message {edit}"));
        let valid = |token: &str, note: usize| {
            sample_with(&scene, token)
                .set(&["channels", CHANNEL, "note"], note)
                .set(&["systemPrompt"], format!("edit {edit}"))
                .text()
        };
        let kind = dice.throw(8);
        broken += usize::from(kind < 3);
        let text = match kind {
            0 => "{ broken".to_owned(),
            1 => valid(&token, note).replace("\"systemPrompt\": \"", "\"systemPrompt\": 5 \""),
            2 => String::new(),
            3 | 4 => {
                token = format!("token {edit}");
                sample_starts += 1;
                valid(&token, note)
            }
            5 => {
                note += 1;
                valid(&token, note)
            }
            _ => valid(&token, note),
        };
        if kind > 2 && note_in_force.replace(note) != Some(note) {
            wechat_starts += 1;
        }
        // In place or by another file that takes its place: editors do either.
        if dice.throw(2) == 0 {
            scene.home.configure_text(&text);
        } else {
            fs::write(scene.home.path("new"), &text).unwrap();
            fs::rename(scene.home.path("new"), scene.home.config_file()).unwrap();
        }
        gateway.alive_until(reload(&scene)).await;
    }
    for (number, user) in users.iter().enumerate() {
        let asked = (number..edits).step_by(users.len());
        let replies = user.replies(asked.len()).await;
        let texts: Vec<&str> = replies.iter().map(|reply| reply.text()).collect();
        let expected: Vec<String> = asked.map(|edit| format!("echo: message {edit}")).collect();
        assert_eq!(texts, expected);
    }
    gateway.output().until_times(STARTS, sample_starts).await;
    scene.wechat.until_called(Endpoint::NotifyStart, wechat_starts).await;
    // Nothing that would restart more is on its way.
    tokio::time::timeout(Duration::from_secs(10), reload(&scene)).await.unwrap();
    assert_eq!(gateway.output().text().matches(STARTS).count(), sample_starts);
    assert_eq!(scene.wechat.requests_to(Endpoint::NotifyStart).len(), wechat_starts);
    gateway.stop().await;
    scene.agent.assert_no_violations();
    #[allow(clippy::print_stderr, reason = "the figures are asked for with --nocapture")]
    {
        eprintln!(
            "{edits} edits (seed {seed}), {broken} of them broken: {edits} messages answered in \
             order; the sample started {sample_starts} times, WeChat {wechat_starts} times, as \
             their sections changed"
        );
    }
}
