//! Many people at once: a window each of one browser, at hosts of their own, so that each has cookies of its own.

use std::net::SocketAddr;

use fantoccini::{Client, wd::WindowHandle};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{GLANCE, PATIENCE, sessions};
use crate::harness::machine;

/// The windows of many people.
pub struct Crowd {
    client: Client,
    windows: Vec<WindowHandle>,
}

impl Crowd {
    /// Opens the board for so many people, who are spread over these SAVTs.
    pub async fn at(savts: &[SocketAddr], people: usize) -> Crowd {
        machine::browsers().await;
        // Nobody reads the logs of so many windows, and to keep them takes time.
        let client = sessions::start(&json!({}), json!({})).await;
        let mut windows = vec![client.window().await.unwrap()];
        while windows.len() < people {
            windows.push(client.new_window(false).await.unwrap().handle);
        }
        let crowd = Crowd { client, windows };
        for (n, window) in crowd.windows.iter().enumerate() {
            let port = savts[n % savts.len()].port();
            crowd.turn_to(window).await;
            // The browser knows by itself where such a host is: here.
            let board = format!("http://person-{n}.localhost:{port}/");
            crowd.client.goto(&board).await.unwrap();
        }
        crowd
    }

    async fn turn_to(&self, window: &WindowHandle) {
        self.client.switch_to_window(window.clone()).await.unwrap();
    }

    /// What a script gives back in each window.
    pub async fn each(&self, script: &str, arguments: &[Value]) -> Vec<Value> {
        let mut given = Vec::new();
        for window in &self.windows {
            self.turn_to(window).await;
            let value = self.client.execute(script, arguments.to_vec()).await;
            given.push(value.unwrap());
        }
        given
    }

    /// Waits in each window until a script gives back true.
    pub async fn until_each(&self, what: &str, script: &str) {
        for (n, window) in self.windows.iter().enumerate() {
            self.turn_to(window).await;
            let end = Instant::now() + PATIENCE;
            while self.client.execute(script, Vec::new()).await.unwrap() != true {
                assert!(Instant::now() < end, "person {n}: not {what}");
                tokio::time::sleep(GLANCE).await;
            }
        }
    }

    pub async fn close(self) {
        self.client.close().await.unwrap();
    }
}
