//! Presses at a place and pasted text, which WebDriver has no command for.

use serde_json::json;

use super::Browser;

impl Browser {
    /// Presses the mouse button at a place of the window, as if at this time in seconds since 1970.
    pub async fn click_at(&self, (x, y): (f64, f64), timestamp: f64) {
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1, "timestamp": timestamp,
            });
            self.devtools("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Taps a place of the window, as if at this time in seconds since 1970.
    pub async fn tap_at(&self, (x, y): (f64, f64), timestamp: f64) {
        let begin = json!({ "type": "touchStart", "touchPoints": [{ "x": x, "y": y }], "timestamp": timestamp });
        self.devtools("Input.dispatchTouchEvent", begin).await;
        let end = json!({ "type": "touchEnd", "touchPoints": [], "timestamp": timestamp + 0.01 });
        self.devtools("Input.dispatchTouchEvent", end).await;
    }

    /// The center of an element in the window, which is scrolled to it.
    pub async fn center_of(&self, css: &str) -> (f64, f64) {
        self.see(css).await;
        let center = self
            .script(&format!(
                "const element = document.querySelector({css:?});
                 element.scrollIntoView({{ block: 'nearest', behavior: 'instant' }});
                 const box = element.getBoundingClientRect();
                 return [box.x + box.width / 2, box.y + box.height / 2];"
            ))
            .await;
        let coordinate = |index: usize| center[index].as_f64().unwrap();
        (coordinate(0), coordinate(1))
    }

    /// Pastes text into a field.
    pub async fn paste(&self, css: &str, text: &str) {
        self.see(css).await;
        self.script(&format!(
            "const clipboardData = new DataTransfer();
             clipboardData.setData('text/plain', {});
             const paste = new ClipboardEvent('paste', {{ clipboardData, bubbles: true, cancelable: true }});
             document.querySelector({css:?}).focus();
             document.activeElement.dispatchEvent(paste);",
            json!(text)
        ))
        .await;
    }
}
