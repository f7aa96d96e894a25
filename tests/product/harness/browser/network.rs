//! The network and the cookies of a window.

use serde_json::json;

use super::Browser;

impl Browser {
    /// Removes all cookies, as if they had ended.
    pub async fn remove_cookies(&self) {
        self.devtools("Network.clearBrowserCookies", json!({}))
            .await;
    }

    /// Disconnects the browser from the network, or reconnects it.
    pub async fn offline(&self, offline: bool) {
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }

    /// Delays each response by this time.
    pub async fn set_latency(&self, milliseconds: u32) {
        let conditions = json!({
            "offline": false, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }

    /// Blocks requests to these URL patterns, in which `*` matches anything.
    pub async fn block(&self, patterns: &[&str]) {
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setBlockedURLs", json!({ "urls": patterns }))
            .await;
    }

    /// Sends all further requests as if through a proxy, from this client address.
    pub async fn through_a_proxy(&self, address: &str) {
        self.devtools("Network.enable", json!({})).await;
        let headers = json!({ "headers": { "X-Forwarded-For": address } });
        self.devtools("Network.setExtraHTTPHeaders", headers).await;
    }

    /// Holds the responses to further requests whose URL contains this text, until [`Browser::release_responses`].
    pub async fn hold_responses(&self, url_part: &str) {
        self.script(&format!(
            "const original = window.fetch;
             const held = new Promise((release) => {{ window.release = release; }});
             window.fetch = async (url, options) => {{
                 const response = await original(url, options);
                 if (String(url).includes({url_part:?})) await held;
                 return response;
             }};"
        ))
        .await;
    }

    /// Releases the held responses.
    pub async fn release_responses(&self) {
        self.script("window.release()").await;
    }
}
