//! The web app manifest (W3C), with which SAVT can be installed on a device: its name, icons and colors.

use serde_json::{Value, json};

use super::{language::Texts, url};
use crate::assets;

/// The background of the pages, `--background` in the style sheet.
pub const BACKGROUND: &str = "#f7f4ef";
pub const DARK_BACKGROUND: &str = "#14171a";

/// The manifest. The app starts at the board `main`, whichever board it was installed from: links of other boards are secret.
pub fn text(texts: &Texts) -> String {
    let manifest = json!({
        "lang": texts.language.tag(),
        "name": "SAVT",
        "short_name": "SAVT",
        "description": texts.text("description"),
        "id": url::HOME,
        "start_url": url::HOME,
        "scope": url::HOME,
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": BACKGROUND,
        "icons": [
            icon(assets::ICON, "image/svg+xml", "any", "any"),
            icon(assets::ICON_192, "image/png", "192x192", "any"),
            icon(assets::ICON_512, "image/png", "512x512", "any"),
            icon(assets::ICON_512, "image/png", "512x512", "maskable"),
        ],
    });
    manifest.to_string()
}

fn icon(url: &str, content_type: &str, sizes: &str, purpose: &str) -> Value {
    json!({ "src": url, "type": content_type, "sizes": sizes, "purpose": purpose })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_match_the_style_sheet() {
        let style = include_str!("../../assets/savt.css");
        let background = format!("--background: light-dark({BACKGROUND}, {DARK_BACKGROUND});");
        assert!(style.contains(&background), "{background}");
    }
}
