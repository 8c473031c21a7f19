//! What people and programs see: lines, tables, progress, QR codes.

mod code_screen;
mod progress;
mod qr;
mod stdout;
mod style;
mod table;
mod time;

pub use code_screen::CodeScreen;
pub use progress::{InstallBar, count};
pub use qr::qr_code;
pub use stdout::{OutputError, json, line, text};
pub use style::{Style, colours, note, paint, warn};
pub use table::Table;
pub use time::{duration, timestamp};
