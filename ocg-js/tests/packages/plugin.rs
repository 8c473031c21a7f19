//! Installs a plugin and runs a script in its folder, where its dependencies are found.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ocg_core::config::Grant;
use ocg_core::http::HttpSettings;
use ocg_js::install::{InstallRequest, InstallSettings, Installer, Quiet, RetryPolicy};
use ocg_js::isolate::{Host, HostError, Isolate, IsolateError, IsolateSpec, Limits, ProcessView};
use ocg_js::permit::{EnvironmentPermit, FilePermit, FileRoots, NetworkPermit, Permits};
use serde_json::Value;

#[derive(Default)]
struct Output(Mutex<String>);

#[async_trait]
impl Host for Output {
    async fn call(&self, op: &str, _args: Value) -> Result<Value, HostError> {
        Err(HostError::new(format!("no such operation: {op}")))
    }

    fn notify(&self, _op: &str, _args: Value) {}

    fn stdout(&self, text: &str) {
        self.0.lock().unwrap().push_str(text);
    }

    fn stderr(&self, text: &str) {
        self.stdout(text);
    }
}

/// What `script` says with `say(value)`, one line each. It may reach 127.0.0.1.
pub(crate) async fn run(plugin: &str, http: HttpSettings, script: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let installer = Installer::new(InstallSettings {
        folder: folder.path().to_owned(),
        client: HttpSettings::default().client_builder().unwrap(),
        environment: std::env::vars().collect::<HashMap<_, _>>(),
        home: std::env::var_os("HOME").map(Into::into),
        min_release_age_days: 0,
        retry: RetryPolicy { attempts: 5, first_delay: Duration::from_millis(500) },
    })
    .unwrap();
    let request = InstallRequest { spec: plugin.into(), ..InstallRequest::default() };
    let tree = installer.install(&request, &Quiet).await.unwrap().plugin.tree;
    let main = tree.join("script.mjs");
    let say = "const say = (value) => process.stdout.write(`${JSON.stringify(value)}\\n`);\n";
    std::fs::write(&main, format!("{say}{script}")).unwrap();
    let roots = FileRoots {
        packages: vec![tree.clone()],
        state: folder.path().join("state"),
        temp: folder.path().join("temp"),
    };
    let (nothing_more, net) = (Grant::default(), Grant::Also(vec!["127.0.0.1".to_owned()]));
    let output = Arc::new(Output::default());
    let isolate = Isolate::start(IsolateSpec {
        name: plugin.to_owned(),
        packages: vec![tree],
        permits: Permits {
            network: NetworkPermit::new(plugin, &net, &[]).unwrap(),
            files: FilePermit::new(plugin, &roots, &nothing_more, &nothing_more),
            environment: EnvironmentPermit::new(&[], &nothing_more),
        },
        limits: Limits::default(),
        bytecode_cache: None,
        host: output.clone(),
        http,
        process: ProcessView { cwd: folder.path().to_owned(), ..ProcessView::default() },
        worker: None,
    })
    .await
    .unwrap();
    match isolate.import(&main.to_string_lossy()).await {
        Ok(()) => {}
        Err(IsolateError::Exception(error)) => panic!("{}\n{}", error.message, error.stack),
        Err(error) => panic!("{error}"),
    }
    isolate.stop().await;
    let output = output.0.lock().unwrap();
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
