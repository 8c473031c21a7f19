use jiff::Timestamp;
use jiff::tz::TimeZone;
use rquickjs::convert::List;
use rquickjs::{Ctx, Exception, Result};

/// The name that `Intl` shows for a zone in any spelling; nothing if there is no such zone.
pub(super) fn primary(name: String) -> Option<String> {
    let zone = TimeZone::get(&name).ok()?;
    zone.iana_name().map(ToOwned::to_owned)
}

/// The IANA name of the machine's zone, UTC if it has none.
pub(super) fn system() -> String {
    let zone = TimeZone::try_system().unwrap_or(TimeZone::UTC);
    zone.iana_name().unwrap_or("UTC").to_owned()
}

/// `[seconds east of UTC, abbreviation, daylight saving]` at a time in milliseconds since 1970.
pub(super) fn at(ctx: Ctx<'_>, name: String, time: f64) -> Result<List<(i32, String, bool)>> {
    let zone = TimeZone::get(&name)
        .map_err(|error| Exception::throw_range(&ctx, &format!("time zone {name}: {error}")))?;
    // JavaScript reaches further into past and future than the database does.
    let time =
        (time as i64).clamp(Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond());
    let time = Timestamp::from_millisecond(time).unwrap_or(Timestamp::UNIX_EPOCH);
    let found = zone.to_offset_info(time);
    Ok(List((found.offset().seconds(), found.abbreviation().to_owned(), found.dst().is_dst())))
}

/// All names, for `Intl.supportedValuesOf`.
pub(super) fn all() -> Vec<String> {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| name.contains('/') || name == "UTC")
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_strangers_are_not() {
        assert_eq!(primary("asia/shanghai".into()).as_deref(), Some("Asia/Shanghai"));
        assert_eq!(primary("Nope/Zone".into()), None);
        assert_eq!(primary("../../etc/passwd".into()), None);
        assert!(all().contains(&"Europe/London".to_owned()));
    }
}
