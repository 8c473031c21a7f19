//! `ocg:native/intl`: what `Intl` asks of Rust, time zones and text boundaries.

mod segments;
mod time_zone;

use rquickjs::function::Func;

use crate::node::native_module;

native_module!(IntlModule(_ctx) {
    primaryTimeZone => Func::from(time_zone::primary),
    systemTimeZone => Func::from(time_zone::system),
    timeZoneAt => Func::from(time_zone::at),
    timeZones => Func::from(time_zone::all),
    segments => Func::from(segments::segments),
});
