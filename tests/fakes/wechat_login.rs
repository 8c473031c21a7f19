//! QR login of the WeChat fake.

use ocg_tests::platforms::wechat::{Bot, WeChat};
use serde_json::{Value, json};

struct Phone {
    wechat: WeChat,
    bot: Bot,
}

impl Phone {
    async fn new() -> Self {
        let wechat = WeChat::start().await;
        let bot = Bot::new(&wechat.url(), "none yet");
        Self { wechat, bot }
    }

    async fn new_code(&self) -> String {
        let path = "/ilink/bot/get_bot_qrcode?bot_type=3";
        let answer = self.bot.call(path, json!({"local_token_list": []})).await;
        answer["qrcode"].as_str().unwrap().to_owned()
    }

    async fn status(&self, qrcode: &str, code: Option<&str>) -> Value {
        let url = format!("{}/ilink/bot/get_qrcode_status", self.wechat.url());
        let mut url = url::Url::parse_with_params(&url, [("qrcode", qrcode)]).unwrap();
        if let Some(code) = code {
            url.query_pairs_mut().append_pair("verify_code", code);
        }
        let request = reqwest::Client::new()
            .get(url)
            .header("iLink-App-Id", "bot")
            .header("iLink-App-ClientVersion", "65536");
        request.send().await.unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn scan_and_confirm_give_the_token() {
    let phone = Phone::new().await;
    let code = phone.new_code().await;
    assert_eq!(phone.status(&code, None).await["status"], "wait");
    let qr = phone.wechat.qr(1).await;
    qr.scan();
    assert_eq!(phone.status(&code, None).await["status"], "scaned");
    qr.confirm("owner@im.wechat", &phone.wechat.url());
    let confirmed = phone.status(&code, None).await;
    assert_eq!(confirmed["status"], "confirmed");
    assert_eq!(confirmed["bot_token"], phone.wechat.token());
    assert_eq!(confirmed["ilink_bot_id"], phone.wechat.bot_id());
    phone.wechat.assert_no_violations();
}

#[tokio::test]
async fn a_verification_code_is_asked_until_right_or_blocked() {
    let phone = Phone::new().await;
    let code = phone.new_code().await;
    phone.status(&code, None).await;
    let qr = phone.wechat.qr(1).await;
    qr.ask_code("4711");
    assert_eq!(phone.status(&code, None).await["status"], "need_verifycode");
    assert_eq!(phone.status(&code, Some("1")).await["status"], "need_verifycode");
    assert_eq!(phone.status(&code, Some("4711")).await["status"], "scaned");
    qr.code_accepted().await;
    qr.ask_code("0815");
    phone.status(&code, Some("1")).await;
    assert_eq!(phone.status(&code, Some("2")).await["status"], "verify_code_blocked");
    phone.wechat.assert_no_violations();
}

#[tokio::test]
async fn codes_expire_and_redirect() {
    let phone = Phone::new().await;
    let first = phone.new_code().await;
    phone.status(&first, None).await;
    phone.wechat.qr(1).await.expire();
    assert_eq!(phone.status(&first, None).await["status"], "expired");
    let second = phone.new_code().await;
    assert_ne!(first, second);
    phone.status(&second, None).await;
    phone.wechat.qr(2).await.redirect("ilinkai-sh.weixin.qq.com");
    let redirected = phone.status(&second, None).await;
    assert_eq!(redirected["redirect_host"], "ilinkai-sh.weixin.qq.com");
    phone.wechat.assert_no_violations();
    assert_eq!(phone.status("made up", None).await["ret"], -2);
}
