//! Whole boards as JSON, which are kept with their version, compared with a bare server that sends the same bytes.

use std::{fs, io, net::SocketAddr, time::Duration};

use savt::db::Backend;
use tokio::runtime::Handle;

use super::CLIENTS;
use crate::harness::{
    bench::{Bench, backend_name},
    closed_loop::{ClosedLoop, Workload},
    connection::Connection,
    process::{BoardSize, Process},
};

const PATH: &str = "/api/v1/boards/main";
const BOARD: BoardSize = BoardSize(100);
/// The servers take turns, so that other load on the machine affects both.
const ROUNDS: usize = 4;
const ROUND: Duration = Duration::from_millis(900);

/// A program that reads the board.
struct Reader {
    connection: Connection,
    headers: String,
    status: u16,
}

pub async fn measure(bench: &mut Bench) {
    let savt = bench.savt(Backend::Sqlite, BOARD).await;
    let plain = read(savt.address, "").await;
    bench.report.begin(
        "api, boards",
        format!(
            "{CLIENTS} programs read 100 items x 5 features, {} bytes, in a closed loop",
            plain.body.len()
        ),
        "a bare poem server that sends the same bytes; the target is a ratio above 0.8",
    );
    let if_none_match = format!("If-None-Match: {}\r\n", plain.etag);
    for (name, headers, status) in [
        ("board", "", 200),
        ("board, zstd", "Accept-Encoding: zstd\r\n", 200),
        ("board, gzip", "Accept-Encoding: gzip\r\n", 200),
        ("board not modified (304)", &*if_none_match, 304),
    ] {
        // The bare server sends what SAVT sends, with the coding of this case.
        let file = bench.file("board.json");
        let coding = if status == 304 { "" } else { headers };
        fs::write(&file, read(savt.address, coding).await.body).unwrap();
        let bare = Process::bare_page(&file);
        let mut savt_loop = readers(savt.address, headers, status).await;
        let mut bare_loop = readers(bare.address, headers, status).await;
        let mut cpu_ms = [0.0; 2];
        for _ in 0..ROUNDS {
            cpu_ms[0] += measure_round(&savt, &mut savt_loop).await;
            cpu_ms[1] += measure_round(&bare, &mut bare_loop).await;
        }
        let counts = [savt_loop.count(), bare_loop.count()];
        let cpu_us = [0, 1].map(|at| cpu_ms[at] / counts[at] * 1_000.0);
        let mut section = bench.report.section(backend_name(Backend::Sqlite));
        let limit = Some(bare_loop.per_second());
        section.measurement(name, savt_loop.per_second(), "1/s", limit);
        let cpu_name = format!("{name}, CPU time");
        section.measurement(&cpu_name, cpu_us[0], "µs", Some(cpu_us[1]));
        section.errors([savt_loop.error(), bare_loop.error()].into_iter().flatten());
    }
}

struct Read {
    body: Vec<u8>,
    etag: String,
}

async fn read(address: SocketAddr, headers: &str) -> Read {
    let mut connection = Connection::open(address).await.unwrap();
    let response = connection.request("GET", PATH, headers).await.unwrap();
    assert_eq!(response.status, 200);
    Read {
        body: connection.body().to_vec(),
        etag: response.etag.unwrap(),
    }
}

/// Runs a round. Returns the server's CPU time for it, in milliseconds.
async fn measure_round(server: &Process, readers: &mut ClosedLoop<Reader>) -> f64 {
    let before = server.cpu_ms();
    readers.run_round(ROUND).await;
    server.cpu_ms() - before
}

async fn readers(address: SocketAddr, headers: &str, status: u16) -> ClosedLoop<Reader> {
    let mut readers = Vec::new();
    for _ in 0..CLIENTS {
        readers.push(Reader {
            connection: Connection::open(address).await.unwrap(),
            headers: headers.to_owned(),
            status,
        });
    }
    ClosedLoop::new(&Handle::current(), readers)
}

impl Workload for Reader {
    async fn run_once(&mut self) -> io::Result<()> {
        let response = self.connection.request("GET", PATH, &self.headers).await?;
        match response.status == self.status {
            true => Ok(()),
            false => Err(io::Error::other(format!("{PATH}: {}", response.status))),
        }
    }
}
