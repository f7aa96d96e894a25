//! What went wrong in a window, by the logs of the browser.

use serde_json::{Value, json};

use super::{Browser, driver::Command};

impl Browser {
    pub(super) async fn console_errors(&self) -> Vec<String> {
        let log = self.log("browser").await;
        let severe = log.iter().filter(|entry| entry["level"] == "SEVERE");
        let text = severe.filter_map(|entry| {
            let message = entry["message"].as_str()?;
            // The browser logs every 4xx or 5xx response as an error; for pages it is a valid response.
            let expected = entry["source"] == "network" && !message.contains("/assets/");
            (!expected).then(|| message.to_owned())
        });
        text.collect()
    }

    pub(super) async fn requests_to_other_hosts(&self) -> Vec<String> {
        let log = self.log("performance").await;
        let messages = log
            .iter()
            .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok());
        let requests =
            messages.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        let urls = requests.filter_map(|event| {
            let url = event["message"]["params"]["request"]["url"].as_str()?;
            Some(url.to_owned())
        });
        // Internal pages of the browser do not count.
        urls.filter(|url| url.starts_with("http") || url.starts_with("ws"))
            .filter(|url| !url.starts_with(&self.home))
            .collect()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let command = Command::new("se/log", json!({ "type": kind }));
        let log = self.client.issue_cmd(command).await.unwrap();
        log.as_array().unwrap().clone()
    }
}
