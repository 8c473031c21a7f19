//! The gateway as a service of the system: what it tells the service manager, and what it is told.

use ocg_tests::PATIENCE;
use ocg_tests::harness::{Gateway, Home};
use serde_json::json;
use tokio::net::UnixDatagram;

use crate::sample;
use crate::scene::Scene;

/// The service manager's end of `sd_notify(3)`.
struct Manager(UnixDatagram);

impl Manager {
    /// Listens in `home`; commands there are told where, and that a sign of life is expected every
    /// 200 milliseconds.
    fn of(home: Home) -> (Self, Home) {
        let path = home.path("notify");
        let manager = Self(UnixDatagram::bind(&path).unwrap());
        let home = home.variable("NOTIFY_SOCKET", path.to_str().unwrap());
        (manager, home.variable("WATCHDOG_USEC", "200000"))
    }

    /// The next message.
    async fn told(&self) -> String {
        let mut message = vec![0; 1024];
        let received = tokio::time::timeout(PATIENCE, self.0.recv(&mut message)).await;
        let length = received.expect("the service manager is told something").unwrap();
        String::from_utf8_lossy(&message[..length]).trim().to_owned()
    }

    /// Waits for a message, past signs of life.
    async fn is_told(&self, wanted: &str) {
        loop {
            match self.told().await.as_str() {
                "WATCHDOG=1" if wanted != "WATCHDOG=1" => {}
                message => return assert_eq!(message, wanted),
            }
        }
    }
}

#[tokio::test]
async fn the_service_manager_is_told_of_start_life_and_end() {
    let (manager, home) = Manager::of(Home::new());
    sample::install(&home, &sample::source("", "")).await;
    let mut gateway = Gateway::start(&home);
    gateway.alive_until(manager.is_told("READY=1")).await;
    for _ in 0..3 {
        gateway.alive_until(manager.is_told("WATCHDOG=1")).await;
    }
    gateway.ask_to_stop();
    manager.is_told("STOPPING=1").await;
    assert_eq!(gateway.ended().await, Some(0));
}

#[tokio::test]
async fn a_restart_is_no_end() {
    let (manager, home) = Manager::of(Home::new());
    sample::install(&home, &sample::source("", "")).await;
    let mut gateway = Gateway::start(&home);
    gateway.alive_until(manager.is_told("READY=1")).await;
    home.run(&["restart"]).await.exits(0);
    manager.is_told("RELOADING=1").await;
    gateway.alive_until(manager.is_told("READY=1")).await;
    gateway.stop().await;
}

#[tokio::test]
async fn a_hangup_makes_it_read_everything_anew() {
    let scene = Scene::with_users(&["alice"]).await;
    // The watch on ocg.json does not see a change of this file.
    let key = scene.home.path("agent.key");
    std::fs::write(&key, "sk-one").unwrap();
    scene.home.configure(&scene.config().set(&["apiKey"], json!({ "file": key })));
    let mut gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("first");
    alice.reply(1).await;
    std::fs::write(&key, "sk-two").unwrap();
    gateway.hang_up();
    let output = gateway.output().clone();
    gateway.alive_until(output.until("SIGHUP: the configuration is read again")).await;
    // It is read a moment after that.
    let key_of =
        |number: usize| scene.agent.requests()[number - 1].headers["authorization"].clone();
    assert_eq!(key_of(1), "Bearer sk-one");
    for number in 2.. {
        alice.says("again");
        alice.reply(number).await;
        if key_of(number) == "Bearer sk-two" {
            break;
        }
        assert!(number < 100, "the new key is never used");
    }
    scene.end(gateway).await;
}
