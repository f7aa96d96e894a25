//! A headless Chromium that reads, clicks, types and waits. It knows the pages, and nothing of the server.

mod driver;
mod log;
mod network;
mod pointer;
mod screen;
mod sessions;
mod windows;

use std::{net::SocketAddr, sync::Mutex, time::Duration};

use fantoccini::{Client, Locator, elements::Element};
use serde_json::{Value, json};
use tokio::time::Instant;

use driver::Command;
pub use windows::BrowserWindows;

use super::machine;

/// The time limit for an expected change, generous for busy machines.
const TIMEOUT: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(15);

/// The pause between two presses. SAVT takes presses that are less than 400 ms apart and at the same place for one
/// (`assets/double-press.js`).
const BETWEEN_PRESSES: Duration = Duration::from_millis(450);

/// Window widths in CSS pixels.
pub const PHONE: u32 = 360;
pub const NARROWEST: u32 = 320;
pub const DESKTOP: u32 = 1280;

/// The widths in which every page must fit, with their names in screenshots.
pub const SCREENS: [(u32, &str); 3] = [
    (NARROWEST, "narrow"),
    (PHONE, "phone"),
    (DESKTOP, "desktop"),
];

/// The color schemes (`true`: dark), with their names in screenshots.
pub const SCHEMES: [(bool, &str); 2] = [(false, "light"), (true, "dark")];

/// The Escape key.
pub const ESCAPE: &str = "\u{e00c}";

/// One window with its own profile, at one server.
pub struct Browser {
    client: Client,
    preferences: Value,
    home: String,
    last_press: Mutex<Option<Instant>>,
}

impl Browser {
    /// Opens the board of the server at this address.
    pub async fn at(address: SocketAddr) -> Browser {
        Browser::open(address, json!({})).await
    }

    /// Like [`Browser::at`], with JavaScript disabled.
    pub async fn without_javascript(address: SocketAddr) -> Browser {
        let block = json!({ "profile.managed_default_content_settings.javascript": 2 });
        Browser::open(address, block).await
    }

    /// Like [`Browser::at`], with all cookies blocked.
    pub async fn without_cookies(address: SocketAddr) -> Browser {
        let block = json!({ "profile.default_content_setting_values.cookies": 2 });
        Browser::open(address, block).await
    }

    /// Like [`Browser::at`], with the default font size doubled.
    pub async fn with_large_font(address: SocketAddr) -> Browser {
        let large = json!({ "webkit.webprefs.default_font_size": 32 });
        Browser::open(address, large).await
    }

    async fn open(address: SocketAddr, preferences: Value) -> Browser {
        machine::browsers().await;
        let browser = Browser {
            client: sessions::acquire(&preferences).await,
            preferences,
            home: format!("http://{address}"),
            last_press: Mutex::new(None),
        };
        browser.go("/").await;
        browser
    }

    /// Opens a page of this server.
    pub async fn go(&self, path: &str) {
        self.client
            .goto(&format!("{}{path}", self.home))
            .await
            .unwrap();
    }

    /// The current path, with query and fragment.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.as_str().strip_prefix(&self.home).unwrap().to_owned()
    }

    /// Opens another tab in front of this one.
    pub async fn open_tab_in_front(&self) {
        self.switch_tab(true).await;
    }

    /// Closes the tab in front.
    pub async fn close_front_tab(&self) {
        self.switch_tab(false).await;
    }

    /// Clicks the button or link of this name as soon as it is visible.
    pub async fn press(&self, name: &str) {
        let named = format!(r#"@aria-label="{name}" or normalize-space()="{name}""#);
        let path = format!("//*[self::button or self::a or self::summary][{named}]");
        let last_press = *self.last_press.lock().unwrap();
        if let Some(last_press) = last_press {
            tokio::time::sleep_until(last_press + BETWEEN_PRESSES).await;
        }
        self.until(&format!("press {name:?}"), async || {
            for element in self.client.find_all(Locator::XPath(&path)).await.ok()? {
                if element.is_displayed().await.ok()? {
                    if element.click().await.is_ok() {
                        return Some(());
                    }
                    // The button for consent may cover it.
                    let center = "arguments[0].scrollIntoView({ block: 'center' })";
                    let element = serde_json::to_value(element).ok()?;
                    self.client.execute(center, vec![element]).await.ok()?;
                    return None;
                }
            }
            None
        })
        .await;
        *self.last_press.lock().unwrap() = Some(Instant::now());
    }

    /// Appends text to a field.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.see(css).await.send_keys(text).await.unwrap();
    }

    /// Replaces the text of a field.
    pub async fn retype(&self, css: &str, text: &str) {
        let field = self.see(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Sends keys to the focused element.
    pub async fn keys(&self, keys: &str) {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    /// Selects an option by its label.
    pub async fn choose(&self, css: &str, label: &str) {
        self.see(css).await.select_by_label(label).await.unwrap();
    }

    /// Waits until an element is visible.
    pub async fn see(&self, css: &str) -> Element {
        self.until(&format!("see {css}"), async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            element.is_displayed().await.ok()?.then_some(element)
        })
        .await
    }

    /// Waits until no matching element is visible.
    pub async fn see_no(&self, css: &str) {
        self.until(&format!("see no {css}"), async || {
            for element in self.client.find_all(Locator::Css(css)).await.ok()? {
                if element.is_displayed().await.ok()? {
                    return None;
                }
            }
            Some(())
        })
        .await;
    }

    /// Waits until a matching element contains this text.
    pub async fn read(&self, css: &str, text: &str) {
        self.until(&format!("read {text:?} in {css}"), async || {
            for element in self.client.find_all(Locator::Css(css)).await.ok()? {
                if element.text().await.ok()?.contains(text) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// The current texts of all matching elements.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// The value of a field.
    pub async fn value(&self, css: &str) -> String {
        let field = self.see(css).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Waits until this element has the focus.
    pub async fn focus_on(&self, css: &str) {
        self.see(&format!("{css}:focus")).await;
    }

    /// Runs a script in the page and returns its result.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Runs a script in the page and returns what it passes to its callback, the last argument.
    pub async fn script_async(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.unwrap()
    }

    /// Waits until a script in the page returns this.
    pub async fn until_script(&self, script: &str, expected: impl Into<Value>) {
        let expected = expected.into();
        let check = async || (self.script(script).await == expected).then_some(());
        self.until(&format!("get {expected} from {script}"), check)
            .await;
    }

    /// Closes the window and asserts that no script failed, nothing violated the Content-Security-Policy and no request
    /// went to another host.
    pub async fn close(self) {
        self.close_despite(&[]).await;
    }

    /// Like [`Browser::close`], but ignores console errors and requests that contain one of these texts.
    pub async fn close_despite(self, expected: &[&str]) {
        let mut console_errors = self.console_errors().await;
        let mut foreign_requests = self.requests_to_other_hosts().await;
        let is_unexpected = |entry: &String| !expected.iter().any(|text| entry.contains(text));
        console_errors.retain(is_unexpected);
        foreign_requests.retain(is_unexpected);
        assert_eq!(console_errors, Vec::<String>::new());
        assert_eq!(foreign_requests, Vec::<String>::new());
        sessions::release(self.client, &self.preferences, &self.home).await;
    }

    async fn switch_tab(&self, open: bool) {
        let windows = self.client.windows().await.unwrap();
        if open {
            self.client.new_window(true).await.unwrap();
            let all = self.client.windows().await.unwrap();
            let new = all.into_iter().find(|window| !windows.contains(window));
            self.client.switch_to_window(new.unwrap()).await.unwrap();
        } else {
            self.client.close_window().await.unwrap();
            self.client
                .switch_to_window(windows[0].clone())
                .await
                .unwrap();
        }
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let command = Command::new("goog/cdp/execute", body);
        self.client.issue_cmd(command).await.unwrap()
    }

    /// Polls until `check` returns a value. A check returns `None` on errors, because elements may be replaced meanwhile.
    async fn until<T>(&self, what: &str, check: impl AsyncFn() -> Option<T>) -> T {
        let end = Instant::now() + TIMEOUT;
        loop {
            if let Some(value) = check().await {
                return value;
            }
            if Instant::now() > end {
                let body = self.texts("body").await;
                panic!("timed out waiting to {what}; the page shows {body:?}");
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }
}

/// A name that is too long although a field accepts it: each character becomes two when it is normalized (NFC).
pub fn too_long_name() -> String {
    "\u{958}".repeat(60)
}
