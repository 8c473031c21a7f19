//! `ocg channels add`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::BufRead;

use ocg_core::channel::Channel;
use ocg_js::manifest::SetupField;
use ocg_js::plugin::PluginChannel;

use crate::cli::{AddArgs, Global};
use crate::context::Context;
use crate::failure::Failure;
use crate::gateway::load_channel;
use crate::output;

/// Sets an account up; the plugin checks the values and says where they belong.
pub async fn run(global: &Global, args: AddArgs) -> Result<(), Failure> {
    let flags = Flags::of(args)?;
    let context = Context::load(global)?;
    let channel = load_channel(&context, &flags.channel).await?;
    let result = add(&channel, flags).await;
    channel.close().await;
    let account = result?;
    let file = context.writable_file()?;
    output::line(format!("Added {}/{account} to {}", channel.id(), file.display()))?;
    Ok(output::line(context.running().take_up().await?)?)
}

async fn add(channel: &PluginChannel, flags: Flags) -> Result<String, Failure> {
    let id = channel.id();
    let cannot = || Failure::failed(format!("cannot set up channel {id}"));
    let fields = channel.setup_fields().await.map_err(|error| cannot().because(&error))?;
    let values = flags.values(id, &fields)?;
    if values.is_empty() {
        return Err(nothing_given(channel, &fields));
    }
    channel
        .set_up(flags.account.as_deref(), &values)
        .await
        .map_err(|error| cannot().because(&error).hint(known(id, &fields)))
}

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
struct Flags {
    channel: String,
    account: Option<String>,
    /// By key; a flag without a value has none.
    given: Vec<(String, Option<String>)>,
}

impl Flags {
    /// The plugin's flags may stand before and after ours.
    fn of(args: AddArgs) -> Result<Self, Failure> {
        let AddArgs { mut channel, mut account, values } = args;
        let mut given = Vec::new();
        let mut words = values.into_iter().peekable();
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--").filter(|flag| !flag.is_empty()) else {
                return Err(Failure::usage(format!("'{word}' belongs to no --key")));
            };
            let (key, value) = match flag.split_once('=') {
                Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
                None => (flag.to_owned(), words.next_if(|next| !next.starts_with("--"))),
            };
            match key.as_str() {
                "channel" => channel = value,
                "account" => account = value,
                _ => given.push((key, value)),
            }
        }
        match channel {
            Some(channel) => Ok(Self { channel, account, given }),
            None => Err(Failure::usage("name the channel with --channel ID")
                .hint("`ocg channels list --all` shows the channels there are")),
        }
    }

    /// The values by the keys that the channel takes.
    fn values(
        &self,
        channel: &str,
        fields: &[SetupField],
    ) -> Result<BTreeMap<String, String>, Failure> {
        let mut values = BTreeMap::new();
        for (flag, value) in &self.given {
            let Some(field) = fields.iter().find(|field| is_same_key(&field.key, flag)) else {
                return Err(Failure::usage(format!("channel {channel} takes no --{flag}"))
                    .hint(known(channel, fields)));
            };
            let value = match value.as_deref() {
                Some("-") => typed_line(&field.key)?,
                Some(value) => value.to_owned(),
                None if field.kind == "boolean" => "true".to_owned(),
                None => return Err(Failure::usage(format!("--{flag} needs a value"))),
            };
            values.insert(field.key.clone(), value);
        }
        Ok(values)
    }
}

/// `--bot-token` is `--botToken`.
fn is_same_key(key: &str, flag: &str) -> bool {
    let plain = |text: &str| text.replace(['-', '_'], "").to_lowercase();
    plain(key) == plain(flag)
}

/// A secret on a command line can be seen by others on the machine; one that is piped in cannot.
fn typed_line(key: &str) -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| {
        Failure::failed(format!("cannot read {key} from standard input")).because(&error)
    })?;
    match line.trim() {
        "" => Err(Failure::usage(format!("there is no {key} on standard input"))),
        value => Ok(value.to_owned()),
    }
}

fn nothing_given(channel: &PluginChannel, fields: &[SetupField]) -> Failure {
    let id = channel.id();
    let failure = Failure::usage(format!("there is nothing to set up channel {id} with"));
    if channel.can_login() && fields.is_empty() {
        failure.hint(format!("`ocg channels login --channel {id}` logs in"))
    } else {
        failure.hint(known(id, fields))
    }
}

/// The values that a channel takes, one to a line.
fn known(channel: &str, fields: &[SetupField]) -> String {
    if fields.is_empty() {
        return format!("channel {channel} takes no values");
    }
    let mut text = format!("channel {channel} takes:");
    let flag = |field: &SetupField| match field.kind.as_str() {
        "boolean" => format!("--{} true|false", field.key),
        "array" => format!("--{} A,B,C", field.key),
        "object" => format!("--{} (with `ocg config set`)", field.key),
        kind => format!("--{} {}", field.key, kind.to_uppercase()),
    };
    let width = fields.iter().map(|field| flag(field).len()).max().unwrap_or_default();
    for field in fields {
        let secret = if field.sensitive { "secret; " } else { "" };
        let description = field.description.as_deref().unwrap_or_default();
        let line = format!("  {:width$}  {secret}{description}", flag(field));
        let _ = write!(text, "\n{}", line.trim_end().trim_end_matches(';'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(words: &[&str]) -> Result<Flags, String> {
        let values = words.iter().map(ToString::to_string).collect();
        let args = AddArgs { channel: Some("qqbot".into()), account: None, values };
        Flags::of(args).map_err(|failure| failure.render(false))
    }

    fn field(key: &str, kind: &str) -> SetupField {
        SetupField { key: key.into(), kind: kind.into(), sensitive: false, description: None }
    }

    #[test]
    fn flags_are_taken_in_any_order_and_spelling() {
        let flags = flags(&["--bot-token", "1:a", "--account", "ops", "--on", "--n=5"]).unwrap();
        assert_eq!(flags.account.as_deref(), Some("ops"));
        let fields = [field("botToken", "string"), field("on", "boolean"), field("n", "number")];
        let values = flags.values("qqbot", &fields).unwrap();
        let expected = [("botToken", "1:a"), ("n", "5"), ("on", "true")];
        assert_eq!(values, expected.map(|(key, value)| (key.into(), value.into())).into());
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let fields = [field("token", "string"), field("groups", "array")];
        let refusals = [
            flags(&["word"]).unwrap_err(),
            flags(&["--token"]).unwrap().values("qqbot", &fields).unwrap_err().render(false),
            flags(&["--tokn", "x"]).unwrap().values("qqbot", &fields).unwrap_err().render(false),
        ];
        insta::assert_snapshot!(refusals.concat(), @r"
        error: 'word' belongs to no --key
        error: --token needs a value
        error: channel qqbot takes no --tokn
        hint: channel qqbot takes:
          --token STRING
          --groups A,B,C
        ");
    }
}
