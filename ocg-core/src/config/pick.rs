//! Choosing a setting's value among environment, file and default, and noting where it came from.

use std::path::{Path, PathBuf};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::diagnose::{Part, SourceText};
use super::field::{Headers, ProxyChoice, TextField};
use super::secret::Secrets;
use super::show::{Entry, Shown};
use super::{ConfigError, Environment, KeyPath, SecretRef, Source, Sourced, locate};

/// Picks top-level settings and resolves secrets of a file (if there is one).
pub(super) struct Picker<'a> {
    pub environment: &'a Environment,
    pub source: Option<&'a SourceText>,
    pub entries: Vec<Entry>,
}

impl<'a> Picker<'a> {
    pub(super) fn new(environment: &'a Environment, source: Option<&'a SourceText>) -> Self {
        Self { environment, source, entries: Vec::new() }
    }

    /// The value of `key`: from the environment, else from the file, else nothing.
    pub(super) fn optional<T: Shown>(
        &mut self,
        key: &str,
        from_env: Option<Sourced<T>>,
        from_file: Option<T>,
    ) -> Option<Sourced<T>> {
        let picked = from_env.or_else(|| from_file.map(|value| Sourced::new(value, self.file())));
        self.entries.push(Entry {
            key: KeyPath::of([key]),
            value: picked.as_ref().map(|picked| picked.value.shown()).unwrap_or_default(),
            source: picked.as_ref().map_or(Source::Default, |picked| picked.source.clone()),
        });
        picked
    }

    /// As [`Self::optional`], for settings that have a default.
    pub(super) fn with_default<T: Shown>(
        &mut self,
        key: &str,
        from_env: Option<Sourced<T>>,
        from_file: Option<T>,
        default: T,
    ) -> Sourced<T> {
        let set = from_env.or_else(|| from_file.map(|value| Sourced::new(value, self.file())));
        let picked = set.unwrap_or(Sourced::new(default, Source::Default));
        self.entries.push(Entry {
            key: KeyPath::of([key]),
            value: picked.value.shown(),
            source: picked.source.clone(),
        });
        picked
    }

    /// The source of top-level keys.
    pub(super) fn file(&self) -> Source {
        match self.source {
            Some(source) => Source::File { path: source.file.clone() },
            None => Source::Default,
        }
    }

    /// An environment variable that is a text as a setting.
    pub(super) fn env_text(&self, name: &'static str) -> Option<Sourced<String>> {
        let value = self.environment.get(name)?;
        Some(Sourced::new(value.to_owned(), Source::Env { name }))
    }

    /// An environment variable as a setting that is parsed.
    pub(super) fn env_parsed<T: TextField>(
        &self,
        name: &'static str,
    ) -> Result<Option<Sourced<T>>, ConfigError> {
        let Some(text) = self.environment.get(name) else { return Ok(None) };
        let value = T::parse(text)
            .ok_or_else(|| ConfigError::Environment { name, expected: T::EXPECTED.to_owned() })?;
        Ok(Some(Sourced::new(value, Source::Env { name })))
    }

    /// An environment variable as a switch.
    pub(super) fn env_switch(
        &self,
        name: &'static str,
    ) -> Result<Option<Sourced<bool>>, ConfigError> {
        let value = match self.environment.get(name).map(str::to_lowercase).as_deref() {
            None => return Ok(None),
            Some("1" | "true" | "yes" | "on") => true,
            Some("0" | "false" | "no" | "off") => false,
            Some(_) => {
                return Err(ConfigError::Environment { name, expected: "1 or 0".to_owned() });
            }
        };
        Ok(Some(Sourced::new(value, Source::Env { name })))
    }

    /// A path of the file, relative to its folder.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        self.folder().join(locate::expand_home(path, self.environment))
    }

    fn folder(&self) -> &Path {
        self.source.map_or(Path::new(""), SourceText::folder)
    }

    /// An error about the value of `key`.
    pub(super) fn wrong(&self, key: &KeyPath, message: impl Into<String>) -> ConfigError {
        match self.source {
            Some(source) => source.at(key, Part::Value, message, None).into(),
            None => ConfigError::Edit { path: key.clone(), reason: message.into() },
        }
    }

    /// The secret at `key`.
    pub(super) fn secret(
        &self,
        key: &KeyPath,
        reference: &SecretRef,
    ) -> Result<SecretString, ConfigError> {
        let secrets = Secrets { environment: self.environment, base: self.folder() };
        secrets.resolve(reference).map_err(|error| self.wrong(key, error.to_string()))
    }

    /// The secret at `key`, for a request header.
    pub(super) fn header_secret(
        &self,
        key: &KeyPath,
        reference: &SecretRef,
    ) -> Result<SecretString, ConfigError> {
        let secret = self.secret(key, reference)?;
        if HeaderValue::from_str(secret.expose_secret()).is_err() {
            let message = "the value has characters that no HTTP header can carry, \
                           such as a line break; correct it";
            return Err(self.wrong(key, message));
        }
        Ok(secret)
    }

    /// The headers at `key`.
    pub(super) fn headers(
        &self,
        key: &KeyPath,
        headers: Option<&Headers>,
    ) -> Result<Vec<(String, SecretString)>, ConfigError> {
        let headers = headers.into_iter().flatten();
        headers
            .map(|(name, value)| {
                Ok((name.0.to_lowercase(), self.header_secret(&key.key(&name.0), value)?))
            })
            .collect()
    }

    /// The proxy at `key`.
    pub(super) fn proxy(
        &self,
        key: &str,
        reference: &SecretRef,
    ) -> Result<ProxyChoice, ConfigError> {
        let key = KeyPath::of([key]);
        let text = self.secret(&key, reference)?;
        ProxyChoice::parse(text.expose_secret())
            .ok_or_else(|| self.wrong(&key, format!("expected {}", ProxyChoice::EXPECTED)))
    }
}
