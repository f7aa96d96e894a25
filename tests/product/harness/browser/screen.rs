//! The size of the screen, its colors, and paper.

use serde_json::json;

use super::Browser;

impl Browser {
    /// Sets the width of the window and the preferred color scheme.
    pub async fn set_viewport(&self, width: u32, dark: bool) {
        let height = if width < 600 { 800 } else { 900 };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            // Screenshots must not catch an animation.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Sets the size of the screen, and whether the user wants as little motion as possible.
    pub async fn set_screen(&self, width: u32, height: u32, reduced_motion: bool) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let value = if reduced_motion {
            "reduce"
        } else {
            "no-preference"
        };
        let features =
            json!({ "features": [{ "name": "prefers-reduced-motion", "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Renders pages as on paper from the next page on.
    pub async fn print_media(&self) {
        let media = json!({ "media": "print" });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// How many pages of A4 paper the page takes.
    pub async fn printed_pages(&self) -> i64 {
        let paper = json!({ "paperWidth": 8.27, "paperHeight": 11.69 });
        let pdf = self.devtools("Page.printToPDF", paper).await;
        let pages = self
            .script(&format!(
                "return atob({}).match(/\\/Type\\s*\\/Page\\b/g).length",
                pdf["data"]
            ))
            .await;
        pages.as_i64().unwrap()
    }

    /// Takes a screenshot, writes it to `target/screenshots/{name}.png` and returns it.
    pub async fn screenshot(&self, name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/screenshots");
        std::fs::create_dir_all(folder).unwrap();
        let image = self.client.screenshot().await.unwrap();
        std::fs::write(format!("{folder}/{name}.png"), &image).unwrap();
        image
    }
}
