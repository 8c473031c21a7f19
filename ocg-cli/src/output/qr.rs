//! QR codes made of half blocks: two modules to a character.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Draws `link` for a terminal. A scanner wants dark on light, so on a dark terminal, the usual
/// one, the light modules are the ones that are drawn; `light_background` turns that round.
///
/// `None` if the link is too long for a QR code.
pub fn qr_code(link: &str, light_background: bool) -> Option<String> {
    let code = QrCode::with_error_correction_level(link, EcLevel::L).ok()?;
    let (dark, light) = if light_background {
        (Dense1x2::Dark, Dense1x2::Light)
    } else {
        (Dense1x2::Light, Dense1x2::Dark)
    };
    let drawn =
        code.render::<Dense1x2>().dark_color(dark).light_color(light).quiet_zone(true).build();
    Some(drawn + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_backgrounds_give_each_others_negative() {
        let dark = qr_code("https://example.org/", false).unwrap();
        let light = qr_code("https://example.org/", true).unwrap();
        let turned: String = light
            .lines()
            .map(|line| {
                line.chars()
                    .map(|block| match block {
                        ' ' => '\u{2588}',
                        '\u{2588}' => ' ',
                        '\u{2580}' => '\u{2584}',
                        _ => '\u{2580}',
                    })
                    .collect::<String>()
                    + "\n"
            })
            .collect();
        // The last line holds half a row: below it there is nothing to turn round.
        let rows = |text: &str| {
            let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
            rows.pop();
            rows
        };
        assert_eq!(rows(&dark), rows(&turned));
        assert!(dark.lines().count() <= 20, "it fits on a small screen");
    }

    #[test]
    fn a_link_that_no_code_can_hold_is_refused() {
        assert_eq!(qr_code(&"x".repeat(10_000), false), None);
    }
}
