//! Which command gets a channel one step further.

use ocg_core::channel::Channel;
use ocg_js::manifest::SetupField;
use ocg_js::plugin::{PluginChannel, PluginError};

/// Starts what is set up.
pub const START: &str = "`ocg start -d`";

/// The commands, in backquotes, of which any leads on: to an account, or to its start.
///
/// # Errors
/// The plugin cannot run.
pub async fn after_install(channel: &PluginChannel) -> Result<Vec<String>, PluginError> {
    let id = channel.id();
    let accounts = channel.accounts().await.unwrap_or_default();
    if accounts.iter().any(|account| account.blocked.is_none()) {
        return Ok(vec![START.to_owned()]);
    }
    let fields = channel.setup_fields().await?;
    let credentials = credentials(&fields);
    let mut commands = Vec::new();
    if channel.can_login() {
        commands.push(format!("`ocg channels login --channel {id}`"));
    }
    if !channel.can_login() || !credentials.is_empty() {
        commands.push(add_command(id, &credentials));
    }
    Ok(commands)
}

fn add_command(channel: &str, credentials: &[&str]) -> String {
    let flag = |key: &&str| format!(" --{key} {}", placeholder(key));
    let flags: String = credentials.iter().map(flag).collect();
    format!("`ocg channels add --channel {channel}{flags}`")
}

/// The secrets that setting the channel up takes. Where they may come from a file instead, the
/// plugin has a field for that besides.
fn credentials(fields: &[SetupField]) -> Vec<&str> {
    let fields = fields.iter().filter(|field| field.sensitive && !field.key.ends_with("File"));
    fields.map(|field| field.key.as_str()).collect()
}

/// `BOT_TOKEN` for `botToken`.
fn placeholder(key: &str) -> String {
    let mut text = String::new();
    for letter in key.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_uppercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, sensitive: bool) -> SetupField {
        SetupField { key: key.into(), kind: "string".into(), sensitive, description: None }
    }

    #[test]
    fn a_channel_is_added_with_its_secrets() {
        let fields = [field("name", false), field("botToken", true), field("tokenFile", true)];
        let command = add_command("telegram", &credentials(&fields));
        assert_eq!(command, "`ocg channels add --channel telegram --botToken BOT_TOKEN`");
    }

    #[test]
    fn without_secrets_the_fields_are_asked_for() {
        let command = add_command("irc", &credentials(&[field("host", false)]));
        assert_eq!(command, "`ocg channels add --channel irc`");
    }
}
