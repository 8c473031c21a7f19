//! Recognises messages that a platform delivers again.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::message::InboundMessage;

/// Messages that are remembered, of all accounts together.
const CAPACITY: usize = 10_000;
/// Platforms keep what they could not deliver for a day.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// Account, chat, id and content of a message, as a keyed hash: the chance that a message is taken
/// for one of 10,000 others is below 10⁻¹⁵, and nobody can write two messages that collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u64);

/// Remembers the messages that were accepted last. The content counts too, so that an edited
/// message, which keeps its id on many platforms, is another message.
#[derive(Debug)]
pub(crate) struct Redelivery {
    hasher: RandomState,
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
        Self::with_capacity(CAPACITY)
    }
}

impl Redelivery {
    fn with_capacity(capacity: usize) -> Self {
        Self { hasher: RandomState::new(), accepted: Mutex::default(), capacity }
    }

    fn accepted(&self) -> MutexGuard<'_, Accepted> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a message is recognised by; one without an id never is.
    pub(crate) fn fingerprint(&self, message: &InboundMessage) -> Option<Fingerprint> {
        let id = message.message_id.as_ref()?;
        let mut hasher = self.hasher.build_hasher();
        (&message.origin, &message.chat.id, id, &message.text).hash(&mut hasher);
        let quote = message.quote.as_ref().map(|quote| (&quote.text, &quote.sender));
        (quote, message.media.len()).hash(&mut hasher);
        Some(Fingerprint(hasher.finish()))
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
        let of = |message: &InboundMessage| redelivery.fingerprint(message).unwrap();
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
        assert_eq!(redelivery.fingerprint(&InboundMessage { message_id: None, ..message() }), None);
    }

    #[test]
    fn the_oldest_is_forgotten_when_there_are_too_many() {
        let redelivery = Redelivery::with_capacity(2);
        (1..=3).map(Fingerprint).for_each(|one| redelivery.remember(one));
        let known = (1..=3).map(|one| redelivery.is_known(Fingerprint(one)));
        assert_eq!(known.collect::<Vec<_>>(), [false, true, true]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_day_later_it_is_another_message() {
        let redelivery = Redelivery::default();
        redelivery.remember(Fingerprint(1));
        tokio::time::advance(MEMORY - Duration::from_secs(1)).await;
        redelivery.remember(Fingerprint(2));
        assert!(redelivery.is_known(Fingerprint(1)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!redelivery.is_known(Fingerprint(1)));
        assert!(redelivery.is_known(Fingerprint(2)));
    }
}
