//! An address as a QR code (ISO/IEC 18004), for the camera of a phone: a picture in the page itself, so that nothing has to be fetched.

use std::fmt::Write;

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

/// Modules left light around the code, as many as the standard wants (section 6.3.8).
const QUIET: i32 = 4;

const TITLE: &str = "qr-title";

/// The code of an address, dark on light whatever the page is like: many cameras cannot read the opposite. Nothing if it is too
/// long for any code, which no address of a board is.
pub(super) fn svg(address: &str) -> Markup {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok();
    html! {
        @if let Some(code) = code {
            @let side = code.size() + 2 * QUIET;
            svg.qr role="img" aria-labelledby=(TITLE) viewBox={ "0 0 " (side) " " (side) }
                shape-rendering="crispEdges" xmlns="http://www.w3.org/2000/svg" {
                title #(TITLE) { "QR code of " (address) }
                rect width=(side) height=(side) fill="#fff" {}
                path d=(dark(&code)) fill="#000" {}
            }
        }
    }
}

/// Each row's runs of dark modules, as rectangles one module high.
fn dark(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            // Beyond the edge all is light.
            let run = (x..).take_while(|x| code.get_module(*x, y)).count();
            if run > 0 {
                let (left, top) = (x + QUIET, y + QUIET);
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
    fn what_stands_in_an_address_is_escaped() {
        let svg = svg("http://x/<&\">").into_string();
        assert!(
            svg.contains("QR code of http://x/&lt;&amp;&quot;&gt;"),
            "{svg}"
        );
    }

    #[test]
    fn what_is_too_long_is_no_picture() {
        assert_eq!(svg(&"x".repeat(2_332)).into_string(), "");
    }
}
