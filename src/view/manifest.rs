//! SAVT as a program of a device: its name, its pictures and its colours, as a web app manifest (W3C).

use serde_json::{Value, json};

use super::Texts;
use crate::assets;

/// The paper of the pages, `--paper` in the style sheet, which the bars around a page take up as well.
pub const PAPER: &str = "#f7f4ef";
pub const DARK_PAPER: &str = "#14171a";

pub const ADDRESS: &str = "/manifest.webmanifest";

/// The manifest. It begins with the board at `/`, whichever board it was installed from: the addresses of others are theirs alone.
pub fn text(texts: &Texts) -> String {
    let manifest = json!({
        "lang": texts.language.tag(),
        "name": "SAVT",
        "short_name": "SAVT",
        "description": texts.text("description"),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            icon(assets::ICON, "image/svg+xml", "any", "any"),
            icon(assets::ICON_192, "image/png", "192x192", "any"),
            icon(assets::ICON_512, "image/png", "512x512", "any"),
            icon(assets::ICON_512, "image/png", "512x512", "maskable"),
        ],
    });
    manifest.to_string()
}

fn icon(address: &str, content_type: &str, sizes: &str, purpose: &str) -> Value {
    json!({ "src": address, "type": content_type, "sizes": sizes, "purpose": purpose })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paper_is_that_of_the_style_sheet() {
        let style = include_str!("../../assets/savt.css");
        let paper = format!("--paper: light-dark({PAPER}, {DARK_PAPER});");
        assert!(style.contains(&paper), "{paper}");
    }
}
