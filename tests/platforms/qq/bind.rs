//! Login by QR code: the bot's secret comes encrypted with a key that the client made.

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::state::State;
use crate::Watched;
use crate::platforms::api::{Call, Refusal};

/// A QR code that was asked for.
#[derive(Debug)]
pub(super) struct Task {
    id: String,
    key: Vec<u8>,
    status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Pending = 1,
    Completed = 2,
    Expired = 3,
}

/// Answers `create_bind_task`.
pub(super) fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let key = BASE64_STANDARD.decode(call.body["key"].as_str().unwrap_or_default());
    let key = key.ok().filter(|key| key.len() == 32);
    let key = key.ok_or_else(|| Refusal::new(200, 1, "key is not 32 bytes of base64"))?;
    let id = format!("bind-{}", state.id());
    state.tasks.push(Task { id: id.clone(), key, status: Status::Pending });
    Ok(json!({"retcode": 0, "msg": "", "data": {"task_id": id}}))
}

/// Answers `poll_bind_result`.
pub(super) fn poll(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let task =
        state.tasks.iter().find(|task| call.body["task_id"] == task.id.as_str()).ok_or_else(
            || Refusal::new(200, 1, format!("unknown task {}", call.body["task_id"])),
        )?;
    let mut data = json!({"status": task.status as u8});
    if task.status == Status::Completed {
        data["bot_appid"] = state.settings.app_id.clone().into();
        data["bot_encrypt_secret"] = encrypted(&task.key, &state.settings.secret).into();
    }
    Ok(json!({"retcode": 0, "msg": "", "data": data}))
}

/// base64 of nonce, ciphertext and tag.
fn encrypted(key: &[u8], secret: &str) -> String {
    let nonce = [7; 12];
    let cipher = Aes256Gcm::new_from_slice(key).unwrap();
    let sealed = cipher.encrypt(&Nonce::from(nonce), secret.as_bytes()).unwrap();
    BASE64_STANDARD.encode([nonce.as_slice(), &sealed].concat())
}

/// A QR code that is shown, and the phone in front of it.
#[derive(Debug)]
pub struct Bind {
    n: usize,
    state: Watched<State>,
}

impl Bind {
    /// The `n`th code (from 1), once it was asked for.
    #[track_caller]
    pub(super) fn shown(state: &Watched<State>, n: usize) -> impl Future<Output = Self> {
        let bind = Self { n: n - 1, state: state.clone() };
        let shown = state.until(format!("QR code {n}"), move |s| s.tasks.get(n - 1).map(|_| ()));
        async move {
            shown.await;
            bind
        }
    }

    /// What the code says is an address with this in it.
    pub fn task_id(&self) -> String {
        self.state.read(|s| s.tasks[self.n].id.clone())
    }

    /// The user scans and confirms.
    pub fn confirm(&self) {
        self.set(Status::Completed);
    }

    /// The code runs out.
    pub fn expire(&self) {
        self.set(Status::Expired);
    }

    fn set(&self, status: Status) {
        self.state.change(|s| s.tasks[self.n].status = status);
    }
}
