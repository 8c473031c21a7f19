//! WeChat, QQ and DingTalk in one gateway: start and idle, alone and together.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, DINGTALK, Plugin, QQBOT, WEIXIN, WeixinAccount};
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::dingtalk::DingTalk;
use ocg_tests::platforms::proxy::Proxy;
use ocg_tests::platforms::qq::Qq;
use ocg_tests::platforms::wechat::WeChat;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::Instant;

use crate::arguments::PlatformArguments;
use crate::candidate::Running;
use crate::load::milliseconds;
use crate::process_tree;
use crate::report::{Column, Report};
use crate::series::Series;

/// Which plugins run together.
#[derive(Clone, Copy)]
struct Set {
    name: &'static str,
    plugins: &'static [Plugin],
}

const ALONE: [Set; 3] = [
    Set { name: "WeChat", plugins: &[WEIXIN] },
    Set { name: "QQ", plugins: &[QQBOT] },
    Set { name: "DingTalk", plugins: &[DINGTALK] },
];
const TOGETHER: Set = Set { name: "together", plugins: &[WEIXIN, QQBOT, DINGTALK] };

/// Measures every set, and adds up the three alone.
pub(crate) async fn measure(arguments: &PlatformArguments) -> Report {
    let mut columns = Vec::new();
    for set in ALONE.into_iter().chain([TOGETHER]) {
        eprintln!("{}: installs and warms up", set.name);
        let stage = Stage::new(set, &arguments.ocg).await;
        let mut series = Series::default();
        stage.run(arguments, &mut Series::default()).await;
        for number in 1..=arguments.runs {
            eprintln!("{}: run {number} of {}", set.name, arguments.runs);
            stage.run(arguments, &mut series).await;
        }
        let command = format!("{} start", arguments.ocg.display());
        columns.push(Column { name: set.name.to_owned(), command, series });
    }
    let mut series = Series::default();
    for metric in ["connected", "connected_cpu", "idle_rss", "idle_pss", "idle_cpu"] {
        let alone = columns[..ALONE.len()].iter().filter_map(|column| column.series.median(metric));
        series.add(metric, alone.sum());
    }
    let command = "medians added up".to_owned();
    columns.push(Column { name: "sum of the three alone".into(), command, series });
    let about = format!("idle for {:?} before it is weighed", idle(arguments));
    Report { columns, runs: arguments.runs, about }
}

fn idle(arguments: &PlatformArguments) -> Duration {
    Duration::from_millis(arguments.idle_ms)
}

/// The fakes and the files of one set; they serve all its runs.
struct Stage {
    set: Set,
    wechat: WeChat,
    qq: Qq,
    dingtalk: DingTalk,
    folder: TempDir,
    _agent: Agent,
    _proxy: Proxy,
    _authority: Authority,
}

impl Stage {
    async fn new(set: Set, ocg: &Path) -> Self {
        let authority = Authority::new();
        let wechat = WeChat::builder().lenient().hold(Duration::from_secs(30)).start().await;
        let qq = Qq::start(&authority).await;
        let dingtalk = DingTalk::start(&authority).await;
        let proxy = Proxy::start(qq.routes().chain(dingtalk.routes())).await;
        let agent = Agent::start().await;
        let folder = tempfile::Builder::new().prefix("ocg-bench-").tempdir().unwrap();
        std::fs::create_dir(folder.path().join("state")).unwrap();

        let mut config =
            Config::new(&agent).plugins_behind(&proxy, &authority).set(&["noProxy"], "127.0.0.1");
        for plugin in set.plugins {
            config = match *plugin {
                WEIXIN => config.wechat(&wechat),
                QQBOT => config.qq(&qq),
                _ => config.dingtalk(&dingtalk),
            };
        }
        let account = WeixinAccount {
            bot_id: wechat.bot_id(),
            token: wechat.token(),
            base_url: wechat.url(),
            users: vec![wechat.user("owner").id().to_owned()],
        };
        account.write(&folder.path().join("state").join("openclaw"));
        let (_agent, _proxy, _authority) = (agent, proxy, authority);
        let stage = Self { set, wechat, qq, dingtalk, folder, _agent, _proxy, _authority };
        stage.configure("{}");
        for plugin in set.plugins {
            stage.install(ocg, *plugin).await;
        }
        stage.configure(&config.text());
        stage
    }

    fn configure(&self, text: &str) {
        std::fs::write(self.folder.path().join("ocg.json"), text).unwrap();
    }

    async fn install(&self, ocg: &Path, plugin: Plugin) {
        let package = format!("{}@{}", plugin.package, plugin.version);
        let status =
            self.command(ocg).args(["plugins", "install", &package]).status().await.unwrap();
        assert!(status.success(), "`ocg plugins install {package}` failed: {status}");
    }

    fn command(&self, ocg: &Path) -> Command {
        let mut command = Command::new(ocg);
        command
            .env("OCG_CONFIG_PATH", self.folder.path().join("ocg.json"))
            .env("OCG_STATE_DIR", self.folder.path().join("state"))
            .stdout(Stdio::null());
        command
    }

    /// Starts the gateway, waits until all its platforms are connected, weighs it, and stops it.
    async fn run(&self, arguments: &PlatformArguments, series: &mut Series) {
        let log = std::fs::File::create(self.folder.path().join("gateway.log")).unwrap();
        let (qq, dingtalk) = (self.qq.connections(), self.dingtalk.connections());
        let has = |plugin: Plugin| self.set.plugins.contains(&plugin);
        let connected = async {
            tokio::join!(
                async {
                    if has(WEIXIN) {
                        self.wechat.until_polled().await
                    }
                },
                async {
                    if has(QQBOT) {
                        self.qq.until_more_connections(qq).await
                    }
                },
                async {
                    if has(DINGTALK) {
                        self.dingtalk.until_connected(dingtalk + 1).await
                    }
                },
            )
        };
        let started = Instant::now();
        let child =
            self.command(&arguments.ocg).arg("start").stderr(log).kill_on_drop(true).spawn();
        let running = Running::new(child.unwrap());
        let pid = running.pid();
        let limit = Duration::from_secs(arguments.limit_s);
        if tokio::time::timeout(limit, connected).await.is_err() {
            let log = std::fs::read_to_string(self.folder.path().join("gateway.log"));
            panic!("{} did not connect within {limit:?}:\n{}", self.set.name, log.unwrap());
        }
        series.add("connected", milliseconds(started.elapsed()));
        series.add("connected_cpu", milliseconds(process_tree::cpu(pid)));

        let half = idle(arguments) / 2;
        tokio::time::sleep(half).await;
        let settled = process_tree::cpu(pid);
        tokio::time::sleep(half).await;
        let idle_cpu = process_tree::cpu(pid).saturating_sub(settled);
        series.add("idle_cpu", 100.0 * idle_cpu.as_secs_f64() / half.as_secs_f64());
        let memory = process_tree::memory(pid);
        series.add("idle_rss", memory.rss);
        series.add("idle_pss", memory.pss);
        running.stop().await;
    }
}
