//! Many participants in one browser: each has a window and a separate host name, and so separate cookies.

use std::net::SocketAddr;

use fantoccini::{Client, wd::WindowHandle};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{POLL_INTERVAL, TIMEOUT, sessions};
use crate::harness::machine;

pub struct BrowserWindows {
    client: Client,
    windows: Vec<WindowHandle>,
}

impl BrowserWindows {
    /// Opens the board in this many windows, distributed over these servers.
    pub async fn at(servers: &[SocketAddr], count: usize) -> BrowserWindows {
        machine::browsers().await;
        // No logs: the tests do not read them, and recording them is slow.
        let client = sessions::start(&json!({}), json!({})).await;
        let mut windows = vec![client.window().await.unwrap()];
        while windows.len() < count {
            windows.push(client.new_window(false).await.unwrap().handle);
        }
        let browser = BrowserWindows { client, windows };
        for (n, window) in browser.windows.iter().enumerate() {
            let port = servers[n % servers.len()].port();
            browser.switch_to(window).await;
            // Browsers resolve `*.localhost` to this machine.
            let board = format!("http://person-{n}.localhost:{port}/");
            browser.client.goto(&board).await.unwrap();
        }
        browser
    }

    async fn switch_to(&self, window: &WindowHandle) {
        self.client.switch_to_window(window.clone()).await.unwrap();
    }

    /// Runs a script in each window and returns the results.
    pub async fn each(&self, script: &str, arguments: &[Value]) -> Vec<Value> {
        let mut results = Vec::new();
        for window in &self.windows {
            self.switch_to(window).await;
            let value = self.client.execute(script, arguments.to_vec()).await;
            results.push(value.unwrap());
        }
        results
    }

    /// Waits in each window until a script returns true.
    pub async fn until_each(&self, what: &str, script: &str) {
        for (n, window) in self.windows.iter().enumerate() {
            self.switch_to(window).await;
            let end = Instant::now() + TIMEOUT;
            while self.client.execute(script, Vec::new()).await.unwrap() != true {
                assert!(Instant::now() < end, "window {n}: not {what}");
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        }
    }

    pub async fn close(self) {
        self.client.close().await.unwrap();
    }
}
