//! `ocg config`

use serde_json::Value;

use ocg_core::config::{Config, ConfigError, KeyPath, edit, reference, schema};

use crate::cli::{ConfigAction, Global};
use crate::context::{Context, location, show_warnings, unusable};
use crate::failure::Failure;
use crate::output::{self, Table};

/// Runs one of the `config` commands.
pub fn run(global: &Global, action: ConfigAction) -> Result<(), Failure> {
    match action {
        ConfigAction::Get { path } => get(global, path.as_deref()),
        ConfigAction::Set { path, value } => set(global, &path, &value),
        ConfigAction::Show { json } => show(global, json),
        ConfigAction::Validate => validate(global),
        ConfigAction::Schema { markdown: true } => Ok(output::text(reference())?),
        ConfigAction::Schema { markdown: false } => Ok(output::json(&schema())?),
    }
}

fn get(global: &Global, path: Option<&str>) -> Result<(), Failure> {
    let path = path.map_or(Ok(KeyPath::default()), key_path)?;
    let context = Context::load(global)?;
    let nothing = Value::Object(serde_json::Map::new());
    let config = context.config();
    match path.find(config.raw().unwrap_or(&nothing)) {
        Some(Value::String(text)) => Ok(output::line(text)?),
        Some(value) => Ok(output::json(value)?),
        None => Err(Failure::failed(format!("{path} is not set in the configuration file"))
            .hint("`ocg config show` prints the values in effect, defaults included")),
    }
}

fn set(global: &Global, path: &str, value: &str) -> Result<(), Failure> {
    let path = key_path(path)?;
    let location = location(global);
    let file = match location.config_file() {
        Ok(Some(file)) => file,
        // A file that was asked for by name and does not exist is created, like the default one.
        Ok(None) | Err(ConfigError::NotFound { .. }) => {
            location.new_config_file().map_err(unusable)?
        }
        Err(error) => return Err(unusable(error)),
    };
    // `true`, `42` and `["a"]` are JSON; everything else is a text as it stands.
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    edit::set_value(&file, &path, &value).map_err(unusable)?;
    let warnings = Config::check(&file).map_err(unusable)?;
    show_warnings(&warnings);
    Ok(output::line(format!("Set {path} in {}", file.display()))?)
}

fn show(global: &Global, json: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let settings = context.shown_settings();
    if json {
        return Ok(output::json(&settings)?);
    }
    let mut table = Table::new(["setting", "value", "source"]);
    for setting in settings {
        table.row([setting.path.clone(), setting.shown_value(), setting.source]);
    }
    Ok(table.print()?)
}

fn validate(global: &Global) -> Result<(), Failure> {
    let context = Context::load(global)?;
    Ok(output::line(match context.config_file() {
        Some(file) => format!("{file} is valid"),
        None => "There is no configuration file; defaults apply".to_owned(),
    })?)
}

fn key_path(text: &str) -> Result<KeyPath, Failure> {
    text.parse()
        .map_err(|error: ocg_core::config::InvalidKeyPath| Failure::usage(error.to_string()))
}
