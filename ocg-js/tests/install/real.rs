//! The real WeChat plugin from the registry that this machine uses.

use std::collections::HashMap;
use std::time::Duration;

use ocg_core::http::HttpSettings;
use ocg_js::install::{InstallRequest, InstallSettings, Installer, Quiet, RetryPolicy};

#[tokio::test]
async fn weixin_and_its_dependencies() {
    let folder = tempfile::tempdir().unwrap();
    let home = std::env::var_os("HOME").map(Into::into);
    let installer = Installer::new(InstallSettings {
        folder: folder.path().to_owned(),
        client: HttpSettings::default().client_builder().unwrap(),
        environment: std::env::vars().collect::<HashMap<_, _>>(),
        home,
        min_release_age_days: 7,
        retry: RetryPolicy { attempts: 5, first_delay: Duration::from_millis(500) },
    })
    .unwrap();
    let request = InstallRequest { spec: "weixin".into(), ..InstallRequest::default() };
    let report = installer.install(&request, &Quiet).await.unwrap();
    let plugin = &report.plugin;
    assert_eq!(plugin.package, "@tencent-weixin/openclaw-weixin");
    assert_eq!(plugin.channels()[0].id, "openclaw-weixin");
    assert!(plugin.manifest.entry.ends_with("dist/index.js") && plugin.manifest.entry.is_file());
    for dependency in ["zod", "qrcode-terminal"] {
        let manifest = plugin.tree.join("node_modules").join(dependency).join("package.json");
        assert!(manifest.is_file(), "{}", manifest.display());
    }
    assert!(!plugin.tree.join("node_modules/openclaw").exists());
}
