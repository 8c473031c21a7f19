//! `ocg channels`

mod add;
mod import;
mod list;
mod login;
mod remove;
mod running;

use crate::cli::{ChannelsAction, Global};
use crate::failure::Failure;

/// Runs one of the `channels` commands.
pub async fn run(global: &Global, action: ChannelsAction) -> Result<(), Failure> {
    match action {
        ChannelsAction::List { all, json } => list::run(global, all, json),
        ChannelsAction::Status { channel, json } => {
            running::status(global, channel.as_deref(), json).await
        }
        ChannelsAction::Add(args) => add::run(global, args).await,
        ChannelsAction::Remove(args) => remove::run(global, args).await,
        ChannelsAction::Import { channel, from } => import::run(global, channel.as_deref(), from),
        ChannelsAction::Login(args) => login::run(global, args).await,
        ChannelsAction::Start(args) => running::start(global, args).await,
        ChannelsAction::Stop(args) => running::stop(global, args).await,
        ChannelsAction::Restart(args) => running::restart(global, args).await,
    }
}
