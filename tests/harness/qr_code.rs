//! QR codes that are drawn with half blocks, as a phone's camera sees them.

use rqrr::PreparedImage;

/// Pixels that a module is wide.
const SCALE: usize = 4;
/// Modules of white around a code.
const MARGIN: usize = 4;

/// What the codes say that a terminal shows after `written`, in order.
pub(super) fn codes(written: &str) -> Vec<String> {
    // High enough that nothing scrolls away.
    let mut terminal = vt100::Parser::new(1_000, 120, 0);
    terminal.process(written.replace('\n', "\r\n").as_bytes());
    let rows: Vec<String> = terminal.screen().rows(0, 120).collect();
    let lines: Vec<&str> = rows.iter().map(|row| row.trim_end()).collect();
    let drawn = |line: &&str| {
        line.chars().count() >= 20 && line.chars().all(|c| " \u{2580}\u{2584}\u{2588}".contains(c))
    };
    lines.chunk_by(|one, other| drawn(one) == drawn(other)).filter_map(read).collect()
}

fn read(lines: &[&str]) -> Option<String> {
    let width = lines.iter().map(|line| line.chars().count()).max()?;
    let side = |modules: usize| (modules + 2 * MARGIN) * SCALE;
    let is_white = |x: usize, y: usize| {
        let inside = (x / SCALE).checked_sub(MARGIN).zip((y / SCALE).checked_sub(MARGIN));
        inside
            .and_then(|(x, y)| Some((lines.get(y / 2)?.chars().nth(x)?, y % 2)))
            .is_none_or(|(c, half)| c == '\u{2588}' || c == ['\u{2580}', '\u{2584}'][half])
    };
    let pixel = |x, y| if is_white(x, y) { 255 } else { 0 };
    let mut image =
        PreparedImage::prepare_from_greyscale(side(width), side(2 * lines.len()), pixel);
    let (_, content) = image.detect_grids().first()?.decode().ok()?;
    Some(content)
}
