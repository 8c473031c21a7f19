//! Which registry serves which package, and with which credentials.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use deno_npmrc::{NPM_DEFAULT_REGISTRY, NpmRc, NpmRegistryUrl, RegistryConfig, ResolvedNpmRc};
use url::Url;

use super::InstallError;

/// Environment variables as npm reads them: `NPM_CONFIG_X` may be written in lower case.
struct NpmEnvironment<'a>(&'a HashMap<String, String>);

impl sys_traits::BaseEnvVar for NpmEnvironment<'_> {
    fn base_env_var_os(&self, key: &OsStr) -> Option<OsString> {
        let key = key.to_str()?;
        let lower = || key.starts_with("NPM_CONFIG_").then(|| key.to_ascii_lowercase());
        let value = self.0.get(key).or_else(|| self.0.get(&lower()?))?;
        (!value.is_empty()).then(|| value.into())
    }
}

impl NpmEnvironment<'_> {
    fn get(&self, key: &str) -> Option<String> {
        use sys_traits::EnvVar;
        self.env_var(key).ok()
    }
}

/// Reads the `.npmrc` in `folder` and the user's (`NPM_CONFIG_USERCONFIG`, else in `home`); the
/// former comes first, `NPM_CONFIG_REGISTRY` before both.
///
/// # Errors
/// When a file or an address in it is not valid.
pub(super) fn load(
    folder: &Path,
    home: Option<&Path>,
    environment: &HashMap<String, String>,
) -> Result<ResolvedNpmRc, InstallError> {
    let environment = NpmEnvironment(environment);
    let user = match environment.get("NPM_CONFIG_USERCONFIG") {
        Some(path) => Some(PathBuf::from(path)),
        None => home.map(|home| home.join(".npmrc")),
    };
    let mut settings = read(&folder.join(".npmrc"), &environment)?;
    if let Some(user) = user {
        settings = merge(settings, read(&user, &environment)?);
    }
    let registry = match environment.get("NPM_CONFIG_REGISTRY") {
        Some(text) => {
            NpmRegistryUrl { url: address("NPM_CONFIG_REGISTRY", &text)?, from_env: true }
        }
        None => {
            let url = address("the built-in default", NPM_DEFAULT_REGISTRY)?;
            NpmRegistryUrl { url, from_env: false }
        }
    };
    if let Some(text) = &settings.registry {
        address("`registry` of .npmrc", text)?;
    }
    for (scope, text) in &settings.scope_registries {
        address(&format!("`@{scope}:registry` of .npmrc"), text)?;
    }
    settings.as_resolved(&registry).map_err(|source| InstallError::RegistryAddress {
        place: ".npmrc".to_owned(),
        reason: source.to_string(),
    })
}

fn read(path: &Path, environment: &NpmEnvironment<'_>) -> Result<NpmRc, InstallError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(NpmRc::default());
        }
        Err(source) => return Err(InstallError::disk("read", path, source)),
    };
    // The parser's own error quotes the file, which may hold tokens.
    NpmRc::parse(environment, &text).map_err(|_| InstallError::Npmrc {
        path: path.to_owned(),
        reason: "expected lines of the form key=value".to_owned(),
    })
}

fn merge(first: NpmRc, second: NpmRc) -> NpmRc {
    let mut scope_registries = second.scope_registries;
    scope_registries.extend(first.scope_registries);
    let mut registry_configs = second.registry_configs;
    registry_configs.extend(first.registry_configs);
    NpmRc {
        registry: first.registry.or(second.registry),
        scope_registries,
        registry_configs,
        replace_registry_host: first.replace_registry_host.or(second.replace_registry_host),
        ..NpmRc::default()
    }
}

fn address(place: &str, text: &str) -> Result<Url, InstallError> {
    let bad = |reason: String| InstallError::RegistryAddress { place: place.to_owned(), reason };
    let text = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
    let url = Url::parse(&text).map_err(|error| bad(error.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        other => Err(bad(format!("it begins with {other}:"))),
    }
}

/// The `Authorization` header that `config` stands for.
pub(super) fn authorization(config: &RegistryConfig) -> Option<String> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    if let Some(token) = &config.auth_token {
        return Some(format!("Bearer {token}"));
    }
    if let Some(auth) = &config.auth {
        return Some(format!("Basic {auth}"));
    }
    let user = config.username.as_ref().or(config.email.as_ref())?;
    // npm stores the password in base64.
    let password = STANDARD.decode(config.password.as_ref()?).ok()?;
    let mut pair = format!("{user}:").into_bytes();
    pair.extend(password);
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

/// A registry's address as it may be shown: without user, password and query.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for addresses that cannot have a user, which then have none to show.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn the_plugins_folder_comes_before_home_and_the_environment_before_both() {
        let folder = tempfile::tempdir().unwrap();
        let home = tempfile::tempdir().unwrap();
        std::fs::write(
            home.path().join(".npmrc"),
            "registry=http://home.test\n@s:registry=http://scope.test/npm\n//scope.test/npm/:_authToken=${T}\n",
        )
        .unwrap();
        let load = |environment: &[(&str, &str)]| {
            super::load(folder.path(), Some(home.path()), &env(environment)).unwrap()
        };
        let resolved = load(&[("T", "secret")]);
        assert_eq!(resolved.get_registry_url("a").as_str(), "http://home.test/");
        assert_eq!(resolved.get_registry_url("@s/a").as_str(), "http://scope.test/npm/");
        let config = resolved.get_registry_config("@s/a");
        assert_eq!(authorization(config).as_deref(), Some("Bearer secret"));

        std::fs::write(folder.path().join(".npmrc"), "registry=http://folder.test/\n").unwrap();
        assert_eq!(load(&[]).get_registry_url("a").as_str(), "http://folder.test/");
        let resolved = load(&[("npm_config_registry", "http://env.test")]);
        assert_eq!(resolved.get_registry_url("a").as_str(), "http://env.test/");
    }

    #[test]
    fn bad_addresses_name_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let load = |e: &[(&str, &str)]| super::load(folder.path(), None, &env(e)).unwrap_err();
        insta::assert_snapshot!(
            load(&[("NPM_CONFIG_REGISTRY", "ftp://x")]),
            @"the npm registry address in NPM_CONFIG_REGISTRY is not an http or https URL: it begins with ftp:"
        );
        std::fs::write(folder.path().join(".npmrc"), "@s:registry=nonsense\n").unwrap();
        insta::assert_snapshot!(
            load(&[]),
            @"the npm registry address in `@s:registry` of .npmrc is not an http or https URL: relative URL without a base"
        );
    }

    #[test]
    fn basic_credentials_and_hidden_ones() {
        let config = RegistryConfig {
            username: Some("u".into()),
            password: Some("cHc=".into()),
            ..Default::default()
        };
        assert_eq!(authorization(&config).as_deref(), Some("Basic dTpwdw=="));
        let url = Url::parse("https://u:p@host.test/npm/?k=v").unwrap();
        assert_eq!(shown(&url), "https://host.test/npm");
    }
}
