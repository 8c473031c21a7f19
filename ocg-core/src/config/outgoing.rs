//! Proxies and certificates as configured or as the environment has them.

use super::field::ProxyChoice;
use super::model::ConfigFile;
use super::pick::Picker;
use super::{ConfigError, Source, Sourced};
use crate::http::{CaFile, HttpSettings, ProxyRules, ProxyUrl};

/// HTTP settings for the two kinds of clients.
#[derive(Debug, Clone, Default)]
pub(super) struct Outgoing {
    pub agents: HttpSettings,
    pub plugins: HttpSettings,
}

impl Outgoing {
    pub(super) fn pick(pick: &mut Picker<'_>, file: &ConfigFile) -> Result<Self, ConfigError> {
        let no_proxy = env_first(pick, &["no_proxy", "NO_PROXY"]);
        let no_proxy = pick
            .optional("noProxy", None, file.no_proxy.clone())
            .or(no_proxy)
            .map(|picked| picked.value);
        let mut proxy = |key: &str, field: &Option<super::field::ProxyField>| {
            let choice = field.as_ref().map(|field| pick.proxy(key, &field.0)).transpose()?;
            Ok::<_, ConfigError>(pick.optional(key, None, choice).map(|picked| picked.value))
        };
        let shared = proxy("proxy", &file.proxy)?;
        let agents = proxy("agentProxy", &file.agent_proxy)?.or_else(|| shared.clone());
        let plugins = proxy("pluginProxy", &file.plugin_proxy)?.or(shared);
        let extra_ca_certs = certificates(pick, file);
        let settings = |choice: Option<ProxyChoice>| {
            let proxies = match choice {
                Some(ProxyChoice::Direct) => ProxyRules::default(),
                Some(ProxyChoice::Through(proxy)) => ProxyRules::all(proxy, no_proxy.clone()),
                None => from_environment(pick, no_proxy.clone())?,
            };
            Ok::<_, ConfigError>(HttpSettings { proxies, extra_ca_certs: extra_ca_certs.clone() })
        };
        Ok(Self { agents: settings(agents)?, plugins: settings(plugins)? })
    }
}

fn certificates(pick: &mut Picker<'_>, file: &ConfigFile) -> Vec<CaFile> {
    let named = file.extra_ca_certs.iter().flatten().map(|path| pick.path(path));
    let named: Vec<_> = named.collect();
    pick.optional("extraCaCerts", None, file.extra_ca_certs.as_ref().map(|_| named.clone()));
    let mut files: Vec<CaFile> = named
        .into_iter()
        .enumerate()
        .map(|(index, path)| CaFile { path, origin: format!("extraCaCerts[{index}]") })
        .collect();
    let mut variables = vec!["NODE_EXTRA_CA_CERTS"];
    if cfg!(any(target_vendor = "apple", windows)) {
        // Elsewhere it is read together with the operating system's store.
        variables.push("SSL_CERT_FILE");
    }
    for name in variables {
        if let Some(path) = pick.environment.get(name) {
            files
                .push(CaFile { path: path.into(), origin: format!("environment variable {name}") });
        }
    }
    files
}

/// As curl reads the environment: lower case first, and `HTTP_PROXY` in upper case as well,
/// because no CGI request can set it here.
fn from_environment(
    pick: &Picker<'_>,
    no_proxy: Option<String>,
) -> Result<ProxyRules, ConfigError> {
    let proxy = |names: &[&'static str]| -> Result<Option<ProxyUrl>, ConfigError> {
        let Some((name, text)) = pick.environment.first(names) else { return Ok(None) };
        let expected = "a proxy such as http://host:3128 or socks5://host:1080".to_owned();
        text.parse().map(Some).map_err(|_| ConfigError::Environment { name, expected })
    };
    Ok(ProxyRules {
        http: proxy(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])?,
        https: proxy(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
        no_proxy,
        loopback_direct: true,
    })
}

fn env_first(pick: &Picker<'_>, names: &[&'static str]) -> Option<Sourced<String>> {
    let (name, value) = pick.environment.first(names)?;
    Some(Sourced::new(value.to_owned(), Source::Env { name }))
}
