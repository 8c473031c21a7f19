//! `ocg pairing`

use ocg_core::admit::{PairingError, PairingFiles, PairingRequest, PairingStore};
use ocg_core::channel::Channel;
use ocg_core::message::AccountKey;
use serde::Serialize;

use crate::cli::{Global, PairingAction};
use crate::context::Context;
use crate::control::Request;
use crate::failure::{Exit, Failure};
use crate::gateway::load_channel;
use crate::output::{self, Table};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    channel: String,
    account: String,
    sender: String,
    name: Option<String>,
    code: String,
    asked_at: String,
}

/// Runs one of the `pairing` commands. They work on the files that the running gateway reads, so
/// it need not run.
pub async fn run(global: &Global, action: PairingAction) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let store = PairingFiles::new(context.state.credentials());
    match action {
        PairingAction::List { channel, json } => {
            let channels = match channel {
                Some(channel) => vec![channel],
                None => context.channel_ids()?,
            };
            list(&store, channels, json).await
        }
        PairingAction::Approve(args) => {
            let request = store.approve(&args.channel, &args.code).await.map_err(refused)?;
            let PairingRequest { id, account_id, .. } = request;
            let account = AccountKey::new(&args.channel, account_id);
            output::line(format!("{id} may now write to {account}"))?;
            match tell_approved(&context, &account, &id).await {
                Ok(true) => Ok(output::line("They were told so.")?),
                Ok(false) => Ok(()),
                Err(failure) => {
                    output::warn(format!("they could not be told: {}", failure.one_line()));
                    Ok(())
                }
            }
        }
        PairingAction::Deny(args) => {
            let request = store.deny(&args.channel, &args.code).await.map_err(refused)?;
            Ok(output::line(format!("{} was refused", request.id))?)
        }
    }
}

/// Tells a sender that they were approved, through the running gateway, or with that one channel
/// loaded if none runs. `false` where the channel has no words for that.
async fn tell_approved(
    context: &Context,
    account: &AccountKey,
    sender: &str,
) -> Result<bool, Failure> {
    let request = Request::TellApproved {
        channel: account.channel.clone(),
        account: account.account.clone(),
        sender: sender.to_owned(),
    };
    match context.running().ask(&request).await {
        Err(failure) if failure.exit() == Exit::NotRunning => {}
        answer => return Ok(answer? == true),
    }
    if context.plugin_of_channel(&account.channel).is_err() {
        return Ok(false);
    }
    let channel = load_channel(context, &account.channel).await?;
    let told = channel.tell_approved(&account.account, sender).await;
    channel.close().await;
    told.map_err(|error| Failure::failed(error.to_string()))
}

async fn list(store: &PairingFiles, channels: Vec<String>, json: bool) -> Result<(), Failure> {
    let mut waiting = Vec::new();
    for channel in channels {
        for request in store.list(&channel).await.map_err(refused)? {
            waiting.push(Waiting {
                channel: channel.clone(),
                account: request.account_id,
                sender: request.id,
                name: request.meta.get("name").cloned(),
                code: request.code,
                asked_at: request.created_at,
            });
        }
    }
    if json {
        return Ok(output::json(&waiting)?);
    }
    if waiting.is_empty() {
        return Ok(output::line("Nobody waits for approval.")?);
    }
    let mut table = Table::new(["channel", "account", "sender", "name", "code", "asked"]);
    for one in waiting {
        let name = one.name.unwrap_or_default();
        table.row([one.channel, one.account, one.sender, name, one.code, one.asked_at]);
    }
    Ok(table.print()?)
}

fn refused(error: PairingError) -> Failure {
    match &error {
        PairingError::UnknownCode { channel, .. } => Failure::failed(error.to_string())
            .hint(format!("`ocg pairing list --channel {channel}` shows who waits")),
        PairingError::BadId(_) => Failure::usage(error.to_string()),
        _ => Failure::failed("cannot use the pairing files").because(&error),
    }
}
