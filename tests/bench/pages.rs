//! Pages per second, compared with a bare server that sends the same bytes.

use std::{fs, io, net::SocketAddr, time::Duration};

use savt::db::Backend;
use tokio::runtime::Handle;

use crate::harness::{
    bench::{Bench, backend_name},
    closed_loop::{ClosedLoop, Workload},
    connection::Connection,
    process::{BoardSize, Process},
    test_client::cookie_header,
};

const BROWSERS: usize = 33;
const BOARD: BoardSize = BoardSize(100);
/// The servers take turns, so that other load on the machine affects both.
const ROUNDS: usize = 4;
const ROUND: Duration = Duration::from_millis(900);

/// A browser that reloads the page.
struct Browser {
    connection: Connection,
    headers: String,
    status: u16,
}

pub async fn measure(bench: &mut Bench) {
    let savt = bench.savt(Backend::Sqlite, BOARD).await;
    let mut first = Connection::open(savt.address).await.unwrap();
    let response = first.request("GET", "/", &cookie_header(0)).await.unwrap();
    let page = bench.file("page.html");
    fs::write(&page, first.body()).unwrap();
    let bare = Process::bare_page(&page);
    let if_none_match = format!("If-None-Match: {}\r\n", response.etag.unwrap());
    let accept_encoding = "Accept-Encoding: gzip, deflate, br, zstd\r\n";
    let bytes = first.body().len();

    bench.report.begin(
        "pages",
        format!("{BROWSERS} browsers load 100 items x 5 features, {bytes} bytes, in a closed loop"),
        "a bare poem server that sends the same bytes uncompressed; the target is a ratio above 0.6",
    );
    for (name, headers, status) in [
        ("full page", "", 200),
        ("page not modified (304)", &*if_none_match, 304),
        ("full page, compressed", accept_encoding, 200),
    ] {
        let mut savt_loop = browsers(savt.address, headers, status).await;
        let mut bare_loop = browsers(bare.address, headers, status).await;
        let mut total_cpu_ms = [0.0; 2];
        for _ in 0..ROUNDS {
            total_cpu_ms[0] += measure_round(&savt, &mut savt_loop).await;
            total_cpu_ms[1] += measure_round(&bare, &mut bare_loop).await;
        }
        let counts = [savt_loop.count(), bare_loop.count()];
        let cpu_us = [0, 1].map(|at| total_cpu_ms[at] / counts[at] * 1_000.0);
        let mut section = bench.report.section(backend_name(Backend::Sqlite));
        let limit = Some(bare_loop.per_second());
        section.measurement(name, savt_loop.per_second(), "1/s", limit);
        let cpu_name = format!("{name}, CPU time per page");
        section.measurement(&cpu_name, cpu_us[0], "µs", Some(cpu_us[1]));
        section.errors([savt_loop.error(), bare_loop.error()].into_iter().flatten());
    }
}

/// Runs a round. Returns the server's CPU time for it, in milliseconds.
async fn measure_round(server: &Process, browsers: &mut ClosedLoop<Browser>) -> f64 {
    let before = server.cpu_ms();
    browsers.run_round(ROUND).await;
    server.cpu_ms() - before
}

async fn browsers(address: SocketAddr, headers: &str, status: u16) -> ClosedLoop<Browser> {
    let mut browsers = Vec::new();
    for number in 0..BROWSERS {
        browsers.push(Browser {
            connection: Connection::open(address).await.unwrap(),
            headers: cookie_header(number) + headers,
            status,
        });
    }
    ClosedLoop::new(&Handle::current(), browsers)
}

impl Workload for Browser {
    async fn run_once(&mut self) -> io::Result<()> {
        let response = self.connection.request("GET", "/", &self.headers).await?;
        match response.status == self.status {
            true => Ok(()),
            false => Err(io::Error::other(format!("/: {}", response.status))),
        }
    }
}
