use qrcode::{EcLevel, QrCode, render::svg};

use crate::PressError;

/// A code for a phone to scan: black on white with its quiet zone, so that it can be scanned in a dark theme too.
///
/// # Errors
/// [`PressError::Qr`] where the text has more than about 2,300 bytes.
pub fn qr_svg(text: &str) -> Result<String, PressError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let mut drawing = code.render::<svg::Color<'_>>();
    drawing.min_dimensions(200, 200).quiet_zone(true);
    Ok(drawing.dark_color(svg::Color("#000")).light_color(svg::Color("#fff")).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_and_one_that_is_too_long_is_refused() {
        let drawn = qr_svg("otpauth://totp/a:b?secret=GEZDGNBV").expect("drawn");
        assert!(drawn.contains("<svg") && drawn.contains("#000"), "{drawn}");
        assert!(matches!(qr_svg(&"x".repeat(3000)), Err(PressError::Qr(_))));
    }
}
