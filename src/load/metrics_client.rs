//! Reads the metrics of the server under test from its monitor, if the options name one.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use super::{
    body_reader::ReadMode,
    browser::{Browser, RequestSpec},
    options::Options,
    server_address::ServerAddress,
    server_metrics::ServerMetrics,
};

const TIMEOUT: Duration = Duration::from_millis(500);

pub(super) struct MetricsClient(Option<Browser>);

impl MetricsClient {
    /// Without a monitor URL, or if its address cannot be resolved, the client has no metrics.
    pub(super) async fn new(options: &Options) -> MetricsClient {
        let Some(url) = options.monitor_url.as_deref() else {
            return MetricsClient(None);
        };
        let server = ServerAddress::resolve(url, options.remote).await.ok();
        MetricsClient(server.map(|server| Browser::new(Arc::new(server))))
    }

    /// The current metrics; without a response, all of them are unknown.
    pub(super) async fn fetch(&self) -> ServerMetrics {
        let Some(browser) = &self.0 else {
            return ServerMetrics::default();
        };
        let request = RequestSpec::get("/metrics").read(ReadMode::Full);
        match timeout(TIMEOUT, browser.send(request)).await {
            Ok(Ok(response)) if response.status == 200 => ServerMetrics::parse(&response.text),
            _ => ServerMetrics::default(),
        }
    }
}
