//! `ocg send`

use ocg_core::channel::{Account, Channel, OutboundMessage};
use ocg_core::deliver::{MediaShelf, ShelvedMedia};
use ocg_core::reply::ReplyPayload;
use serde_json::{Value, json};
use url::Url;

use crate::cli::{Global, SendArgs};
use crate::context::Context;
use crate::control::Request;
use crate::failure::{Exit, Failure};
use crate::gateway::load_channel;
use crate::output;

/// A file to send along.
struct Attachment {
    reference: String,
    /// A copy that channels may read; it goes when the message is sent.
    _copy: Option<ShelvedMedia>,
}

impl Attachment {
    /// Takes what the operator named: a URL as it is, a file of this machine as a copy.
    async fn of(context: &Context, named: &str) -> Result<Self, Failure> {
        let url = Url::parse(named).ok();
        let shelf = MediaShelf::new(context.state.outbound_media());
        let copy = match url.as_ref().map(Url::scheme) {
            Some("http" | "https") => return Ok(Self { reference: named.into(), _copy: None }),
            Some("data") => shelf.keep_data(named.into()).await,
            Some("file") => {
                let path = url.and_then(|url| url.to_file_path().ok());
                let path = path.ok_or_else(|| Failure::usage(format!("not a file: {named}")))?;
                shelf.keep_file(path).await
            }
            _ => shelf.keep_file(named.into()).await,
        };
        let copy =
            copy.map_err(|error| Failure::failed("the file cannot be sent").because(&error))?;
        Ok(Self { reference: copy.path().display().to_string(), _copy: Some(copy) })
    }
}

/// Sends a message through the running gateway, or with that one channel loaded if none runs.
pub async fn run(global: &Global, args: SendArgs) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let attachment = match &args.media_url {
        Some(named) => Some(Attachment::of(&context, named).await?),
        None => None,
    };
    let payload = ReplyPayload {
        text: args.text.clone().unwrap_or_default(),
        media: attachment.iter().map(|file| file.reference.clone()).collect(),
        is_error: false,
    };
    let receipt = match context.running().ask(&request(&args, &payload)).await {
        Err(failure) if failure.exit() == Exit::NotRunning => {
            send_alone(&context, &args, payload).await?
        }
        answer => answer?,
    };
    if args.json {
        return Ok(output::json(&receipt)?);
    }
    let to = args.to;
    Ok(output::line(match receipt["messageId"].as_str() {
        Some(id) => format!("Sent to {to} (message {id})"),
        None => format!("Sent to {to}"),
    })?)
}

fn request(args: &SendArgs, payload: &ReplyPayload) -> Request {
    Request::Send {
        channel: args.channel.clone(),
        account: args.account.clone(),
        to: args.to.clone(),
        text: payload.text.clone(),
        media: payload.media.clone(),
        reply_to: args.reply_to.clone(),
    }
}

async fn send_alone(
    context: &Context,
    args: &SendArgs,
    payload: ReplyPayload,
) -> Result<Value, Failure> {
    let channel = load_channel(context, &args.channel).await?;
    let sent = send_through(&channel, args, payload).await;
    channel.close().await;
    sent
}

async fn send_through(
    channel: &dyn Channel,
    args: &SendArgs,
    payload: ReplyPayload,
) -> Result<Value, Failure> {
    let accounts = channel.accounts().await.map_err(|error| {
        Failure::failed(format!("cannot list the accounts of channel {}", channel.id()))
            .because(&error)
    })?;
    let message = OutboundMessage {
        account: choose(channel.id(), accounts, args.account.as_deref())?,
        to: args.to.clone(),
        thread: None,
        reply_to: args.reply_to.clone(),
        payload,
    };
    // The account is not started: it would receive messages that nobody answers.
    let receipt = channel.send(message).await.map_err(|error| {
        Failure::failed("message not sent")
            .because(&error)
            .hint("some channels send only while they are connected: run `ocg start` beside it")
    })?;
    Ok(json!({ "messageId": receipt.message_id }))
}

/// The account that was named, or else the only one that can be used.
fn choose(
    channel: &str,
    mut accounts: Vec<Account>,
    named: Option<&str>,
) -> Result<String, Failure> {
    let login = format!("`ocg channels login --channel {channel}` adds one");
    if let Some(name) = named {
        accounts.retain(|account| account.id == name);
        if accounts.is_empty() {
            let what = format!("channel {channel} has no account '{name}'");
            return Err(Failure::usage(what).hint(login));
        }
    } else if accounts.iter().any(|account| account.blocked.is_none()) {
        accounts.retain(|account| account.blocked.is_none());
    }
    match accounts.as_slice() {
        [] => Err(Failure::failed(format!("channel {channel} has no account")).hint(login)),
        [Account { id, blocked: Some(reason), .. }, ..] => {
            Err(Failure::failed(format!("{channel}/{id} cannot send: {reason}")))
        }
        [only] => Ok(only.id.clone()),
        several => {
            let ids: Vec<_> = several.iter().map(|account| account.id.as_str()).collect();
            let what = format!("channel {channel} has several accounts: {}", ids.join(", "));
            Err(Failure::usage(what).hint("name one with --account"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocked(id: &str) -> Account {
        Account { blocked: Some("not logged in".into()), ..Account::new(id) }
    }

    #[test]
    fn the_only_usable_account_needs_no_name() {
        let accounts = || vec![Account::new("a"), blocked("b")];
        assert_eq!(choose("chat", accounts(), None).unwrap(), "a");
        assert_eq!(choose("chat", accounts(), Some("a")).unwrap(), "a");
    }

    #[test]
    fn an_account_that_cannot_be_used_is_named() {
        let cases = [
            choose("chat", vec![], None),
            choose("chat", vec![blocked("a")], None),
            choose("chat", vec![Account::new("a"), Account::new("b")], None),
            choose("chat", vec![Account::new("a")], Some("z")),
            choose("chat", vec![blocked("a")], Some("a")),
        ];
        let refusals = cases.map(|refused| refused.unwrap_err().render(false));
        insta::assert_snapshot!(refusals.concat(), @"
        error: channel chat has no account
        hint: `ocg channels login --channel chat` adds one
        error: chat/a cannot send: not logged in
        error: channel chat has several accounts: a, b
        hint: name one with --account
        error: channel chat has no account 'z'
        hint: `ocg channels login --channel chat` adds one
        error: chat/a cannot send: not logged in
        ");
    }
}
