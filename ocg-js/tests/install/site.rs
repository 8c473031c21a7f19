//! A plugins folder with an installer for it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use ocg_core::http::HttpSettings;
use ocg_js::install::{
    InstallError, InstallEvent, InstallProgress, InstallReport, InstallRequest, InstallSettings,
    Installer, PluginStore, RetryPolicy,
};

use crate::registry::FakeRegistry;

pub(crate) struct Site {
    home: tempfile::TempDir,
    registry: String,
}

/// Remembers all events.
#[derive(Default)]
pub(crate) struct Recorder(pub(crate) Mutex<Vec<InstallEvent>>);

impl InstallProgress for Recorder {
    fn event(&self, event: InstallEvent) {
        self.0.lock().unwrap().push(event);
    }
}

impl Site {
    pub(crate) fn new(registry: &FakeRegistry) -> Self {
        Self::at(&registry.url())
    }

    pub(crate) fn at(registry: &str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), registry: registry.to_owned() }
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn plugins(&self) -> PathBuf {
        self.home.path().join("plugins")
    }

    pub(crate) fn store(&self) -> PluginStore {
        PluginStore::new(self.plugins())
    }

    pub(crate) fn installer(&self) -> Installer {
        let registry = ("npm_config_registry".to_owned(), self.registry.clone());
        self.installer_with(HashMap::from([registry])).unwrap()
    }

    pub(crate) fn installer_with(
        &self,
        environment: HashMap<String, String>,
    ) -> Result<Installer, InstallError> {
        Installer::new(InstallSettings {
            folder: self.plugins(),
            client: HttpSettings::default().client_builder().unwrap().no_proxy(),
            environment,
            home: Some(self.home.path().to_owned()),
            min_release_age_days: 7,
            retry: RetryPolicy { attempts: 3, first_delay: Duration::from_millis(1) },
        })
    }

    pub(crate) async fn install(&self, spec: &str) -> Result<InstallReport, InstallError> {
        self.request(&InstallRequest { spec: spec.into(), ..InstallRequest::default() }).await
    }

    pub(crate) async fn request(
        &self,
        request: &InstallRequest,
    ) -> Result<InstallReport, InstallError> {
        self.installer().install(request, &Recorder::default()).await
    }

    /// The error of an installation as users see it, with all causes; nothing may be left behind.
    pub(crate) async fn error(&self, spec: &str) -> String {
        let before = self.files();
        let error = self.install(spec).await.unwrap_err();
        assert_eq!(self.files(), before, "a failed installation leaves nothing");
        self.render(&error)
    }

    pub(crate) fn render(&self, error: &InstallError) -> String {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            text = format!("{text}\n  {error}");
            cause = error.source();
        }
        text.replace(self.registry.trim_end_matches('/'), "REGISTRY")
            .replace(self.home.path().to_str().unwrap(), "HOME")
    }

    /// All files in the plugins folder, without the lock.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        collect(&self.plugins(), &self.plugins(), &mut files);
        files.retain(|file| file != ".lock");
        files.sort();
        files
    }

    /// All packages of the installed plugin `plug`, as `path version`.
    pub(crate) fn tree(&self) -> Vec<String> {
        let mut tree = Vec::new();
        for file in self.files() {
            if let Some(path) =
                file.strip_prefix("plug/").and_then(|f| f.strip_suffix("/package.json"))
            {
                let text = std::fs::read(self.plugins().join(&file)).unwrap();
                let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
                tree.push(format!("{path} {}", json["version"].as_str().unwrap()));
            }
        }
        tree
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}
