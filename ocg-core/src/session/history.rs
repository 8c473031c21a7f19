//! What was said earlier in a session, for agents that keep no memory of their own.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::dispatch::HistoryTurn;

/// Sessions remembered; then the one that has been quiet for longest is forgotten.
const MAX_SESSIONS: usize = 10_000;

/// The last turns of each session, in memory.
#[derive(Debug, Default)]
pub struct History {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    sessions: HashMap<String, Session>,
    /// Sessions by the time of their last turn, counted in turns.
    by_age: BTreeMap<u64, String>,
    clock: u64,
}

#[derive(Debug, Default)]
struct Session {
    turns: VecDeque<HistoryTurn>,
    age: u64,
}

impl History {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last `max` turns of a session, oldest first.
    pub fn recall(&self, session: &str, max: usize) -> Vec<HistoryTurn> {
        let kept = self.kept();
        let Some(session) = kept.sessions.get(session) else { return Vec::new() };
        let skipped = session.turns.len().saturating_sub(max);
        session.turns.iter().skip(skipped).cloned().collect()
    }

    /// Adds a turn to a session, which keeps its last `max` turns.
    pub fn record(&self, session: &str, turn: HistoryTurn, max: usize) {
        if max == 0 {
            return;
        }
        let mut kept = self.kept();
        kept.clock += 1;
        let now = kept.clock;
        let entry = kept.sessions.entry(session.to_owned()).or_default();
        let before = std::mem::replace(&mut entry.age, now);
        entry.turns.push_back(turn);
        while entry.turns.len() > max {
            entry.turns.pop_front();
        }
        kept.by_age.remove(&before);
        kept.by_age.insert(now, session.to_owned());
        if kept.sessions.len() > MAX_SESSIONS
            && let Some((_, oldest)) = kept.by_age.pop_first()
        {
            kept.sessions.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(n: usize) -> HistoryTurn {
        HistoryTurn { user: format!("q{n}"), assistant: format!("a{n}") }
    }

    #[test]
    fn a_session_keeps_its_last_turns() {
        let history = History::default();
        for n in 0..5 {
            history.record("s", turn(n), 3);
        }
        assert_eq!(history.recall("s", 3), [turn(2), turn(3), turn(4)]);
        assert_eq!(history.recall("s", 1), [turn(4)]);
        assert!(history.recall("other", 3).is_empty());
    }

    #[test]
    fn the_quietest_session_is_forgotten_first() {
        let history = History::default();
        for n in 0..MAX_SESSIONS {
            history.record(&n.to_string(), turn(n), 1);
        }
        history.record("0", turn(0), 1);
        history.record("new", turn(0), 1);
        assert_eq!(history.recall("0", 1).len(), 1);
        assert!(history.recall("1", 1).is_empty());
    }
}
