//! The npm registry's HTTP API.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use deno_npmrc::ResolvedNpmRc;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HeaderValue, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use url::Url;

use super::packument::Packument;
use super::{InstallError, RetryPolicy, alias, npmrc};

/// Requests that run at once.
pub(super) const CONCURRENCY: usize = 8;

/// The largest document about a package that is read; the largest in existence are near 100 MB.
const MAX_PACKUMENT: usize = 256 << 20;

/// The longest wait that a registry can ask for between two tries.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(30);

/// How much a document about a package tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Everything, publication times included.
    Full,
    /// What an installation needs.
    Abbreviated,
}

/// One or more npm registries, as `.npmrc` distributes packages over them.
pub(super) struct Registry {
    client: Client,
    settings: ResolvedNpmRc,
    retry: RetryPolicy,
}

impl fmt::Debug for Registry {
    /// Shows no settings: they hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("retry", &self.retry).finish_non_exhaustive()
    }
}

impl Registry {
    pub(super) fn new(client: Client, settings: ResolvedNpmRc, retry: RetryPolicy) -> Self {
        Self { client, settings, retry }
    }

    /// Asks what the registry knows about `package`.
    pub(super) async fn packument(
        &self,
        package: &str,
        detail: Detail,
    ) -> Result<Packument, InstallError> {
        let base = self.settings.get_registry_url(package);
        let bad = |reason: String| InstallError::BadPackument {
            package: package.to_owned(),
            registry: npmrc::shown(base),
            reason,
        };
        let url =
            base.join(&package.replace('/', "%2f")).map_err(|error| bad(error.to_string()))?;
        let accept = match detail {
            Detail::Full => "application/json",
            Detail::Abbreviated => {
                "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8"
            }
        };
        let body = self
            .retrying(|| async {
                let request = self.client.get(url.clone()).header(ACCEPT, accept);
                let credentials = npmrc::authorization(self.settings.get_registry_config(package));
                let mut response = self.send(request, credentials, package, base).await?;
                let mut body = Vec::new();
                while let Some(chunk) =
                    response.chunk().await.map_err(|error| unreachable(base, error))?
                {
                    if body.len() + chunk.len() > MAX_PACKUMENT {
                        return Err(bad("the answer is larger than 256 MiB".to_owned()));
                    }
                    body.extend_from_slice(&chunk);
                }
                Ok(body)
            })
            .await?;
        let mut packument: Packument = serde_json::from_slice(&body).map_err(|error| {
            bad(format!("{error}; a proxy or login page may have answered in its place"))
        })?;
        packument.name = package.to_owned();
        packument.registry = npmrc::shown(base);
        Ok(packument)
    }

    /// Opens a tarball; one try.
    pub(super) async fn tarball(&self, package: &str, url: &Url) -> Result<Response, InstallError> {
        let base = self.settings.get_registry_url(package);
        // Credentials go to the server that `.npmrc` names for them, and never from https to http.
        let downgraded = base.scheme() == "https" && url.scheme() != "https";
        let credentials = self
            .settings
            .tarball_config_for_package(url, package)
            .filter(|_| !downgraded)
            .and_then(|config| npmrc::authorization(config));
        let request = self.client.get(url.clone()).header(ACCEPT_ENCODING, "identity");
        let mut server = url.clone();
        server.set_path("");
        let server = if server.origin() == base.origin() { base } else { &server };
        self.send(request, credentials, package, server).await.map_err(|error| match error {
            InstallError::PackageNotFound { package, .. } => {
                InstallError::TarballNotFound { package, address: npmrc::shown(url) }
            }
            other => other,
        })
    }

    /// Where to fetch a tarball whose address the registry gave as `text`.
    pub(super) fn tarball_address(&self, package: &str, text: &str) -> Result<Url, InstallError> {
        let base = self.settings.get_registry_url(package);
        let bad = || InstallError::BadPackument {
            package: package.to_owned(),
            registry: npmrc::shown(base),
            reason: "the address of its tarball is not an http or https URL".to_owned(),
        };
        let url = Url::parse(text).map_err(|_| bad())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad());
        }
        Ok(self.settings.replace_tarball_url(url, package))
    }

    /// The path of a tarball seen from its registry, unless it lies on another server.
    pub(super) fn relative(&self, package: &str, tarball: &Url) -> Option<String> {
        self.settings.get_registry_url(package).make_relative(tarball)
    }

    /// The opposite of [`Self::relative`]; `None` when the path leads to another server.
    pub(super) fn absolute(&self, package: &str, path: &str) -> Option<Url> {
        let base = self.settings.get_registry_url(package);
        base.join(path).ok().filter(|url| url.origin() == base.origin())
    }

    /// Repeats what fails for a passing reason.
    pub(super) async fn retrying<T, F, Attempt>(&self, attempt: F) -> Result<T, InstallError>
    where
        F: Fn() -> Attempt,
        Attempt: Future<Output = Result<T, InstallError>>,
    {
        let mut delay = self.retry.first_delay;
        for _ in 1..self.retry.attempts {
            let error = match attempt().await {
                Err(error) if error.is_retryable() => error,
                other => return other,
            };
            let asked = match &error {
                InstallError::Status { retry_after: Some(seconds), .. } => {
                    Duration::from_secs(*seconds).min(MAX_RETRY_AFTER)
                }
                _ => Duration::ZERO,
            };
            tracing::debug!(%error, "the npm registry failed; trying again");
            tokio::time::sleep(delay.max(asked)).await;
            delay *= 2;
        }
        attempt().await
    }

    /// Sends one request and turns a bad status into an error.
    async fn send(
        &self,
        request: RequestBuilder,
        credentials: Option<String>,
        package: &str,
        server: &Url,
    ) -> Result<Response, InstallError> {
        let had_credentials = credentials.is_some();
        let request = match credentials.and_then(|text| HeaderValue::from_str(&text).ok()) {
            Some(mut value) => {
                value.set_sensitive(true);
                request.header(AUTHORIZATION, value)
            }
            None => request,
        };
        let response = request.send().await.map_err(|error| unreachable(server, error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let registry = npmrc::shown(server);
        let package = package.to_owned();
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => InstallError::Unauthorized {
                registry,
                status: status.as_u16(),
                package,
                had_credentials,
            },
            StatusCode::NOT_FOUND | StatusCode::GONE => InstallError::PackageNotFound {
                near: alias::near(&package).map(str::to_owned),
                package,
                registry,
            },
            _ => InstallError::Status {
                registry,
                status: status.as_u16(),
                package,
                retry_after: retry_after(&response),
            },
        })
    }
}

/// `Retry-After` in seconds; the form with a date is not used by registries.
fn retry_after(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

pub(super) fn unreachable(server: &Url, error: reqwest::Error) -> InstallError {
    InstallError::Unreachable {
        registry: npmrc::shown(server),
        reason: reason(&error),
        source: error.without_url(),
    }
}

/// What went wrong on the way, in a few words.
fn reason(error: &reqwest::Error) -> String {
    let mut deepest = None;
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return format!("TLS failed ({tls})");
        }
        if error.to_string().starts_with("dns error") {
            return "its name cannot be looked up (DNS)".to_owned();
        }
        deepest = Some(error.to_string());
        cause = match error.downcast_ref::<std::io::Error>() {
            Some(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                return "connection refused".to_owned();
            }
            // As a source, an I/O error names what lies below what it wraps.
            Some(error) => error.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    deepest.unwrap_or_else(|| "the request failed".to_owned())
}
