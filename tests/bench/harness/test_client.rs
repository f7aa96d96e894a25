//! HTTP clients that change a board: each vetoes a feature, withdraws the veto, and continues with the next feature.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until};

use super::{
    clock,
    closed_loop::Workload,
    connection::{Connection, Response},
    percentiles::Percentiles,
    process::SMALL,
};

/// The `Cookie` header line of the browser with this number.
pub fn cookie_header(number: usize) -> String {
    format!("Cookie: savt={number:032x}\r\n")
}

/// Distance from one feature to the next, so that clients touch all parts of a board.
const STRIDE: usize = 7;

pub struct TestClient {
    connection: Connection,
    headers: String,
    /// The number of features on the board: their ids are 1 to this.
    features: usize,
    /// The index of the current feature.
    feature: usize,
    vetoed: bool,
    /// The entity tag of the last page.
    etag: Option<String>,
}

/// An acknowledged change. Times are from `clock`.
#[derive(Clone, Copy)]
pub struct Write {
    /// The version of the board after it.
    pub version: i64,
    pub sent_at: u64,
    pub responded_at: u64,
}

/// The outcome of a series of changes.
#[derive(Default)]
pub struct WriteResults {
    pub writes: Vec<Write>,
    pub failures: usize,
}

impl TestClient {
    /// Connects the browser with this number, and makes two changes so that its participant exists.
    pub async fn connect(address: SocketAddr, number: usize, features: usize) -> TestClient {
        let mut client = TestClient {
            connection: Connection::open(address).await.unwrap(),
            headers: format!(
                "{}HX-Request: true\r\nContent-Length: 0\r\n",
                cookie_header(number)
            ),
            features,
            feature: number * STRIDE % features,
            vetoed: false,
            etag: None,
        };
        for _ in 0..2 {
            client.toggle_veto().await.unwrap();
        }
        client
    }

    /// Connects `count` clients to a small board.
    pub async fn connect_many(address: SocketAddr, count: usize) -> Vec<TestClient> {
        let mut clients = Vec::new();
        for number in 0..count {
            clients.push(TestClient::connect(address, number, SMALL.features()).await);
        }
        clients
    }

    /// Vetoes a feature, or withdraws the last veto.
    pub async fn toggle_veto(&mut self) -> io::Result<Write> {
        let number = self.feature + 1;
        let action = if self.vetoed { "unveto" } else { "veto" };
        if self.vetoed {
            self.feature = (self.feature + STRIDE) % self.features;
        }
        self.vetoed = !self.vetoed;
        let path = format!("/features/{number}/{action}");
        let sent_at = clock::now();
        let response = self
            .connection
            .request("POST", &path, &self.headers)
            .await?;
        let responded_at = clock::now();
        match response {
            Response {
                status: 200,
                version: Some(version),
                ..
            } => Ok(Write {
                version,
                sent_at,
                responded_at,
            }),
            Response { status, .. } => Err(io::Error::other(format!("{path}: {status}"))),
        }
    }

    /// Loads the page; true if it was not modified (304).
    pub async fn load(&mut self) -> io::Result<bool> {
        let mut headers = self.headers.replace("HX-Request: true\r\n", "");
        if let Some(etag) = &self.etag {
            headers += &format!("If-None-Match: {etag}\r\n");
        }
        let response = self.connection.request("GET", "/", &headers).await?;
        match response.status {
            200 => {
                self.etag = response.etag;
                Ok(false)
            }
            304 => Ok(true),
            status => Err(io::Error::other(format!("/: {status}"))),
        }
    }
}

impl Workload for TestClient {
    async fn run_once(&mut self) -> io::Result<()> {
        TestClient::toggle_veto(self).await.map(drop)
    }
}

/// Sends changes at a constant rate, distributed evenly over the clients, regardless of response times.
pub async fn run_at_rate(
    clients: &mut [TestClient],
    per_second: u32,
    duration: Duration,
) -> WriteResults {
    let gap = Duration::from_secs(1) / per_second;
    let rounds = (duration.as_secs_f64() * f64::from(per_second) / clients.len() as f64) as u32;
    let period = gap * clients.len() as u32;
    let begin = Instant::now() + gap;
    let acting = clients
        .iter_mut()
        .zip(0..)
        .map(|(client, number)| async move {
            let mut results = WriteResults::default();
            for round in 0..rounds {
                sleep_until(begin + gap * number + period * round).await;
                match client.toggle_veto().await {
                    Ok(write) => results.writes.push(write),
                    Err(error) => {
                        eprintln!("{error}");
                        results.failures += 1;
                    }
                }
            }
            results
        });
    let mut total = WriteResults::default();
    for results in join_all(acting).await {
        total.writes.extend(results.writes);
        total.failures += results.failures;
    }
    total
}

impl WriteResults {
    /// Milliseconds from each request to its response.
    pub fn latencies(&self) -> Percentiles {
        let writes = self.writes.iter();
        Percentiles::new(writes.map(|write| clock::ms_between(write.sent_at, write.responded_at)))
    }

    /// The highest acknowledged version.
    pub fn last_version(&self) -> i64 {
        let versions = self.writes.iter().map(|write| write.version);
        versions.max().unwrap_or_default()
    }
}
