//! How long an account rests before it is started again (plugin contract §4.4).

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(300);
const JITTER: f64 = 0.1;
/// Failures in a row after which the account stays stopped.
pub(super) const MAX_ATTEMPTS: u32 = 10;
/// A run of this length counts as success: the next failure starts from the beginning.
pub(super) const STABLE: Duration = Duration::from_secs(300);

/// The pause after the `attempt`-th failure in a row (the first is 1): 5 s, doubled each time up
/// to 300 s, give or take ten per cent so that accounts which failed together do not return
/// together.
pub(super) fn pause(attempt: u32) -> Duration {
    let doubled = FIRST.saturating_mul(1 << attempt.saturating_sub(1).min(10));
    doubled.min(LONGEST).mul_f64(rand::random_range(1.0 - JITTER..=1.0 + JITTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        for (attempt, seconds) in [(1, 5.0), (2, 10.0), (4, 40.0), (7, 300.0), (u32::MAX, 300.0)] {
            let pause = pause(attempt).as_secs_f64();
            assert!((seconds * 0.9..=seconds * 1.1).contains(&pause), "{attempt}: {pause}");
        }
    }
}
