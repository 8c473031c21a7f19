//! Setting an account up from named values (plugin contract §4.3).

use std::collections::BTreeMap;

use serde_json::json;

use super::channel::PluginChannel;
use super::error::PluginError;
use super::wire::{DescribedField, SetUpAccount};
use crate::manifest::SetupField;

impl PluginChannel {
    /// The values that the channel can be set up with: those its setup code reads, then the settings
    /// of its configuration section.
    ///
    /// # Errors
    /// When the plugin cannot be started or fails.
    pub async fn setup_fields(&self) -> Result<Vec<SetupField>, PluginError> {
        let args = json!({ "channel": self.plugin_id(), "schema": self.config_schema() });
        let fields = self.host().isolate().await?.call("setup.fields", args).await?;
        let fields: Vec<DescribedField> = self.host().read("setup.fields", fields)?;
        Ok(fields.into_iter().map(SetupField::from).collect())
    }

    /// Sets `account` up with `values`, checked by the plugin, and stores what changed in the
    /// configuration file. Returns the account's id.
    ///
    /// # Errors
    /// When the plugin refuses the values, or the file cannot be written; nothing is stored then.
    pub async fn set_up(
        &self,
        account: Option<&str>,
        values: &BTreeMap<String, String>,
    ) -> Result<String, PluginError> {
        let args = json!({
            "channel": self.plugin_id(),
            "account": account,
            "input": values,
            "schema": self.config_schema(),
        });
        let done = self.host().isolate().await?.call("setup.apply", args).await?;
        let done: SetUpAccount = self.host().read("setup.apply", done)?;
        Ok(done.account)
    }
}
