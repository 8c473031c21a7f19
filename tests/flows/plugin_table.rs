//! The table in the documentation of how much of what plugins use is there.

use std::fs;
use std::path::Path;

use ocg_tests::harness::{
    DINGTALK, DINGTALK_CHINA, FEISHU_CHINA, Home, QQBOT, WECOM, WECOM_APP, WECOM_TS, WEIXIN,
};

/// Where the table begins and what follows it.
const HEAD: &str = "| plugin | version | SDK names";

/// `OCG_WRITE_DOCS=1 cargo test -p ocg-tests --test flows plugin_table` writes it.
#[tokio::test]
async fn it_is_what_the_command_prints() {
    let plugins =
        [WECOM_TS, QQBOT, DINGTALK_CHINA, FEISHU_CHINA, WECOM, WECOM_APP, DINGTALK, WEIXIN];
    let home = Home::with_plugins(&plugins).await;
    let table = home.run(&["plugins", "check", "--all", "--markdown"]).await.exits(0).stdout;
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/plugins.md");
    let text = fs::read_to_string(&page).unwrap();
    let begin = text.find(HEAD).expect("the page has the table");
    let end = begin + text[begin..].find("\n\n").expect("text follows the table") + 1;
    if std::env::var_os("OCG_WRITE_DOCS").is_some() {
        fs::write(&page, format!("{}{table}{}", &text[..begin], &text[end..])).unwrap();
        return;
    }
    assert_eq!(&text[begin..end], table, "OCG_WRITE_DOCS=1 writes it anew");
}
