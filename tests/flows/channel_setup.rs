//! `ocg channels add`, `remove` and `import`.

use ocg_tests::harness::Home;

use crate::sample;

/// A plugin that knows what it is set up with, in the way of older generations.
fn with_setup() -> String {
    let members = r#"
  config: {
    listAccountIds: (cfg) => Object.keys(cfg.channels?.sample?.accounts ?? {}),
    defaultAccountId: () => "default",
    resolveAccount: (cfg, id) => ({ accountId: id, ...cfg.channels?.sample?.accounts?.[id] }),
    isConfigured: (account) => Boolean(account.secret),
  },
  setup: {
    validateInput: ({ input }) => (/^\d+:/.test(input.token ?? "") ? null : "token must be AppID:AppSecret"),
    applyAccountConfig({ cfg, accountId, input }) {
      const section = ((cfg.channels ??= {}).sample ??= {});
      const [appId, secret] = input.token.split(":");
      (section.accounts ??= {})[accountId] = { ...section.accounts[accountId], appId, secret };
      return cfg;
    },
  },"#;
    sample::source_with("", "", members)
}

async fn home() -> Home {
    let home = Home::new();
    home.configure_text("{\n  // the agent\n  \"model\": \"m\"\n}\n");
    sample::install(&home, &with_setup()).await;
    home
}

fn written(home: &Home) -> String {
    std::fs::read_to_string(home.config_file()).unwrap()
}

#[tokio::test]
async fn an_account_is_added_by_the_plugins_own_code() {
    let home = home().await;
    let add = ["channels", "add", "--channel", "sample"];
    let added = home.run(&[&add[..], &["--token", "12:s3cret"]].concat()).await.exits(0);
    assert!(added.stdout.starts_with("Added sample/default to "), "{added}");
    assert!(added.stdout.ends_with("`ocg start -d` starts the gateway.\n"), "{added}");
    let ops = [&add[..], &["--account", "ops", "--token", "-"]].concat();
    home.run_with_input(&ops, "13:piped\n").await.exits(0);
    let text = written(&home);
    for part in
        ["// the agent", "\"appId\": \"12\"", "\"secret\": \"s3cret\"", "\"secret\": \"piped\""]
    {
        assert!(text.contains(part), "{part}: {text}");
    }

    home.run(&["channels", "remove", "--channel", "sample", "--account", "ops"]).await.exits(0);
    assert!(!written(&home).contains("piped"));
    let removed = home.run(&["channels", "remove", "--channel", "sample"]).await.exits(0);
    assert!(removed.stdout.contains("No channel is left. `ocg channels list --all`"), "{removed}");
    assert!(!written(&home).contains("s3cret"));
    home.run(&["channels", "remove", "--channel", "sample"]).await.exits(1);
}

#[tokio::test]
async fn the_installation_says_how_the_channel_gets_its_account() {
    let home = Home::new();
    let installed = sample::install(&home, &with_setup()).await;
    let next = "Next: `ocg channels add --channel sample --token TOKEN`\n";
    assert!(installed.stdout.ends_with(next), "{installed}");
    let home = Home::new();
    let runs_already = sample::install(&home, &sample::source("", "")).await;
    assert!(runs_already.stdout.ends_with("Next: `ocg start -d`\n"), "{runs_already}");
}

#[tokio::test]
async fn what_the_plugin_does_not_take_changes_nothing() {
    let home = home().await;
    let before = written(&home);
    let add = ["channels", "add", "--channel", "sample"];
    let nothing = home.run(&add).await.exits(2);
    assert!(
        nothing.stderr.contains("channel sample takes:\n  --token STRING  secret"),
        "{nothing}"
    );
    let unknown = home.run(&[&add[..], &["--tokn", "1:a"]].concat()).await.exits(2);
    assert!(unknown.stderr.starts_with("error: channel sample takes no --tokn\n"), "{unknown}");
    let refused = home.run(&[&add[..], &["--token", "word"]].concat()).await.exits(1);
    assert!(refused.stderr.contains("token must be AppID:AppSecret"), "{refused}");
    assert_eq!(written(&home), before);
}

#[tokio::test]
async fn logins_of_the_original_are_taken_over() {
    let home = home().await;
    let old = home.path(".openclaw");
    for (file, text) in
        [("sample/accounts/a.json", "old"), ("credentials/sample-a-allowFrom.json", "{}")]
    {
        std::fs::create_dir_all(old.join(file).parent().unwrap()).unwrap();
        std::fs::write(old.join(file), text).unwrap();
    }
    std::fs::write(old.join("credentials/other.json"), "not ours").unwrap();
    let taken = home.run(&["channels", "import"]).await.exits(0);
    assert!(taken.stdout.starts_with("sample: 2 files taken over\n"), "{taken}");
    let account = home.plugin_state().join("sample/accounts/a.json");
    assert_eq!(std::fs::read_to_string(&account).unwrap(), "old");
    assert!(!home.plugin_state().join("credentials/other.json").exists());
    std::fs::write(&account, "new").unwrap();
    home.run(&["channels", "import"]).await.exits(0);
    assert_eq!(std::fs::read_to_string(&account).unwrap(), "new", "nothing is overwritten");
}
