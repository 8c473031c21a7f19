//! `ocg plugins`

mod check;
mod install;
mod list;
mod node_api;

use crate::cli::{Global, PluginsAction};
use crate::failure::Failure;

/// Runs one of the `plugins` commands.
pub async fn run(global: &Global, action: PluginsAction) -> Result<(), Failure> {
    match action {
        PluginsAction::Install { package, allow_fresh } => {
            install::install(global, &package, allow_fresh).await
        }
        PluginsAction::Update { package, allow_fresh } => {
            install::update(global, package.as_deref(), allow_fresh).await
        }
        PluginsAction::Remove { package } => list::remove(global, &package).await,
        PluginsAction::List { json } => list::list(global, json),
        PluginsAction::Check { package: Some(package), json, .. } => {
            check::one(global, &package, json)
        }
        PluginsAction::Check { package: None, markdown: true, .. } => check::page(global),
        PluginsAction::Check { package: None, json, .. } => check::all(global, json),
        PluginsAction::NodeApi { json } => node_api::run(json),
    }
}
