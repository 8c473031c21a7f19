//! Named places at which a test lets the process die.
//!
//! `OCG_CRASH_AT=after-admit` aborts a debug build where a message has just been admitted,
//! `OCG_CRASH_AT=after-admit:3` at the third. A release build has no such places.

/// A message was admitted; its channel does not know yet.
pub(super) const AFTER_ADMIT: &str = "after-admit";
/// The agent has the message.
pub(super) const AFTER_FORWARD: &str = "after-forward";
/// A callback has come in.
pub(super) const BEFORE_TOKEN: &str = "before-token";
/// Its reply is stored; the agent does not know yet.
pub(super) const AFTER_TOKEN: &str = "after-token";
/// A part of a reply is about to be sent.
pub(super) const BEFORE_SEND: &str = "before-send";
/// A part of a reply was sent; the store does not know yet.
pub(super) const AFTER_SEND: &str = "after-send";

/// Dies here if the environment says so.
#[cfg(debug_assertions)]
pub(super) fn crash_point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// The chosen place, and how often it is still passed.
    static CHOSEN: OnceLock<Option<(String, AtomicU32)>> = OnceLock::new();
    let chosen = CHOSEN.get_or_init(|| {
        let value = std::env::var("OCG_CRASH_AT").ok()?;
        let (place, times) = value.split_once(':').unwrap_or((&value, "1"));
        Some((place.to_owned(), AtomicU32::new(times.parse().unwrap_or(1))))
    });
    if let Some((place, times)) = chosen
        && place == name
        && times.fetch_sub(1, Ordering::Relaxed) == 1
    {
        std::process::abort();
    }
}

/// Nothing, in a release build.
#[cfg(not(debug_assertions))]
pub(super) fn crash_point(_name: &str) {}
