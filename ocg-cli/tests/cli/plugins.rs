//! `ocg plugins`, as far as it needs no registry

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn nothing_is_installed() {
    assert_seen!(Sandbox::new().run(&["plugins", "list"]));
}

#[test]
fn nothing_is_installed_in_json() {
    let seen = Sandbox::new().run(&["plugins", "list", "--json"]);
    assert_eq!(seen, "exit: 0\n--- stdout\n[]\n");
}

#[test]
fn nothing_to_update() {
    assert_seen!(Sandbox::new().run(&["plugins", "update"]));
}

#[test]
fn what_is_not_installed_cannot_be_updated() {
    assert_seen!(Sandbox::new().run(&["plugins", "update", "left-pad"]));
}

#[test]
fn what_is_not_installed_cannot_be_removed() {
    assert_seen!(Sandbox::new().run(&["plugins", "remove", "left-pad"]));
}

#[test]
fn what_is_not_installed_cannot_be_checked() {
    assert_seen!(Sandbox::new().run(&["plugins", "check", "left-pad"]));
}

#[test]
fn a_registry_that_is_down() {
    let variables = [("npm_config_registry", "http://127.0.0.1:1/")];
    let install = ["plugins", "install", "@tencent-weixin/openclaw-weixin"];
    assert_seen!(Sandbox::new().run_with_env(&install, &variables));
}

#[test]
fn a_package_name_that_is_none() {
    let variables = [("npm_config_registry", "http://127.0.0.1:1/")];
    let install = ["plugins", "install", "../../etc/passwd"];
    assert_seen!(Sandbox::new().run_with_env(&install, &variables));
}

#[test]
fn a_registry_address_that_is_none() {
    let variables = [("npm_config_registry", "nonsense")];
    let install = ["plugins", "install", "@tencent-weixin/openclaw-weixin"];
    assert_seen!(Sandbox::new().run_with_env(&install, &variables));
}
