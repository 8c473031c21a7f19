//! One channel that a plugin offers, as its manifest describes it.

use serde_json::Value;

/// A channel that a plugin offers.
#[derive(Debug, Clone, PartialEq)]
pub struct ManifestChannel {
    /// The id that `channels.<id>` in the configuration uses.
    pub id: String,
    /// The name shown to people.
    pub label: String,
    /// One line on what the channel is.
    pub blurb: Option<String>,
    /// Where its documentation is: a URL or a path below the plugin project's documentation.
    pub docs: Option<String>,
    /// Other names that people use for the channel.
    pub aliases: Vec<String>,
    /// Environment variables that the manifest names for this channel (`configuredState.env` and
    /// `setup.fields[].envVars`): the ones the plugin may read.
    pub environment: Vec<String>,
    /// What `ocg channels add` may ask for.
    pub setup_fields: Vec<SetupField>,
    /// JSON Schema of the channel's configuration section.
    pub config_schema: Option<Value>,
}

/// One value that sets a channel up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupField {
    /// The name of the value: `--<key>` on the command line.
    pub key: String,
    /// `string`, `boolean` and the like.
    pub kind: String,
    /// Whether the value is a secret.
    pub sensitive: bool,
    /// What the value is, for help texts.
    pub description: Option<String>,
}
