//! Turn order: one at a time within a session, any number of sessions side by side.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where an item went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The session was idle: the caller starts a worker that calls [`TurnOrder::next`] until it
    /// gives nothing more.
    Idle,
    /// Behind others, whose worker will come to it.
    Behind,
}

/// A session whose queue is full; gives the item back.
#[derive(Debug)]
pub struct Overflow<T> {
    /// What was not queued.
    pub item: T,
    /// No other overflow has happened since the queue was last empty.
    pub first: bool,
}

/// One bounded queue per session. A session without work takes no memory.
#[derive(Debug)]
pub struct TurnOrder<T> {
    lanes: Mutex<HashMap<String, Lane<T>>>,
    depth: usize,
}

/// A session that a worker serves.
#[derive(Debug)]
struct Lane<T> {
    waiting: VecDeque<T>,
    overflowed: bool,
}

impl<T> TurnOrder<T> {
    /// Queues that hold at most `depth` waiting items per session.
    pub fn new(depth: usize) -> Self {
        Self { lanes: Mutex::default(), depth: depth.max(1) }
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<String, Lane<T>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an item at the end of its session's queue.
    pub fn push(&self, session: &str, item: T) -> Result<Place, Overflow<T>> {
        let mut lanes = self.lanes();
        match lanes.get_mut(session) {
            Some(lane) if lane.waiting.len() >= self.depth => {
                let first = !std::mem::replace(&mut lane.overflowed, true);
                Err(Overflow { item, first })
            }
            Some(lane) => {
                lane.waiting.push_back(item);
                Ok(Place::Behind)
            }
            None => {
                let lane = Lane { waiting: VecDeque::from([item]), overflowed: false };
                lanes.insert(session.to_owned(), lane);
                Ok(Place::Idle)
            }
        }
    }

    /// Puts an item at the end of its session's queue, however long that is.
    pub fn restore(&self, session: &str, item: T) -> Place {
        let mut lanes = self.lanes();
        match lanes.get_mut(session) {
            Some(lane) => {
                lane.waiting.push_back(item);
                Place::Behind
            }
            None => {
                let lane = Lane { waiting: VecDeque::from([item]), overflowed: false };
                lanes.insert(session.to_owned(), lane);
                Place::Idle
            }
        }
    }

    /// The next item of a session; with `None` the session is idle and its worker ends.
    pub fn next(&self, session: &str) -> Option<T> {
        let mut lanes = self.lanes();
        let lane = lanes.get_mut(session)?;
        let item = lane.waiting.pop_front();
        if lane.waiting.is_empty() {
            lane.overflowed = false;
        }
        if item.is_none() {
            lanes.remove(session);
        }
        item
    }

    /// When one more item of this session would overflow: whether it is the first of its burst.
    pub fn overflow(&self, session: &str) -> Option<bool> {
        let mut lanes = self.lanes();
        let lane = lanes.get_mut(session).filter(|lane| lane.waiting.len() >= self.depth)?;
        Some(!std::mem::replace(&mut lane.overflowed, true))
    }

    /// How many items wait, over all sessions.
    pub fn waiting(&self) -> usize {
        self.lanes().values().map(|lane| lane.waiting.len()).sum()
    }

    /// Empties all queues, when no worker will come any more.
    pub fn drain(&self) -> Vec<T> {
        self.lanes().drain().flat_map(|(_, lane)| lane.waiting).collect()
    }

    /// Sessions that a worker serves.
    pub fn sessions(&self) -> usize {
        self.lanes().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_in_order_and_an_idle_session_is_forgotten() {
        let order = TurnOrder::new(8);
        assert_eq!(order.push("s", 1).unwrap(), Place::Idle);
        assert_eq!(order.push("s", 2).unwrap(), Place::Behind);
        assert_eq!(order.push("t", 3).unwrap(), Place::Idle);
        assert_eq!((order.next("s"), order.next("s"), order.next("s")), (Some(1), Some(2), None));
        assert_eq!(order.sessions(), 1);
        assert_eq!(order.push("s", 4).unwrap(), Place::Idle);
    }

    #[test]
    fn a_burst_of_overflows_is_one_burst_until_the_queue_was_empty() {
        let order = TurnOrder::new(1);
        order.push("s", 1).unwrap();
        assert!(order.push("s", 2).unwrap_err().first);
        assert!(!order.push("s", 3).unwrap_err().first);
        assert_eq!(order.next("s"), Some(1));
        order.push("s", 4).unwrap();
        assert!(order.push("s", 5).unwrap_err().first);
    }
}
