//! Reads package.json and openclaw.plugin.json of a plugin package.

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{ManifestChannel, ManifestError, PluginManifest, SetupField};

#[derive(Deserialize)]
struct PackageJson {
    name: String,
    version: String,
    openclaw: Option<OpenClawSection>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct OpenClawSection {
    extensions: Vec<String>,
    runtime_extensions: Vec<String>,
    setup_entry: Option<String>,
    runtime_setup_entry: Option<String>,
    channel: Option<ChannelSection>,
    channels: Vec<ChannelEntry>,
    install: InstallSection,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct InstallSection {
    min_host_version: Option<String>,
}

/// An item of `openclaw.channels`: plugins write either the id or a whole section.
#[derive(Deserialize)]
#[serde(untagged)]
enum ChannelEntry {
    Id(String),
    Section(Box<ChannelSection>),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ChannelSection {
    id: String,
    label: Option<String>,
    blurb: Option<String>,
    docs_path: Option<String>,
    aliases: Vec<String>,
    configured_state: ConfiguredState,
    setup: SetupSection,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ConfiguredState {
    /// `{"anyOf": [names]}`, `{"allOf": [names]}` or a list of names.
    env: Value,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SetupSection {
    fields: Vec<FieldSection>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct FieldSection {
    key: String,
    kind: Option<String>,
    sensitive: bool,
    cli: CliSection,
    env_vars: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CliSection {
    description: Option<String>,
}

/// openclaw.plugin.json.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PluginJson {
    id: Option<String>,
    channels: Vec<String>,
    config_schema: Option<Value>,
    channel_configs: Map<String, Value>,
    channel_env_vars: Map<String, Value>,
}

pub(super) fn read(root: &Path) -> Result<PluginManifest, ManifestError> {
    let package: PackageJson = read_json(&root.join("package.json"))?;
    let plugin_path = root.join("openclaw.plugin.json");
    let plugin: PluginJson =
        if plugin_path.exists() { read_json(&plugin_path)? } else { PluginJson::default() };
    let name = package.name;
    let missing = |what: &str| ManifestError::NotAChannelPlugin {
        package: name.clone(),
        missing: what.to_owned(),
    };
    let section =
        package.openclaw.ok_or_else(|| missing("no `openclaw` section in package.json"))?;

    let (entry_key, entry) = match (section.runtime_extensions.first(), section.extensions.first())
    {
        (Some(entry), _) => ("openclaw.runtimeExtensions", entry),
        (None, Some(entry)) => ("openclaw.extensions", entry),
        (None, None) => return Err(missing("no entry file")),
    };
    let entry = inside(root, &name, entry_key, entry)?;
    let setup_entry = match (&section.runtime_setup_entry, &section.setup_entry) {
        (Some(path), _) => Some(inside(root, &name, "openclaw.runtimeSetupEntry", path)?),
        (None, Some(path)) => Some(inside(root, &name, "openclaw.setupEntry", path)?),
        (None, None) => None,
    };

    let channels = channels(section.channel, section.channels, &plugin);
    let id = plugin.id.or_else(|| channels.first().map(|c| c.id.clone()));
    let Some(id) = id.filter(|_| !channels.is_empty()) else {
        return Err(missing("no channel"));
    };
    Ok(PluginManifest {
        id,
        package: name,
        version: package.version,
        entry,
        setup_entry,
        channels,
        config_schema: plugin.config_schema,
        min_host_version: section.install.min_host_version,
    })
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, ManifestError> {
    let text = std::fs::read(path)
        .map_err(|source| ManifestError::Read { path: path.to_owned(), source })?;
    // Some editors write a byte order mark, which npm accepts.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    serde_json::from_slice(text)
        .map_err(|source| ManifestError::Json { path: path.to_owned(), source })
}

/// The absolute path of an entry file, which must exist and lie inside the package even when
/// links are followed.
fn inside(
    root: &Path,
    package: &str,
    key: &'static str,
    entry: &str,
) -> Result<PathBuf, ManifestError> {
    let outside = || ManifestError::EntryOutside {
        package: package.to_owned(),
        key,
        entry: entry.to_owned(),
    };
    let missing = || ManifestError::EntryMissing {
        package: package.to_owned(),
        key,
        entry: entry.to_owned(),
    };
    let relative = Path::new(entry);
    if !relative.components().all(|c| matches!(c, Component::CurDir | Component::Normal(_))) {
        return Err(outside());
    }
    let root = root.canonicalize().map_err(|_| missing())?;
    let path = root.join(relative).canonicalize().map_err(|_| missing())?;
    if !path.starts_with(&root) {
        return Err(outside());
    }
    if path.is_file() { Ok(path) } else { Err(missing()) }
}

/// All channels that any of the three places names, each once, in that order.
fn channels(
    main: Option<ChannelSection>,
    more: Vec<ChannelEntry>,
    plugin: &PluginJson,
) -> Vec<ManifestChannel> {
    let mut sections: Vec<ChannelSection> = main.into_iter().collect();
    sections.extend(more.into_iter().map(|entry| match entry {
        ChannelEntry::Id(id) => ChannelSection { id, ..ChannelSection::default() },
        ChannelEntry::Section(section) => *section,
    }));
    let named = plugin.channels.iter();
    sections.extend(named.map(|id| ChannelSection { id: id.clone(), ..Default::default() }));

    let mut channels: Vec<ManifestChannel> = Vec::new();
    for section in sections {
        let id = section.id.trim();
        if !id.is_empty() && !channels.iter().any(|c| c.id == id) {
            channels.push(channel(section, plugin));
        }
    }
    channels
}

fn channel(section: ChannelSection, plugin: &PluginJson) -> ManifestChannel {
    let id = section.id.trim().to_owned();
    let config = plugin.channel_configs.get(&id);
    let text = |key: &str| config?.get(key)?.as_str().map(str::to_owned);
    let mut environment = Vec::new();
    collect_names(&section.configured_state.env, &mut environment);
    for field in &section.setup.fields {
        environment.extend(field.env_vars.iter().cloned());
    }
    if let Some(names) = plugin.channel_env_vars.get(&id) {
        collect_names(names, &mut environment);
    }
    environment.sort();
    environment.dedup();
    ManifestChannel {
        label: section.label.or_else(|| text("label")).unwrap_or_else(|| id.clone()),
        blurb: section.blurb.or_else(|| text("description")),
        docs: section.docs_path,
        aliases: section.aliases,
        environment,
        setup_fields: section.setup.fields.into_iter().map(setup_field).collect(),
        config_schema: config.and_then(|c| c.get("schema")).cloned(),
        id,
    }
}

fn setup_field(field: FieldSection) -> SetupField {
    SetupField {
        key: field.key,
        kind: field.kind.unwrap_or_else(|| "string".to_owned()),
        sensitive: field.sensitive,
        description: field.cli.description,
    }
}

/// Every string below `value`: environment variable names come in lists, alone, or grouped under
/// `anyOf` and `allOf`.
fn collect_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::String(name) => names.push(name.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        Value::Object(groups) => groups.values().for_each(|item| collect_names(item, names)),
        _ => {}
    }
}
