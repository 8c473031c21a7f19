//! Device registration: the user opens an address, agrees, and the client gets credentials.

use serde_json::{Value, json};

use super::state::State;
use crate::Watched;
use crate::platforms::api::{Call, Refusal};

/// A registration that was begun.
#[derive(Debug)]
pub(super) struct Device {
    code: String,
    status: &'static str,
}

/// Answers the first step.
pub(super) fn init(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    if call.body["source"].as_str().is_none_or(str::is_empty) {
        return Err(Refusal::new(200, 40035, "source is missing"));
    }
    let nonce = format!("nonce-{}", state.id());
    state.nonces.insert(nonce.clone());
    Ok(json!({"errcode": 0, "nonce": nonce}))
}

/// Answers the second step.
pub(super) fn begin(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    if !state.nonces.remove(call.body["nonce"].as_str().unwrap_or_default()) {
        return Err(Refusal::new(200, 40035, "nonce was never given out, or used before"));
    }
    let code = format!("device-{}", state.id());
    state.devices.push(Device { code: code.clone(), status: "WAITING" });
    Ok(json!({
        "errcode": 0,
        "device_code": code,
        "verification_uri_complete": address(&code),
        "expires_in": 7200,
        "interval": 2,
    }))
}

fn address(code: &str) -> String {
    format!("https://open-dev.dingtalk.com/fe/device?code={code}")
}

/// Answers the third step, asked again and again.
pub(super) fn poll(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let device =
        state.devices.iter().find(|device| call.body["device_code"] == device.code.as_str());
    let device = device.ok_or_else(|| Refusal::new(200, 40035, "unknown device_code"))?;
    let mut answer = json!({"errcode": 0, "status": device.status});
    if device.status == "SUCCESS" {
        answer["client_id"] = state.settings.client_id.clone().into();
        answer["client_secret"] = state.settings.secret.clone().into();
    }
    Ok(answer)
}

/// A registration, and the user who may agree to it.
#[derive(Debug)]
pub struct Registration {
    n: usize,
    state: Watched<State>,
}

impl Registration {
    #[track_caller]
    pub(super) fn begun(state: &Watched<State>, n: usize) -> impl Future<Output = Self> {
        let registration = Self { n: n - 1, state: state.clone() };
        let what = format!("registration {n}");
        let begun = state.until(what, move |s| s.devices.get(n - 1).map(|_| ()));
        async move {
            begun.await;
            registration
        }
    }

    /// The address that the user shall open.
    pub fn address(&self) -> String {
        self.state.read(|s| address(&s.devices[self.n].code))
    }

    /// The user agrees.
    pub fn agree(&self) {
        self.set("SUCCESS");
    }

    /// The user waits too long.
    pub fn expire(&self) {
        self.set("EXPIRED");
    }

    fn set(&self, status: &'static str) {
        self.state.change(|s| s.devices[self.n].status = status);
    }
}
