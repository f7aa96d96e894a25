//! An address as a QR code (ISO/IEC 18004), as SVG inside the page, so that nothing has to be fetched.

use std::fmt::Write;

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

/// The width of the light margin in modules, as the standard requires (section 6.3.8).
const MARGIN: i32 = 4;

const TITLE: &str = "qr-title";

/// The code of an address, dark on light in every color scheme, because many cameras cannot read the opposite. Empty if the
/// address does not fit into any code; a board's address always fits.
pub(super) fn svg(address: &str) -> Markup {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok();
    html! {
        @if let Some(code) = code {
            @let side = code.size() + 2 * MARGIN;
            svg.qr role="img" aria-labelledby=(TITLE) viewBox={ "0 0 " (side) " " (side) }
                shape-rendering="crispEdges" xmlns="http://www.w3.org/2000/svg" {
                title #(TITLE) { "QR code of " (address) }
                rect width=(side) height=(side) fill="#fff" {}
                path d=(dark_modules(&code)) fill="#000" {}
            }
        }
    }
}

/// The dark modules of each row, joined to rectangles one module high.
fn dark_modules(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            // Modules beyond the edge are light.
            let run = (x..).take_while(|x| code.get_module(*x, y)).count();
            if run > 0 {
                let (left, top) = (x + MARGIN, y + MARGIN);
                // Writing to a String cannot fail.
                let _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
            }
            x += run as i32 + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_escaped() {
        let svg = svg("http://x/<&\">").into_string();
        assert!(
            svg.contains("QR code of http://x/&lt;&amp;&quot;&gt;"),
            "{svg}"
        );
    }

    #[test]
    fn an_address_that_is_too_long_has_no_code() {
        assert_eq!(svg(&"x".repeat(2_332)).into_string(), "");
    }
}
