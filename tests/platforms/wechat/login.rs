//! Login by QR code, and the test's control of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::rules::{Refusal, malformed};
use super::state::State;
use crate::Watched;

/// How long a status poll is held while nobody scans.
const HOLD: Duration = Duration::from_millis(500);
/// Wrong verification codes before the platform blocks.
const CODE_TRIES: u32 = 3;

/// A QR code that was given out.
#[derive(Debug)]
pub(super) struct Login {
    qrcode: String,
    status: Status,
    wrong_codes: u32,
    polls: usize,
    /// Polls since the test last changed the status.
    polls_since: usize,
    /// Tokens of accounts that the client already has.
    local_tokens: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Status {
    Wait,
    Scanned,
    NeedCode(String),
    CodeBlocked,
    Expired,
    Redirect(String),
    AlreadyBound,
    Confirmed { user: String, base_url: String },
}

/// Answers `get_bot_qrcode`.
pub(super) fn new_code(state: &mut State, bot_type: &str, body: &Value) -> Result<Value, Refusal> {
    if bot_type != "3" {
        return Err(malformed(format!("bot_type {bot_type:?}")));
    }
    let tokens = body["local_token_list"].as_array().cloned().unwrap_or_default();
    let local_tokens = tokens.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect();
    let qrcode = format!("qr-{}", state.logins.len() + 1);
    let image = format!("https://liteapp.weixin.qq.com/q/{qrcode}");
    let status = Status::Wait;
    state.logins.push(Login {
        qrcode: qrcode.clone(),
        status,
        wrong_codes: 0,
        polls: 0,
        polls_since: 0,
        local_tokens,
    });
    Ok(json!({"ret": 0, "qrcode": qrcode, "qrcode_img_content": image}))
}

/// Answers `get_qrcode_status`, holding it while nobody scans.
pub(super) async fn status(
    state: &Watched<State>,
    qrcode: &str,
    code: Option<&str>,
) -> Result<Value, Refusal> {
    state.change(|s| match s.logins.iter_mut().find(|login| login.qrcode == qrcode) {
        Some(login) => {
            login.polls += 1;
            login.polls_since += 1;
            if let Some(code) = code {
                login.try_code(code);
            }
            Ok(())
        }
        None => Err(malformed(format!("qrcode {qrcode:?} was never given out"))),
    })?;
    let current = |s: &State| s.logins.iter().find(|l| l.qrcode == qrcode).unwrap().status.clone();
    let moved = state.when(|s| (current(s) != Status::Wait).then_some(()));
    // Nobody scanned in time: the answer is "wait".
    let _ = tokio::time::timeout(HOLD, moved).await;
    Ok(state.read(|s| describe(s, current(s))))
}

impl Login {
    fn try_code(&mut self, code: &str) {
        if let Status::NeedCode(wanted) = &self.status {
            if wanted == code {
                self.status = Status::Scanned;
            } else {
                self.wrong_codes += 1;
                if self.wrong_codes == CODE_TRIES {
                    self.status = Status::CodeBlocked;
                }
            }
        }
    }
}

fn describe(state: &State, status: Status) -> Value {
    match status {
        Status::Wait => json!({"status": "wait"}),
        Status::Scanned => json!({"status": "scaned"}),
        Status::NeedCode(_) => json!({"status": "need_verifycode"}),
        Status::CodeBlocked => json!({"status": "verify_code_blocked"}),
        Status::Expired => json!({"status": "expired"}),
        Status::Redirect(host) => json!({"status": "scaned_but_redirect", "redirect_host": host}),
        Status::AlreadyBound => json!({"status": "binded_redirect"}),
        Status::Confirmed { user, base_url } => json!({
            "status": "confirmed",
            "bot_token": state.settings.token,
            "ilink_bot_id": state.settings.bot_id,
            "baseurl": base_url,
            "ilink_user_id": user,
        }),
    }
}

/// The newest QR code, in the hands of whoever holds the phone.
#[derive(Debug, Clone)]
pub struct Qr {
    state: Watched<State>,
    index: usize,
}

impl Qr {
    /// Waits until the `n`th code (from 1) was given out and its status was asked for.
    #[track_caller]
    pub(super) fn shown(state: &Watched<State>, n: usize) -> impl Future<Output = Self> {
        let qr = Self { state: state.clone(), index: n - 1 };
        let shown = state.until(format!("QR code number {n} to be shown and polled"), move |s| {
            s.logins.get(n - 1).filter(|login| login.polls > 0).map(drop)
        });
        async move {
            shown.await;
            qr
        }
    }

    /// What the code encodes.
    pub fn content(&self) -> String {
        let qrcode = self.state.read(|s| s.logins[self.index].qrcode.clone());
        format!("https://liteapp.weixin.qq.com/q/{qrcode}")
    }

    /// Tokens that the client said it already has.
    pub fn local_tokens(&self) -> Vec<String> {
        self.state.read(|s| s.logins[self.index].local_tokens.clone())
    }

    /// The phone scanned it.
    pub fn scan(&self) {
        self.set(Status::Scanned);
    }

    /// The phone shows `code`, which has to be typed on the bot's side.
    pub fn ask_code(&self, code: &str) {
        self.set(Status::NeedCode(code.to_owned()));
    }

    /// Waits until the right code was typed.
    #[track_caller]
    pub fn code_accepted(&self) -> impl Future<Output = ()> {
        let index = self.index;
        self.state.until("the verification code to be accepted", move |s| {
            (s.logins[index].status == Status::Scanned).then_some(())
        })
    }

    /// Waits until the platform blocked the code after too many wrong ones.
    #[track_caller]
    pub fn code_blocked(&self) -> impl Future<Output = ()> {
        let index = self.index;
        self.state.until("the verification code to be blocked", move |s| {
            (s.logins[index].status == Status::CodeBlocked).then_some(())
        })
    }

    /// It became too old.
    pub fn expire(&self) {
        self.set(Status::Expired);
    }

    /// Another data centre answers from now on.
    pub fn redirect(&self, host: &str) {
        self.set(Status::Redirect(host.to_owned()));
    }

    /// This bot is already connected.
    pub fn already_bound(&self) {
        self.set(Status::AlreadyBound);
    }

    /// `user` confirmed on the phone; the bot is told to talk to `base_url`.
    pub fn confirm(&self, user: &str, base_url: &str) {
        self.set(Status::Confirmed { user: user.to_owned(), base_url: base_url.to_owned() });
    }

    /// Waits until the client asked twice after a change: it has seen it and went on.
    #[track_caller]
    pub fn noticed(&self) -> impl Future<Output = ()> {
        let index = self.index;
        self.state.until("the client to go on after the change", move |s| {
            (s.logins[index].polls_since >= 2).then_some(())
        })
    }

    fn set(&self, status: Status) {
        self.state.change(|s| {
            s.logins[self.index].status = status;
            s.logins[self.index].polls_since = 0;
        });
    }
}
