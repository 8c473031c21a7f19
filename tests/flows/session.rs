//! A user's terminal: what was typed, and what came of it.

use std::fmt::Write as _;

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Finished, Home};
use ocg_tests::platforms::npm_registry::{NpmRegistry, Package};

/// A channel plugin that keeps tokens in its section and logs in by a code, in the place of the
/// published ones: these have tests of their own.
pub(crate) fn plugin(id: &str) -> String {
    r#"
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
let api;
const id = "[ID]";
const login = () => join(api.runtime.state.resolveStateDir(), `${id}.json`);
const section = (cfg) => cfg.channels?.[id] ?? {};
const hasToken = (account) => Boolean(account.token || account.botToken);
const plugin = {
  id,
  meta: { id, label: id },
  capabilities: { chatTypes: ["direct"] },
  config: {
    listAccountIds(cfg) {
      const named = Object.keys(section(cfg).accounts ?? {});
      const unnamed = hasToken(section(cfg)) || existsSync(login()) ? ["default"] : [];
      return [...new Set([...named, ...unnamed])];
    },
    resolveAccount: (cfg, accountId) => ({ accountId, ...section(cfg).accounts?.[accountId] }),
  },
  setup: {
    applyAccountConfig({ cfg, accountId, input }) {
      const channel = ((cfg.channels ??= {})[id] ??= {});
      const token = input.token ? { token: input.token } : { botToken: input.botToken };
      if (accountId === "default") Object.assign(channel, token);
      else (channel.accounts ??= {})[accountId] = token;
      return cfg;
    },
  },
  auth: {
    async login({ runtime }) {
      runtime.log(`Scan https://login.example.org/${id}`);
      writeFileSync(login(), "{}");
    },
  },
  outbound: {
    async sendText({ to }) {
      return { channel: id, to, messageId: "m1" };
    },
  },
  gateway: {
    async startAccount(ctx) {
      ctx.setStatus({ accountId: ctx.accountId, connected: true });
      await new Promise((resolve) => ctx.abortSignal.addEventListener("abort", resolve));
    },
  },
};
export default {
  id,
  register(given) {
    api = given;
    api.registerChannel({ plugin });
  },
};
"#
    .replace("[ID]", id)
}

/// The packages that a session's registry has, and their channels.
pub(crate) const PACKAGES: [(&str, &str); 5] = [
    ("grammy-channel", "telegram"),
    ("@openclaw/discord", "discord"),
    ("@tencent-weixin/openclaw-weixin", "openclaw-weixin"),
    ("@soimy/dingtalk", "dingtalk"),
    ("@openclaw/qqbot", "qqbot"),
];

/// What differs from run to run.
pub(crate) const VARIABLE: [(&str, &str); 6] = [
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[TIME]"),
    (r"127\.0\.0\.1:\d{5}", "127.0.0.1:[PORT]"),
    (r"(/[\w.-]+)*/ocg-test-\w+", "[HOME]"),
    (r"pid \d+", "pid [PID]"),
    (r#""(pid|run|uptimeSeconds)": \d+"#, r#""$1": [N]"#),
    (r"\d+ (ms|s)\b", "[N] ms"),
];

/// Longer outputs are cut: what they say is tested elsewhere.
const LINES: usize = 40;

/// A home whose user types commands; the registry and the agent are those of the session.
pub(crate) struct Session {
    pub(crate) home: Home,
    pub(crate) agent: Agent,
    pub(crate) registry: NpmRegistry,
    transcript: String,
}

impl Session {
    /// Nothing is installed yet.
    pub(crate) async fn new(config: &str) -> Self {
        let (agent, registry) = (Agent::start().await, NpmRegistry::start().await);
        for (package, channel) in PACKAGES {
            registry.publish(Package::plugin(package, channel, &plugin(channel)));
        }
        let home = Home::new()
            .variable("npm_config_registry", &registry.url())
            // As the original's README says, the environment goes before the file.
            .variable("OCG_AGENT_URL", &agent.url());
        home.configure_text(config);
        Self { home, agent, registry, transcript: String::new() }
    }

    /// Runs what is typed; a word may stand in quotes.
    pub(crate) async fn types(&mut self, command: &str) -> Finished {
        let words = command.replace('"', "");
        let arguments: Vec<&str> = words.split(' ').skip(1).collect();
        let finished = self.home.run(&arguments).await;
        let Finished { stdout, stderr, code } = &finished;
        let _ = write!(self.transcript, "$ {command}\n{}{}", cut(stdout), cut(stderr));
        if *code != Some(0) {
            let _ = writeln!(self.transcript, "[exit code {}]", code.unwrap_or(-1));
        }
        finished
    }

    /// Waits until no account is just starting: what is shown then depends on nobody's speed.
    pub(crate) async fn until_settled(&self) {
        while self.home.run(&["channels", "status", "--json"]).await.stdout.contains("\"starting\"")
        {
        }
    }

    /// What was typed and shown since it was taken last.
    pub(crate) fn take_transcript(&mut self) -> String {
        std::mem::take(&mut self.transcript)
    }
}

fn cut(text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    match lines.get(..LINES) {
        Some(first) => first.concat() + "[...]\n",
        None => text.to_owned(),
    }
}
