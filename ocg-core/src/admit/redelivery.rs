//! Recognises messages that a platform delivers again.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::Instant;

use crate::message::InboundMessage;
use crate::store::Fingerprint;

/// Platforms keep what they could not deliver for a day.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a message is recognised by; one without an id never is. The content counts too, so that an
/// edited message, which keeps its id on many platforms, is another message.
pub(crate) fn fingerprint(message: &InboundMessage) -> Option<Fingerprint> {
    let id = message.message_id.as_deref()?;
    let mut hash = Sha256::new();
    let mut add = |field: Option<&str>| {
        // Each field with its length: no two lists of fields give the same bytes.
        let length = field.map_or(u64::MAX, |field| field.len() as u64);
        hash.update(length.to_be_bytes());
        hash.update(field.unwrap_or_default());
    };
    let quote = message.quote.as_ref();
    add(Some(&message.origin.channel));
    add(Some(&message.origin.account));
    add(Some(&message.chat.id));
    add(Some(id));
    add(Some(&message.text));
    add(quote.map(|quote| quote.text.as_str()));
    add(quote.and_then(|quote| quote.sender.as_deref()));
    add(Some(&message.media.len().to_string()));
    let mut half = [0; 16];
    half.copy_from_slice(&hash.finalize()[..16]);
    Some(Fingerprint(half))
}

/// Remembers the messages that were accepted last, of all accounts together.
#[derive(Debug)]
pub(crate) struct Redelivery {
    accepted: Mutex<Accepted>,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Accepted {
    known: HashSet<Fingerprint>,
    /// By time of acceptance, oldest first.
    queue: VecDeque<(Instant, Fingerprint)>,
}

impl Accepted {
    fn forget(&mut self, outdated: impl Fn(&Self, Instant) -> bool) {
        while let Some(&(accepted, oldest)) = self.queue.front()
            && outdated(self, accepted)
        {
            self.queue.pop_front();
            self.known.remove(&oldest);
        }
    }
}

impl Default for Redelivery {
    fn default() -> Self {
        Self::with_capacity(Self::CAPACITY)
    }
}

impl Redelivery {
    /// How many are remembered.
    pub(crate) const CAPACITY: usize = 10_000;

    fn with_capacity(capacity: usize) -> Self {
        Self { accepted: Mutex::default(), capacity }
    }

    fn accepted(&self) -> MutexGuard<'_, Accepted> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this message was accepted before.
    pub(crate) fn is_known(&self, fingerprint: Fingerprint) -> bool {
        let mut accepted = self.accepted();
        accepted.forget(|_, time| time.elapsed() >= MEMORY);
        accepted.known.contains(&fingerprint)
    }

    /// Remembers a message that was accepted.
    pub(crate) fn remember(&self, fingerprint: Fingerprint) {
        let mut accepted = self.accepted();
        if accepted.known.insert(fingerprint) {
            accepted.queue.push_back((Instant::now(), fingerprint));
            accepted.forget(|accepted, _| accepted.queue.len() > self.capacity);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{AccountKey, InboundMedia, Quote};

    fn numbered(n: u8) -> Fingerprint {
        Fingerprint([n; 16])
    }

    fn message() -> InboundMessage {
        let account = AccountKey::new("chat", "main");
        InboundMessage {
            message_id: Some("1".into()),
            ..InboundMessage::direct(account, "ann", "hello")
        }
    }

    #[test]
    fn only_the_same_message_is_known() {
        let redelivery = Redelivery::default();
        let of = |message: &InboundMessage| fingerprint(message).unwrap();
        redelivery.remember(of(&message()));
        assert!(redelivery.is_known(of(&message())));

        let edits: [fn(&mut InboundMessage); 6] = [
            |message| message.origin.account = "other".into(),
            |message| message.chat.id = "bob".into(),
            |message| message.message_id = Some("2".into()),
            |message| message.text = "hello!".into(),
            |message| message.quote = Some(Quote { text: "hello".into(), sender: None }),
            |message| {
                let (path, mime) = ("a.png".into(), "image/png".into());
                message.media.push(InboundMedia { path, mime, name: None });
            },
        ];
        for (n, edit) in edits.into_iter().enumerate() {
            let mut other = message();
            edit(&mut other);
            assert!(!redelivery.is_known(of(&other)), "edit {n}");
        }
        assert_eq!(fingerprint(&InboundMessage { message_id: None, ..message() }), None);
    }

    #[test]
    fn the_oldest_is_forgotten_when_there_are_too_many() {
        let redelivery = Redelivery::with_capacity(2);
        (1..=3).map(numbered).for_each(|one| redelivery.remember(one));
        let known = (1..=3).map(|one| redelivery.is_known(numbered(one)));
        assert_eq!(known.collect::<Vec<_>>(), [false, true, true]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_day_later_it_is_another_message() {
        let redelivery = Redelivery::default();
        redelivery.remember(numbered(1));
        tokio::time::advance(MEMORY - Duration::from_secs(1)).await;
        redelivery.remember(numbered(2));
        assert!(redelivery.is_known(numbered(1)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!redelivery.is_known(numbered(1)));
        assert!(redelivery.is_known(numbered(2)));
    }
}
