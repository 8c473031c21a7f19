//! A channel plugin in a few lines, for what no published plugin does.

use ocg_tests::harness::{Finished, Home};
use ocg_tests::platforms::npm_registry::{NpmRegistry, Package};

const PACKAGE: &str = "ocg-sample";
/// The channel's id.
pub(crate) const CHANNEL: &str = "sample";

/// A plugin whose one account runs `body`, which sees `ctx` and the plugin's `api`, until it is
/// told to stop. Whatever is sent outside a turn is printed as `outbound: <text>`.
pub(crate) fn source(head: &str, body: &str) -> String {
    source_with(head, body, "")
}

/// The same with more `members` of the channel plugin, which come last and win.
pub(crate) fn source_with(head: &str, body: &str, members: &str) -> String {
    plugin(head, "", body, members)
}

/// The same with what it does besides when it is registered.
pub(crate) fn source_registering(register: &str, body: &str) -> String {
    plugin("", register, body, "")
}

fn plugin(head: &str, register: &str, body: &str, members: &str) -> String {
    format!(
        r#"{head}
let api;
const plugin = {{
  id: "sample",
  meta: {{ id: "sample", label: "Sample" }},
  capabilities: {{ chatTypes: ["direct"] }},
  config: {{
    listAccountIds: () => ["default"],
    resolveAccount: () => ({{ accountId: "default", enabled: true }}),
  }},
  outbound: {{
    async sendText({{ to, text }}) {{
      console.log(`outbound: ${{text}}`);
      return {{ channel: "sample", to, messageId: "1" }};
    }},
  }},
  gateway: {{
    async startAccount(ctx) {{
{body}
      await new Promise((resolve) => ctx.abortSignal.addEventListener("abort", resolve));
    }},
  }},
{members}
}};
export default {{
  id: "sample",
  register(given) {{
    api = given;
    api.registerChannel({{ plugin }});
{register}
  }},
}};
"#
    )
}

/// Installs `source` as a plugin into `home`.
pub(crate) async fn install(home: &Home, source: &str) -> Finished {
    let registry = NpmRegistry::start().await;
    registry.publish(Package::plugin(PACKAGE, CHANNEL, source));
    std::fs::write(home.path(".npmrc"), format!("registry={}\n", registry.url())).unwrap();
    home.run(&["plugins", "install", PACKAGE]).await.exits(0)
}
