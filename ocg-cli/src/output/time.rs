//! Points in time and stretches of it, as people write them.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};

/// RFC 3339, UTC, whole seconds.
pub fn timestamp(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The two largest units: `3 d 4 h`, `12 min 5 s`, `8 s`.
pub fn duration(length: Duration) -> String {
    let seconds = length.as_secs();
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let Some(first) = units.iter().position(|(size, _)| seconds >= *size) else {
        return format!("{} ms", length.as_millis());
    };
    let (size, name) = units[first];
    let mut text = format!("{} {name}", seconds / size);
    if let Some((next, name)) = units.get(first + 1) {
        let rest = seconds % size / next;
        if rest > 0 {
            text += &format!(" {rest} {name}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_largest_units_are_shown() {
        let of = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(of(8), "8 s");
        assert_eq!(of(725), "12 min 5 s");
        assert_eq!(of(3_600), "1 h");
        assert_eq!(of(86_400 * 3 + 3_600 * 4 + 59), "3 d 4 h");
        assert_eq!(duration(Duration::from_millis(12)), "12 ms");
    }

    #[test]
    fn timestamps_are_rfc_3339() {
        assert_eq!(timestamp(SystemTime::UNIX_EPOCH), "1970-01-01T00:00:00Z");
    }
}
