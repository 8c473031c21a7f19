//! A plugin dies: its reply still arrives, and others notice nothing.

use ocg_tests::agents::{Agent, Answer, Gate};
use ocg_tests::harness::{Config, Gateway, Home};

use crate::sample;
use crate::scene::Scene;

/// What the log says of a plugin that was stopped because it did not pause.
const DIED: &str = "without a pause";

fn with_sample(config: Config) -> Config {
    config.set(&["channels", sample::CHANNEL, "enabled"], true)
}

/// Hands a message over by a dispatcher of its own making, then hangs; only the first time.
fn hangs_after_the_hand_off() -> String {
    let head = r#"
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
"#;
    let body = r#"
      const marker = join(api.runtime.state.resolveStateDir(), "was-here");
      if (!existsSync(marker)) {
        writeFileSync(marker, "");
        const { reply } = api.runtime.channel;
        const { dispatcher, replyOptions } = reply.createReplyDispatcherWithTyping({
          deliver: async ({ text }) => console.log(`in the turn: ${text}`),
        });
        const message = {
          Body: "hi", From: "ann", To: "ann", SenderId: "ann", SessionKey: "sample:ann",
          AccountId: ctx.accountId, Provider: "sample", ChatType: "direct", MessageSid: "1",
        };
        await reply.dispatchReplyFromConfig({ ctx: message, cfg: ctx.cfg, dispatcher, replyOptions });
        for (;;) {}
      }
"#;
    sample::source(head, body)
}

#[tokio::test]
async fn a_reply_survives_the_plugin_that_asked_for_it() {
    let (home, agent) = (Home::new(), Agent::start().await);
    home.configure(&with_sample(Config::new(&agent)));
    sample::install(&home, &hangs_after_the_hand_off()).await;
    let gate = Gate::closed();
    agent.next(Answer::text("better late").behind(&gate));
    let mut gateway = Gateway::start(&home);
    gateway.alive_until(agent.until_asked(1)).await;
    let output = gateway.output().clone();
    gateway.alive_until(output.until(DIED)).await;
    gate.open();
    gateway.alive_until(output.until("outbound: better late")).await;
    gateway.stop().await;
    assert_eq!(output.text().matches("outbound: ").count(), 1, "sent once: {}", output.text());
    assert_eq!(agent.requests().len(), 1, "asked once");
}

#[tokio::test]
async fn a_plugin_that_hangs_does_not_disturb_another() {
    let scene = Scene::with_users(&["alice"]).await;
    scene.home.configure(&with_sample(scene.config()));
    let body = "console.log('hangs from now on'); for (;;) {}";
    sample::install(&scene.home, &sample::source("", body)).await;
    let gateway = scene.start().await;
    let output = gateway.output().clone();
    output.until("hangs from now on").await;
    let alice = scene.wechat.user("alice");
    alice.says("first");
    assert_eq!(alice.reply(1).await, "echo: first");
    assert!(!output.text().contains(DIED), "the answer came when the plugin hung no more");
    output.until(DIED).await;
    alice.says("second");
    assert_eq!(alice.replies(2).await[1].text(), "echo: second");
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 2);
}
