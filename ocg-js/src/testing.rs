//! Runs JavaScript in an isolate and looks at what comes out.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ocg_core::config::Grant;
use ocg_core::http::HttpSettings;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::isolate::{Host, HostError, Isolate, IsolateError, IsolateSpec, Limits, ProcessView};
use crate::permit::{EnvironmentPermit, FilePermit, FileRoots, NetworkPermit, Permits};

/// A module that imports a file and returns its default export, called if it is a function.
pub(crate) const RUNNER: &str = "ocg:test/runner";
pub(crate) const RUNNER_SOURCE: &str = r#"
import { expose, hostCall, hostNotify } from "ocg:host";
globalThis.hostCall = hostCall;
globalThis.hostNotify = hostNotify;
globalThis.expose = expose;
expose("run", async ({ path }) => {
  const main = await import(path);
  return typeof main.default === "function" ? await main.default() : main.default;
});
"#;

/// A plugin's package in a temporary directory, and the isolate made from it.
pub(crate) struct Plugin {
    pub(crate) folder: TempDir,
    pub(crate) host: Arc<Recorder>,
    pub(crate) limits: Limits,
    pub(crate) cache: Option<PathBuf>,
    pub(crate) net: Vec<String>,
    pub(crate) http: HttpSettings,
}

/// A host that echoes calls and keeps what it is told.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) notes: Mutex<Vec<(String, Value)>>,
    pub(crate) output: Mutex<String>,
}

#[async_trait]
impl Host for Recorder {
    async fn call(&self, op: &str, args: Value) -> Result<Value, HostError> {
        match op {
            "echo" => Ok(args),
            "sleep" => {
                tokio::time::sleep(Duration::from_millis(args.as_u64().unwrap())).await;
                Ok(args)
            }
            _ => Err(HostError::new(format!("no such operation: {op}")).with_code("ENOSYS")),
        }
    }

    fn notify(&self, op: &str, args: Value) {
        assert_ne!(op, "panic", "as asked");
        if op == "block" {
            // As a slow disk would.
            std::thread::sleep(Duration::from_millis(args.as_u64().unwrap()));
        }
        self.notes.lock().unwrap().push((op.to_owned(), args));
    }

    fn stdout(&self, text: &str) {
        self.output.lock().unwrap().push_str(text);
    }

    fn stderr(&self, text: &str) {
        self.stdout(text);
    }
}

impl Plugin {
    /// Files by path below the package; `main.mjs` is what [`Plugin::run`] runs.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self {
            folder,
            host: Arc::default(),
            limits: Limits::default(),
            cache: None,
            net: Vec::new(),
            http: HttpSettings::default(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn spec(&self) -> IsolateSpec {
        let roots = FileRoots {
            packages: vec![self.path().to_owned()],
            state: self.path().join("state"),
            temp: self.path().join("temp"),
        };
        let (nothing_more, net) = (Grant::default(), Grant::Also(self.net.clone()));
        IsolateSpec {
            name: "test-plugin".into(),
            packages: roots.packages.clone(),
            permits: Permits {
                network: NetworkPermit::new("test-plugin", &net, &[]).unwrap(),
                files: FilePermit::new("test-plugin", &roots, &nothing_more, &nothing_more),
                environment: EnvironmentPermit::new(&[], &nothing_more),
            },
            limits: self.limits,
            bytecode_cache: self.cache.clone(),
            host: self.host.clone(),
            http: self.http.clone(),
            process: ProcessView {
                cwd: self.path().to_owned(),
                env: [("SEEN".to_owned(), "yes".to_owned())].into(),
                argv: vec!["plugin".into()],
            },
            worker: None,
        }
    }

    pub(crate) async fn start(&self) -> Isolate {
        let isolate = Isolate::start(self.spec()).await.unwrap();
        isolate.import(RUNNER).await.unwrap();
        isolate
    }

    pub(crate) async fn run(&self) -> Result<Value, IsolateError> {
        self.start().await.call("run", json!({ "path": self.path().join("main.mjs") })).await
    }
}

/// What the module's default export comes to.
pub(crate) async fn eval(source: &str) -> Value {
    eval_with_net(source, &[]).await
}

/// The same, with hosts that the plugin may reach beside public ones.
pub(crate) async fn eval_with_net(source: &str, net: &[&str]) -> Value {
    let mut plugin = Plugin::new(&[("main.mjs", source)]);
    plugin.net = net.iter().map(ToString::to_string).collect();
    match plugin.run().await {
        Ok(value) => value,
        Err(IsolateError::Exception(error)) => panic!("{}\n{}", error.message, error.stack),
        Err(error) => panic!("{error}"),
    }
}
