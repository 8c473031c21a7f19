//! `ocg pairing`

use ocg_core::admit::{PairingError, PairingFiles, PairingRequest, PairingStore};
use serde::Serialize;

use crate::cli::{Global, PairingAction};
use crate::context::Context;
use crate::failure::Failure;
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
            let channel = args.channel;
            Ok(output::line(format!("{id} may now write to {channel}/{account_id}"))?)
        }
        PairingAction::Deny(args) => {
            let request = store.deny(&args.channel, &args.code).await.map_err(refused)?;
            Ok(output::line(format!("{} was refused", request.id))?)
        }
    }
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
