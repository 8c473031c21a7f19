//! What strangers are told under the policy `pairing`, and when they are let in.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, Gateway, Home};

use crate::sample;

/// The code in `text`: eight characters of an alphabet without 0, O, 1 and I.
pub(crate) fn code(text: &str) -> &str {
    let is_code = |word: &&str| {
        word.len() == 8 && word.chars().all(|c| "ABCDEFGHJKLMNPQRSTUVWXYZ23456789".contains(c))
    };
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.find(is_code).unwrap_or_else(|| panic!("no code in {text:?}"))
}

/// A plugin that says who was approved, and that hands a message of `ann` over at its start.
fn tells_the_approved() -> String {
    let body = r#"
      ctx.setStatus({ connected: true });
      await api.runtime.channel.reply.dispatchReplyWithBufferedBlockDispatcher({
        ctx: { Provider: "sample", AccountId: "default", From: "ann", SenderId: "ann", Body: "hi",
          ChatType: "direct", SessionKey: "sample:ann" },
        cfg: ctx.cfg,
        dispatcherOptions: { deliver: async ({ text }) => console.log(`told: ${text}`) },
      });"#;
    let members = r#"
  pairing: {
    idLabel: "id",
    async notifyApproval({ id, accountId, cfg }) {
      if (!cfg.channels.sample) throw new Error("no configuration");
      console.log(`approved: ${id} at ${accountId}`);
    },
  },"#;
    sample::source_with("", body, members)
}

#[tokio::test]
async fn who_is_approved_is_told_through_the_plugin() {
    let (home, agent) = (Home::new(), Agent::start().await);
    let config = Config::new(&agent).set(&["channels", sample::CHANNEL, "dmPolicy"], "pairing");
    home.configure(&config);
    sample::install(&home, &tells_the_approved()).await;
    let gateway = Gateway::start(&home);
    gateway.output().until("Pairing code: ").await;
    let output = gateway.output().text();
    let (_, told) = output.split_once("Pairing code: ").unwrap();
    let approve = ["pairing", "approve", "--channel", sample::CHANNEL, code(told)];
    let approved = home.run(&approve).await.exits(0);
    assert!(approved.stdout.contains("They were told so."), "{approved}");
    gateway.output().until("approved: ann at default").await;
    gateway.stop().await;
}
