//! How long things take, as operators see it.

use std::time::Duration;

use ocg_core::gateway::{Admission, ChannelMeasures, HistogramSnapshot};

use crate::kit::{Running, Setup, said, says};

fn measures(running: &Running) -> ChannelMeasures {
    running.handle.status().measures["test"].clone()
}

/// How many there are and how long they took together, in seconds.
fn seconds(histogram: &HistogramSnapshot) -> (u64, u64) {
    (histogram.count(), histogram.sum.as_secs())
}

#[tokio::test(start_paused = true)]
async fn each_step_of_a_turn_is_measured() {
    let mut running = Setup::default().start(says(&[(2, "hello")]));
    // Two attempts fail; the pauses after them are 1 s and 4 s.
    let message = said("ann", "hi").failing(vec![Some(true), Some(true)]);
    assert_eq!(running.submit(message).await, Admission::Accepted);
    running.record.settled("ann", 1).await;
    let measures = measures(&running);
    assert_eq!(seconds(&measures.first_token), (1, 2));
    assert_eq!(seconds(&measures.turn), (1, 2 + 1 + 4));
    assert_eq!(measures.delivery.count(), 3);
    assert_eq!(measures.delivery_retries, 2);
    running.ended().await;
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_its_turn_belongs_to_a_turn() {
    let mut running = Setup::default().start(says(&[(10, "hello")]));
    for text in ["hi", "and?"] {
        assert_eq!(running.submit(said("ann", text)).await, Admission::Accepted);
    }
    running.record.settled("ann", 2).await;
    let measures = measures(&running);
    assert_eq!(seconds(&measures.turn), (2, 10 + 20));
    let between = |histogram: &HistogramSnapshot, seconds| {
        let bucket = histogram.buckets.iter().find(|(bound, _)| *bound == seconds);
        bucket.map(|(_, count)| *count)
    };
    assert_eq!(between(&measures.turn, Duration::from_secs(10)), Some(1));
    assert_eq!(between(&measures.turn, Duration::from_secs(30)), Some(1));
    running.ended().await;
}
