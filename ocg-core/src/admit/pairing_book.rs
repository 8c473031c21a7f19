//! The rules of pairing, without a place to keep them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::pairing::{Challenge, PairingError, PairingRequest};
use crate::message::AccountKey;

/// No `0`, `O`, `1` or `I`: people type the code from one screen to another.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE_LENGTH: usize = 8;
const TTL: Duration = Duration::from_secs(60 * 60);
const MAX_PENDING: usize = 3;

/// The pending requests of one channel: the content of `<channel>-pairing.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PairingBook {
    #[serde(default = "first_version")]
    version: u32,
    #[serde(default)]
    requests: Vec<PairingRequest>,
}

fn first_version() -> u32 {
    1
}

impl Default for PairingBook {
    fn default() -> Self {
        Self { version: first_version(), requests: Vec::new() }
    }
}

impl PairingBook {
    /// What is pending at `now`, oldest first.
    pub(super) fn pending(&self, now: SystemTime) -> Vec<PairingRequest> {
        let mut pending: Vec<_> =
            self.requests.iter().filter(|request| !expired(request, now)).cloned().collect();
        pending.sort_by(|a, b| a.created_at.cmp(&b.created_at));
        pending
    }

    pub(super) fn upsert(
        &mut self,
        account: &AccountKey,
        sender: &str,
        meta: BTreeMap<String, String>,
        now: SystemTime,
    ) -> Result<Challenge, PairingError> {
        self.requests.retain(|request| !expired(request, now));
        let stamp = humantime::format_rfc3339_millis(now).to_string();
        let known = self
            .requests
            .iter_mut()
            .find(|request| request.account_id == account.account && request.id == sender);
        if let Some(request) = known {
            request.last_seen_at = stamp;
            request.meta.extend(meta);
            return Ok(Challenge { code: request.code.clone(), created: false });
        }
        let pending =
            self.requests.iter().filter(|request| request.account_id == account.account).count();
        if pending >= MAX_PENDING {
            return Err(PairingError::Full { account: account.clone(), pending });
        }
        let code = self.fresh_code();
        self.requests.push(PairingRequest {
            id: sender.to_owned(),
            code: code.clone(),
            created_at: stamp.clone(),
            last_seen_at: stamp,
            meta,
            account_id: account.account.clone(),
        });
        Ok(Challenge { code, created: true })
    }

    /// Takes the request with this code out of the book.
    pub(super) fn take(&mut self, code: &str, now: SystemTime) -> Option<PairingRequest> {
        self.requests.retain(|request| !expired(request, now));
        let code = code.trim();
        let at =
            self.requests.iter().position(|request| request.code.eq_ignore_ascii_case(code))?;
        Some(self.requests.remove(at))
    }

    fn fresh_code(&self) -> String {
        let mut rng = rand::rng();
        loop {
            let code: String = (0..CODE_LENGTH)
                .map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]))
                .collect();
            if self.requests.iter().all(|request| request.code != code) {
                return code;
            }
        }
    }
}

/// A request whose time cannot be read counts as expired: its age is unknown.
fn expired(request: &PairingRequest, now: SystemTime) -> bool {
    match humantime::parse_rfc3339_weak(&request.created_at) {
        Ok(created) => now.duration_since(created).is_ok_and(|age| age >= TTL),
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upsert(book: &mut PairingBook, account: &str, sender: &str, now: SystemTime) -> Challenge {
        book.upsert(&AccountKey::new("chat", account), sender, BTreeMap::new(), now).unwrap()
    }

    #[test]
    fn a_known_sender_keeps_the_code() {
        let mut book = PairingBook::default();
        let now = SystemTime::now();
        let first = upsert(&mut book, "a", "ann", now);
        let second = upsert(&mut book, "a", "ann", now + Duration::from_secs(60));
        assert!(first.created);
        assert_eq!(second, Challenge { code: first.code.clone(), created: false });
        assert_eq!(first.code.len(), 8);
        assert!(!first.code.contains(['0', 'O', '1', 'I']));
    }

    #[test]
    fn three_senders_wait_per_account_and_the_fourth_is_turned_away() {
        let mut book = PairingBook::default();
        let now = SystemTime::now();
        for sender in ["ann", "bob", "cid"] {
            upsert(&mut book, "a", sender, now);
        }
        let error =
            book.upsert(&AccountKey::new("chat", "a"), "dan", BTreeMap::new(), now).unwrap_err();
        insta::assert_snapshot!(error, @"chat/a already has 3 senders waiting for approval; approve or deny one with `ocg pairing`");
        assert!(upsert(&mut book, "b", "dan", now).created);
    }

    #[test]
    fn requests_expire_after_an_hour() {
        let mut book = PairingBook::default();
        let now = SystemTime::now();
        let code = upsert(&mut book, "a", "ann", now).code;
        let later = now + TTL;
        assert_eq!(book.pending(later - Duration::from_secs(1)).len(), 1);
        assert!(book.pending(later).is_empty());
        assert!(book.take(&code, later).is_none());
    }

    #[test]
    fn a_code_is_good_once_in_any_case() {
        let mut book = PairingBook::default();
        let now = SystemTime::now();
        let code = upsert(&mut book, "a", "ann", now).code;
        assert_eq!(book.take(&format!(" {} ", code.to_lowercase()), now).unwrap().id, "ann");
        assert!(book.take(&code, now).is_none());
    }
}
