//! QR codes made of half blocks: two modules to a character.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Draws `link` for white letters on black: a scanner wants dark on light, so the light modules are
/// the ones that are drawn. `None` if the link is too long for a QR code.
pub fn qr_code(link: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(link, EcLevel::L).ok()?;
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .quiet_zone(true)
        .build();
    Some(drawn + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_small_and_has_a_light_border() {
        let code = qr_code("https://example.org/").unwrap();
        assert!(code.lines().count() <= 20, "it fits on a small screen");
        let first = code.lines().next().unwrap();
        assert!(first.chars().all(|block| block == '\u{2588}'), "{code}");
    }

    #[test]
    fn a_link_that_no_code_can_hold_is_refused() {
        assert_eq!(qr_code(&"x".repeat(10_000)), None);
    }
}
