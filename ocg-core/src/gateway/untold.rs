//! Chats whose last answer did not get through and that could not be told so.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Beyond these the oldest are forgotten: the log has said of each that it was not told.
const CAPACITY: usize = 1000;

/// Sessions that are to be told with their next turn. A platform that takes so many answers to
/// a message and no more takes some to the next one.
#[derive(Debug, Default)]
pub(super) struct Untold(Mutex<VecDeque<String>>);

impl Untold {
    pub(super) fn remember(&self, session: &str) {
        let mut sessions = self.sessions();
        if sessions.iter().any(|one| one == session) {
            return;
        }
        if sessions.len() == CAPACITY {
            sessions.pop_front();
        }
        sessions.push_back(session.to_owned());
    }

    /// Whether the session is still to be told; it is not any more then.
    pub(super) fn take(&self, session: &str) -> bool {
        let mut sessions = self.sessions();
        let found = sessions.iter().position(|one| one == session);
        found.and_then(|at| sessions.remove(at)).is_some()
    }

    fn sessions(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_told_once() {
        let untold = Untold::default();
        untold.remember("a");
        untold.remember("a");
        untold.remember("b");
        assert!(untold.take("a"));
        assert!(!untold.take("a"));
        assert!(untold.take("b"));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let untold = Untold::default();
        for n in 0..=CAPACITY {
            untold.remember(&n.to_string());
        }
        assert!(!untold.take("0"));
        assert!(untold.take("1"));
    }
}
