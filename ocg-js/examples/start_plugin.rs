//! Loads a plugin's entry into an isolate and prints what the start cost.
//!
//! `start_plugin PACKAGE_DIR ENTRY [CACHE_DIR [PERMITTED_HOST...]]`
#![allow(clippy::print_stdout, reason = "the output is what this example is for")]

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use ocg_core::config::Grant;
use ocg_core::http::HttpSettings;
use ocg_js::isolate::{Host, HostError, Isolate, IsolateSpec, Limits, ProcessView};
use ocg_js::permit::{EnvironmentPermit, FilePermit, FileRoots, NetworkPermit, Permits};
use serde_json::Value;

struct NoHost;

#[async_trait]
impl Host for NoHost {
    async fn call(&self, op: &str, _args: Value) -> Result<Value, HostError> {
        Err(HostError::new(format!("no host for {op}")))
    }

    fn notify(&self, _op: &str, _args: Value) {}

    fn stdout(&self, text: &str) {
        print!("{text}");
    }

    fn stderr(&self, text: &str) {
        print!("{text}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let package = PathBuf::from(args.next().ok_or("which package directory?")?);
    let entry = package.join(args.next().ok_or("which entry?")?);
    let cache = args.next().map(PathBuf::from);
    let net = Grant::Also(args.collect());
    let temp = std::env::temp_dir();
    let roots =
        FileRoots { packages: vec![package.clone()], state: temp.clone(), temp: temp.clone() };
    let nothing_more = Grant::default();
    let name = package.display().to_string();
    let isolate = Isolate::start(IsolateSpec {
        name: name.clone(),
        packages: vec![package],
        permits: Permits {
            network: NetworkPermit::new(&name, &net, &[])?,
            files: FilePermit::new(&name, &roots, &nothing_more, &nothing_more),
            environment: EnvironmentPermit::new(&[], &nothing_more),
        },
        limits: Limits::default(),
        bytecode_cache: cache,
        host: Arc::new(NoHost),
        http: HttpSettings::default(),
        process: ProcessView { cwd: temp, ..ProcessView::default() },
        worker: None,
    })
    .await?;
    report("isolate with globals");
    isolate.import("ocg:runtime/main").await?;
    report("and our runtime");
    isolate.import(&entry.to_string_lossy()).await?;
    report("and the plugin");
    isolate.stop().await;
    Ok(())
}

/// CPU time and memory of the process so far, from the kernel's own files.
fn report(what: &str) {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanoseconds: u64 = tasks
        .filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok())
        .chain(stat.is_empty().then(String::new))
        .filter_map(|text| text.split(' ').next()?.parse::<u64>().ok())
        .sum();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let rss = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or("VmRSS: unknown");
    println!("{what}: {:.1} ms CPU, {rss}", nanoseconds as f64 / 1e6);
}
