//! `ocg pairing`

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn nobody_waits() {
    assert_seen!(Sandbox::new().run(&["pairing", "list"]));
}

#[test]
fn nobody_waits_in_json() {
    let seen = Sandbox::new().run(&["pairing", "list", "--json"]);
    assert_eq!(seen, "exit: 0\n--- stdout\n[]\n");
}

#[test]
fn a_code_that_nobody_has() {
    let sandbox = Sandbox::new();
    let approve = ["pairing", "approve", "--channel", "openclaw-weixin", "ABCD2345"];
    assert_seen!(sandbox.run(&approve));
}

#[test]
fn a_channel_id_that_would_leave_the_folder() {
    assert_seen!(Sandbox::new().run(&["pairing", "deny", "--channel", "../../etc", "ABCD2345"]));
}

#[test]
fn a_sender_who_waits_is_listed_and_approved() {
    let sandbox = Sandbox::new();
    let folder = sandbox.state().join("openclaw").join("credentials");
    std::fs::create_dir_all(&folder).unwrap();
    // Far enough in the future not to have expired when the test runs.
    std::fs::write(
        folder.join("openclaw-weixin-pairing.json"),
        r#"{"version": 1, "requests": [{
            "id": "ann@im.wechat", "code": "ABCD2345", "accountId": "bot",
            "createdAt": "2100-01-01T00:00:00.000Z", "lastSeenAt": "2100-01-01T00:00:00.000Z",
            "meta": {"name": "Ann"}
        }]}"#,
    )
    .unwrap();
    let list = ["pairing", "list", "--channel", "openclaw-weixin"];
    assert_seen!(sandbox.run(&list));
    let seen = sandbox.run(&["pairing", "approve", "--channel", "openclaw-weixin", "abcd2345"]);
    assert_eq!(seen, "exit: 0\n--- stdout\nann@im.wechat may now write to openclaw-weixin/bot\n");
    assert_eq!(sandbox.run(&list), "exit: 0\n--- stdout\nNobody waits for approval.\n");
}
