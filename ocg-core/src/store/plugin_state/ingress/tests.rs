//! The life of events in a queue.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::SystemTime;

use super::*;
use crate::store::PluginState;

fn queue() -> IngressQueue {
    PluginState::in_memory(Arc::new(SystemTime::now)).unwrap().ingress("chat", "main")
}

fn put(queue: &IngressQueue, id: &str, lane: &str, at: i64) -> EnqueuedKind {
    let lane_key = Some(lane.to_owned());
    let options = EnqueueOptions { lane_key, received_at: Some(at), metadata: None };
    queue.enqueue(id, "{}", &options).unwrap().kind
}

fn next(queue: &IngressQueue) -> Option<(String, String)> {
    let claimed = queue.claim_next("worker", &ClaimFilter::default()).unwrap()?;
    Some((claimed.id, claimed.claim.unwrap().token))
}

#[test]
fn an_event_is_taken_in_once_whatever_became_of_it() {
    let queue = queue();
    assert_eq!(put(&queue, "1", "a", 1), EnqueuedKind::Accepted);
    assert_eq!(put(&queue, "1", "a", 1), EnqueuedKind::Pending);
    let (id, token) = next(&queue).unwrap();
    assert_eq!(put(&queue, "1", "a", 1), EnqueuedKind::Claimed);
    assert!(queue.complete(&id, Some(&token), None, None).unwrap());
    assert_eq!(put(&queue, "1", "a", 1), EnqueuedKind::Completed);
    assert!(!queue.complete(&id, None, None, None).unwrap());
}

#[test]
fn a_lane_gives_one_event_at_a_time_in_order() {
    let queue = queue();
    for (id, lane, at) in [("a1", "a", 1), ("a2", "a", 2), ("b1", "b", 3)] {
        put(&queue, id, lane, at);
    }
    let (first, token) = next(&queue).unwrap();
    assert_eq!(first, "a1");
    assert_eq!(next(&queue).unwrap().0, "b1");
    assert_eq!(next(&queue), None);
    assert!(queue.release(&first, Some(&token), Some("busy"), true, None).unwrap());
    let (again, _) = next(&queue).unwrap();
    assert_eq!(again, "a1");
    let blocked =
        ClaimFilter { blocked_lanes: HashSet::from(["a".into()]), ..ClaimFilter::default() };
    assert_eq!(queue.claim_next("worker", &blocked).unwrap(), None);
}

#[test]
fn a_claim_that_was_lost_changes_nothing() {
    let queue = queue();
    put(&queue, "1", "a", 1);
    let (id, old) = next(&queue).unwrap();
    assert_eq!(queue.recover_stale_claims(0, None).unwrap(), 1);
    let (_, new) = next(&queue).unwrap();
    assert!(!queue.refresh_claim(&id, &old, None).unwrap());
    assert!(!queue.fail(&id, Some(&old), "late", None, None).unwrap());
    assert!(queue.fail(&id, Some(&new), "broken", None, None).unwrap());
    let failed = queue.list_failed(None).unwrap();
    assert_eq!(failed[0].reason.as_deref(), Some("broken"));
    assert!(queue.resubmit(&id).unwrap().is_some());
    assert_eq!(queue.list_pending(None, IngressOrder::Id).unwrap().len(), 1);
}

#[test]
fn what_is_too_much_is_pruned_and_what_is_protected_stays() {
    let queue = queue();
    for n in 0..5 {
        put(&queue, &n.to_string(), "a", n);
    }
    let options = PruneOptions {
        pending_max: Some(2),
        protected: HashSet::from(["0".into()]),
        ..PruneOptions::default()
    };
    assert_eq!(queue.prune(&options).unwrap(), 2);
    let left = queue.list_pending(None, IngressOrder::Received).unwrap();
    assert_eq!(left.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["0", "3", "4"]);
}
