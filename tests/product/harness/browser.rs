//! A real browser, Chromium without a window, that does what a person does: reads, presses, types, waits.
//! Knows the names on the pages, nothing of what stands behind them.

mod crowd;
mod driver;
mod sessions;

use std::{net::SocketAddr, time::Duration};

use fantoccini::{Client, Locator, elements::Element};
use serde_json::{Value, json};
use tokio::time::Instant;

pub use crowd::Crowd;
use driver::Command;

use super::machine;

/// Longest wait for what must come: far longer than it takes, for machines with much else to do.
const PATIENCE: Duration = Duration::from_secs(20);
const GLANCE: Duration = Duration::from_millis(15);

/// How wide a window is, in CSS pixels.
pub const PHONE: u32 = 360;
pub const NARROWEST: u32 = 320;
pub const DESKTOP: u32 = 1280;

/// The windows in which a page must be whole, with their names in pictures.
pub const SCREENS: [(u32, &str); 3] = [
    (NARROWEST, "narrow"),
    (PHONE, "phone"),
    (DESKTOP, "desktop"),
];

/// Whether somebody likes it dark, with its name in pictures.
pub const SCHEMES: [(bool, &str); 2] = [(false, "light"), (true, "dark")];

/// The key that closes things.
pub const ESCAPE: &str = "\u{e00c}";

/// One window with a profile of its own, at one SAVT.
pub struct Browser {
    client: Client,
    preferences: Value,
    home: String,
}

impl Browser {
    /// Opens the board at this address.
    pub async fn at(address: SocketAddr) -> Browser {
        Browser::open(address, json!({})).await
    }

    /// The same in a browser that runs no script.
    pub async fn without_script(address: SocketAddr) -> Browser {
        let block = json!({ "profile.managed_default_content_settings.javascript": 2 });
        Browser::open(address, block).await
    }

    /// The same in a browser whose owner set the letters to twice their size.
    pub async fn with_large_letters(address: SocketAddr) -> Browser {
        let large = json!({ "webkit.webprefs.default_font_size": 32 });
        Browser::open(address, large).await
    }

    async fn open(address: SocketAddr, preferences: Value) -> Browser {
        machine::browsers().await;
        let browser = Browser {
            client: sessions::take(&preferences).await,
            preferences,
            home: format!("http://{address}"),
        };
        browser.go("/").await;
        browser
    }

    /// Goes to a page of this SAVT.
    pub async fn go(&self, path: &str) {
        self.client
            .goto(&format!("{}{path}", self.home))
            .await
            .unwrap();
    }

    /// Where the browser is, as seen from the board.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.as_str().strip_prefix(&self.home).unwrap().to_owned()
    }

    /// Makes the window this wide; `dark` is what its owner likes.
    pub async fn look(&self, width: u32, dark: bool) {
        let height = if width < 600 { 800 } else { 900 };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            // A picture is of what came to rest.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Cuts the browser off from the network, or lets it on again.
    pub async fn offline(&self, offline: bool) {
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }

    /// Lets no request through to these addresses, in which a star stands for anything.
    pub async fn block(&self, addresses: &[&str]) {
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setBlockedURLs", json!({ "urls": addresses }))
            .await;
    }

    /// Asks from now on as somebody does at this address, for whom a proxy speaks.
    pub async fn through_a_proxy(&self, address: &str) {
        self.devtools("Network.enable", json!({})).await;
        let headers = json!({ "headers": { "X-Forwarded-For": address } });
        self.devtools("Network.setExtraHTTPHeaders", headers).await;
    }

    /// From now on the answer to what this page asks at such an address waits until it is let go.
    pub async fn hold_answers(&self, address: &str) {
        self.script(&format!(
            "const really = window.fetch;
             const held = new Promise((release) => {{ window.release = release; }});
             window.fetch = async (address, asked) => {{
                 const answer = await really(address, asked);
                 if (String(address).includes({address:?})) await held;
                 return answer;
             }};"
        ))
        .await;
    }

    /// Lets the answers go that are held.
    pub async fn let_answers_go(&self) {
        self.script("window.release()").await;
    }

    /// Opens another tab before this one.
    pub async fn to_the_background(&self) {
        self.front(true).await;
    }

    /// Closes that tab.
    pub async fn to_the_front(&self) {
        self.front(false).await;
    }

    /// Presses the button or follows the link of this name, as soon as it can be seen.
    pub async fn press(&self, name: &str) {
        let named = format!(r#"@aria-label="{name}" or normalize-space()="{name}""#);
        let path = format!("//*[self::button or self::a or self::summary][{named}]");
        self.until(&format!("press {name:?}"), async || {
            for element in self.client.find_all(Locator::XPath(&path)).await.ok()? {
                if element.is_displayed().await.ok()? {
                    return element.click().await.ok();
                }
            }
            None
        })
        .await;
    }

    /// Types into a field after what is there.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.see(css).await.send_keys(text).await.unwrap();
    }

    /// Types into a field instead of what is there.
    pub async fn retype(&self, css: &str, text: &str) {
        let field = self.see(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses keys where the focus is.
    pub async fn keys(&self, keys: &str) {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    /// Chooses from a list by what stands there.
    pub async fn choose(&self, css: &str, label: &str) {
        self.see(css).await.select_by_label(label).await.unwrap();
    }

    /// Waits until this can be seen.
    pub async fn see(&self, css: &str) -> Element {
        self.until(&format!("see {css}"), async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            element.is_displayed().await.ok()?.then_some(element)
        })
        .await
    }

    /// Waits until this cannot be seen any more.
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

    /// Waits until this text stands there.
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

    /// The texts of all these, as they are now.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// What is typed in a field.
    pub async fn value(&self, css: &str) -> String {
        let field = self.see(css).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Waits until the focus is on this.
    pub async fn focus_on(&self, css: &str) {
        self.see(&format!("{css}:focus")).await;
    }

    /// What a script in the page gives back.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// What a script in the page gives to the function that is its last argument.
    pub async fn script_async(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.unwrap()
    }

    /// Waits until a script in the page gives this back.
    pub async fn until_script(&self, script: &str, wanted: impl Into<Value>) {
        let wanted = wanted.into();
        let look = async || (self.script(script).await == wanted).then_some(());
        self.until(&format!("get {wanted} from {script}"), look)
            .await;
    }

    /// Writes what the window shows to `target/screenshots/{name}.png`, and gives it.
    pub async fn screenshot(&self, name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/screenshots");
        std::fs::create_dir_all(folder).unwrap();
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(format!("{folder}/{name}.png"), &picture).unwrap();
        picture
    }

    /// Closes the window; nothing went wrong behind the page: no script failed, nothing broke the
    /// Content-Security-Policy, no request left for another host.
    pub async fn close(self) {
        self.close_despite(&[]).await;
    }

    /// The same, where the test itself made a script complain: each complaint has one of these words in it.
    pub async fn close_despite(self, expected: &[&str]) {
        let mut complaints = self.complaints().await;
        let strange = self.requests_to_others().await;
        complaints.retain(|complaint| !expected.iter().any(|word| complaint.contains(word)));
        assert_eq!(complaints, Vec::<String>::new());
        assert_eq!(strange, Vec::<String>::new());
        sessions::give_back(self.client, &self.preferences, &self.home).await;
    }

    async fn complaints(&self) -> Vec<String> {
        let log = self.log("browser").await;
        let severe = log.iter().filter(|entry| entry["level"] == "SEVERE");
        let text = severe.filter_map(|entry| {
            let message = entry["message"].as_str()?;
            // A refusal is an answer like others, though the browser counts it as a failure.
            let refused = entry["source"] == "network" && !message.contains("/assets/");
            (!refused).then(|| message.to_owned())
        });
        text.collect()
    }

    async fn requests_to_others(&self) -> Vec<String> {
        let log = self.log("performance").await;
        let messages = log
            .iter()
            .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok());
        let sent =
            messages.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        let urls = sent.filter_map(|event| {
            let url = event["message"]["params"]["request"]["url"].as_str()?;
            Some(url.to_owned())
        });
        // The browser's own pages are no hosts.
        urls.filter(|url| url.starts_with("http") || url.starts_with("ws"))
            .filter(|url| !url.starts_with(&self.home))
            .collect()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let command = Command::new("se/log", json!({ "type": kind }));
        let log = self.client.issue_cmd(command).await.unwrap();
        log.as_array().unwrap().clone()
    }

    async fn front(&self, another: bool) {
        let windows = self.client.windows().await.unwrap();
        if another {
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

    /// Looks again and again until there is something. What fails meanwhile may be an element that was just replaced.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            if Instant::now() > end {
                let body = self.texts("body").await;
                panic!("waited in vain to {what}; the page says {body:?}");
            }
            tokio::time::sleep(GLANCE).await;
        }
    }
}
