//! Signatures of requests between the gateway and an agent: `X-OCG-Signature`, and the headers of
//! the Standard Webhooks specification 1.0.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Name of the header with the signature over the body.
pub const SIGNATURE_HEADER: &str = "x-ocg-signature";
/// Name of the header with the message's id (Standard Webhooks).
pub const ID_HEADER: &str = "webhook-id";
/// Name of the header with the time of sending, in seconds since 1970 (Standard Webhooks).
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// Name of the header with the signatures (Standard Webhooks).
pub const SIGNATURES_HEADER: &str = "webhook-signature";

/// How far the clocks of gateway and agent may be apart, in seconds.
const TOLERANCE: u64 = 5 * 60;

/// What a request says of its own origin. Absent headers are `None`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Claim<'a> {
    /// `X-OCG-Signature`.
    pub signature: Option<&'a [u8]>,
    /// `webhook-id`.
    pub id: Option<&'a [u8]>,
    /// `webhook-timestamp`.
    pub timestamp: Option<&'a [u8]>,
    /// `webhook-signature`.
    pub signatures: Option<&'a [u8]>,
}

/// Signs and checks with one secret.
#[derive(Debug, Clone)]
pub struct Signer {
    secret: SecretString,
}

impl Signer {
    /// A signer with `secret`.
    pub fn new(secret: SecretString) -> Self {
        Self { secret }
    }

    /// The value of `X-OCG-Signature` for this body: `sha256=` and the HMAC-SHA256 in hexadecimal.
    pub fn sign(&self, body: &[u8]) -> String {
        let digest = mac(self.secret.expose_secret().as_bytes(), &[body]).finalize().into_bytes();
        format!("sha256={}", hex::encode(digest))
    }

    /// The value of `webhook-signature`: `v1,` and the HMAC-SHA256 over id, time and body in
    /// base64. A secret that is written `whsec_<base64>` is decoded first, as the specification
    /// has it; any other is taken as it is.
    pub fn sign_webhook(&self, id: &str, timestamp: u64, body: &[u8]) -> String {
        let digest = self.webhook_mac(id.as_bytes(), timestamp.to_string().as_bytes(), body);
        format!("v1,{}", STANDARD.encode(digest.finalize().into_bytes()))
    }

    /// Whether `claim` proves that its sender knows the secret and sent this body at about `now`
    /// (seconds since 1970). Either kind of signature will do; comparisons take constant time.
    pub fn verify(&self, claim: &Claim<'_>, body: &[u8], now: u64) -> bool {
        match claim.signature {
            Some(signature) => self.verify_plain(signature, body),
            None => self.verify_webhook(claim, body, now).unwrap_or(false),
        }
    }

    fn verify_plain(&self, signature: &[u8], body: &[u8]) -> bool {
        let Some(digest) = signature.strip_prefix(b"sha256=") else { return false };
        // Either case: the digits are the signature, not their spelling.
        let Ok(digest) = hex::decode(digest) else { return false };
        mac(self.secret.expose_secret().as_bytes(), &[body]).verify_slice(&digest).is_ok()
    }

    fn verify_webhook(&self, claim: &Claim<'_>, body: &[u8], now: u64) -> Option<bool> {
        let (id, timestamp) = (claim.id?, claim.timestamp?);
        let sent: u64 = std::str::from_utf8(timestamp).ok()?.parse().ok()?;
        if sent.abs_diff(now) > TOLERANCE {
            return Some(false);
        }
        let signatures = claim.signatures?.split(|byte| *byte == b' ');
        // While a secret is changed, a sender may sign with the old and the new one.
        Some(signatures.into_iter().filter_map(|one| one.strip_prefix(b"v1,")).any(|one| {
            let digest = STANDARD.decode(one).unwrap_or_default();
            self.webhook_mac(id, timestamp, body).verify_slice(&digest).is_ok()
        }))
    }

    fn webhook_mac(&self, id: &[u8], timestamp: &[u8], body: &[u8]) -> Hmac<Sha256> {
        let secret = self.secret.expose_secret();
        let decoded = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
        let key = decoded.as_deref().unwrap_or(secret.as_bytes());
        mac(key, &[id, b".", timestamp, b".", body])
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    parts.iter().for_each(|part| mac.update(part));
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(secret: &str) -> Signer {
        Signer::new(SecretString::from(secret))
    }

    /// RFC 4231 §4.3.
    const KEY: &str = "Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";
    const DIGEST: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn the_body_is_signed_as_the_original_does() {
        assert_eq!(signer(KEY).sign(BODY), format!("sha256={DIGEST}"));
    }

    #[test]
    fn only_the_whole_right_signature_is_taken() {
        let verify = |signature: &str| {
            let claim = Claim { signature: Some(signature.as_bytes()), ..Claim::default() };
            signer(KEY).verify(&claim, BODY, 0)
        };
        assert!(verify(&format!("sha256={DIGEST}")));
        assert!(verify(&format!("sha256={}", DIGEST.to_uppercase())));
        for wrong in [
            "",
            "sha256=",
            DIGEST,
            &format!("sha256={}", &DIGEST[..62]),
            &format!("sha256={}", &DIGEST[..63]),
            &format!("sha256={DIGEST}00"),
            &format!("SHA256={DIGEST}"),
            &format!("sha256={}", DIGEST.replace('5', "6")),
        ] {
            assert!(!verify(wrong), "{wrong}");
        }
        assert!(!signer(KEY).verify(&Claim::default(), BODY, 0));
    }

    /// The example of the Standard Webhooks specification.
    #[test]
    fn standard_webhooks_are_signed_and_checked() {
        let signer = signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let (id, sent) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330);
        let body = br#"{"test": 2432232314}"#;
        let signed = signer.sign_webhook(id, sent, body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

        let timestamp = sent.to_string();
        let several = format!("v1,AAAA v2,x {signed}");
        let claim = |signatures| Claim {
            id: Some(id.as_bytes()),
            timestamp: Some(timestamp.as_bytes()),
            signatures,
            ..Claim::default()
        };
        let right = claim(Some(several.as_bytes()));
        assert!(signer.verify(&right, body, sent + 300));
        assert!(!signer.verify(&right, body, sent + 301), "too old");
        assert!(!signer.verify(&right, body, sent - 301), "from the future");
        assert!(!signer.verify(&right, b"{}", sent));
        assert!(!signer.verify(&Claim { id: Some(b"other"), ..right }, body, sent));
        assert!(!signer.verify(&claim(None), body, sent));
        assert!(!signer.verify(&claim(Some(b"v1,")), body, sent));
    }
}
