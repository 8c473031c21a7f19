//! `ocg channels login` with a plugin that asks questions: typed at a terminal, and piped in.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, Home, Terminal};
use serde_json::json;

use crate::sample;

/// A plugin whose wizard asks each kind of question and writes the answers into its section.
fn asks_questions() -> String {
    let members = r#"
  config: {
    listAccountIds: (cfg) => Object.keys(cfg.channels?.sample?.accounts ?? {}),
    defaultAccountId: () => "default",
    resolveAccount: (cfg, id) => ({ accountId: id, ...cfg.channels?.sample?.accounts?.[id] }),
    isConfigured: (account) => Boolean(account.secret),
  },
  setupWizard: {
    channel: "sample",
    credentials: [{
      inputKey: "secret",
      inputPrompt: "App secret",
      keepPrompt: "Keep the secret?",
      helpTitle: "Where to find it",
      helpLines: ["On the platform's page."],
      inspect: ({ cfg, accountId }) => ({
        hasConfiguredValue: Boolean(cfg.channels?.sample?.accounts?.[accountId]?.secret),
      }),
    }],
    textInputs: [{
      inputKey: "appId",
      message: "App id",
      placeholder: "102...",
      validate: ({ value }) => (/^\d+$/.test(value) ? undefined : "The app id has digits only."),
    }],
    async finalize({ cfg, accountId, prompter }) {
      const mode = await prompter.select({
        message: "Mode",
        options: [{ value: "a", label: "Alpha", hint: "the first" }, { value: "b", label: "Beta" }],
        initialValue: "b",
      });
      const groups = await prompter.confirm({ message: "Groups too?" });
      cfg.channels.sample.accounts[accountId] = { ...cfg.channels.sample.accounts[accountId], mode, groups };
      return { cfg };
    },
  },
  setup: {
    applyAccountConfig({ cfg, accountId, input }) {
      const section = ((cfg.channels ??= {}).sample ??= {});
      const accounts = (section.accounts ??= {});
      accounts[accountId] = { ...accounts[accountId], ...input };
      return cfg;
    },
  },"#;
    sample::source_with("", "", members)
}

async fn newcomer() -> Home {
    let (home, agent) = (Home::new(), Agent::start().await);
    home.configure(&Config::new(&agent));
    sample::install(&home, &asks_questions()).await;
    home
}

const LOGIN: [&str; 4] = ["channels", "login", "--channel", sample::CHANNEL];

fn written(home: &Home) -> serde_json::Value {
    let text = std::fs::read_to_string(home.config_file()).unwrap();
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    config["channels"][sample::CHANNEL]["accounts"]["default"].clone()
}

#[tokio::test]
async fn questions_are_answered_at_the_terminal() {
    let home = newcomer().await;
    let mut terminal = Terminal::run(&home, &LOGIN);
    let screen = terminal.screen().clone();
    screen.until("On the platform's page.").await;
    screen.until("App secret: ").await;
    terminal.types("s3cret").await;
    screen.until("App id [102...]: ").await;
    terminal.types("abc").await;
    screen.until("The app id has digits only.").await;
    terminal.types("102").await;
    screen.until("1) Alpha - the first").await;
    terminal.types("").await;
    screen.until("Groups too? [y/N]: ").await;
    terminal.types("y").await;
    assert_eq!(terminal.ended().await, Some(0));
    assert!(!screen.text().contains("s3cret"), "a secret is not shown: {}", screen.text());
    let answers = json!({ "secret": "s3cret", "appId": "102", "mode": "b", "groups": true });
    assert_eq!(written(&home), answers);
}

#[tokio::test]
async fn answers_can_be_piped_in() {
    let home = newcomer().await;
    home.run_with_input(&LOGIN, "s3cret\n102\n1\n\n").await.exits(0);
    let answers = json!({ "secret": "s3cret", "appId": "102", "mode": "a", "groups": false });
    assert_eq!(written(&home), answers);
}

#[tokio::test]
async fn input_that_ends_too_early_changes_nothing() {
    let home = newcomer().await;
    let before = std::fs::read_to_string(home.config_file()).unwrap();
    let finished = home.run_with_input(&LOGIN, "s3cret\n").await.exits(1);
    assert!(finished.stderr.contains("nothing more is typed"), "{finished}");
    assert_eq!(std::fs::read_to_string(home.config_file()).unwrap(), before);
}
