//! Pages a second, beside a bare server that hands out the same bytes.

use std::{fs, io, net::SocketAddr, time::Duration};

use savt::db::Backend;
use tokio::runtime::Handle;

use crate::harness::{
    bench::{Bench, named},
    connection::Connection,
    person::token,
    process::{Board, Process},
    team::{Actor, Team},
};

const BROWSERS: usize = 33;
const BOARD: Board = Board(100);
/// Both take turns, so that whatever else the machine does meets both.
const ROUNDS: usize = 4;
const ROUND: Duration = Duration::from_millis(900);

/// A browser that loads the page again and again.
struct Browser {
    connection: Connection,
    headers: String,
    status: u16,
}

pub async fn measure(bench: &mut Bench) {
    let savt = bench.savt(Backend::Sqlite, BOARD).await;
    let mut first = Connection::to(savt.address).await.unwrap();
    let answer = first.ask("GET", "/", &token(0)).await.unwrap();
    let page = bench.file("page.html");
    fs::write(&page, first.body()).unwrap();
    let bare = Process::bare_page(&page);
    let known = format!("If-None-Match: {}\r\n", answer.etag.unwrap());
    let compressed = "Accept-Encoding: gzip, deflate, br, zstd\r\n";
    let bytes = first.body().len();

    bench.report.begin(
        "pages",
        format!("{BROWSERS} browsers load 100 items x 5 features, {bytes} bytes, again and again"),
        "a bare poem server that hands out the same bytes and compresses nothing; hoped for is a ratio above 0.6",
    );
    for (what, headers, status) in [
        ("whole page", "", 200),
        ("page that is known (304)", &*known, 304),
        ("whole page, compressed", compressed, 200),
    ] {
        let mut savts = browsers(savt.address, headers, status).await;
        let mut bares = browsers(bare.address, headers, status).await;
        let mut busy = [0.0; 2];
        for _ in 0..ROUNDS {
            busy[0] += spent(&savt, &mut savts).await;
            busy[1] += spent(&bare, &mut bares).await;
        }
        let each = [busy[0] / savts.count(), busy[1] / bares.count()].map(|ms| ms * 1_000.0);
        let mut part = bench.report.on(named(Backend::Sqlite));
        let limit = Some(bares.per_second());
        part.figure(what, savts.per_second(), "1/s", limit);
        let time = format!("{what}, processor time each");
        part.figure(&time, each[0], "µs", Some(each[1]));
        part.wrong([savts.wrong(), bares.wrong()].into_iter().flatten());
    }
}

/// Processor time that a server took for a round, in milliseconds.
async fn spent(server: &Process, browsers: &mut Team<Browser>) -> f64 {
    let before = server.busy();
    browsers.go(ROUND).await;
    server.busy() - before
}

async fn browsers(address: SocketAddr, headers: &str, status: u16) -> Team<Browser> {
    let mut all = Vec::new();
    for number in 0..BROWSERS {
        all.push(Browser {
            connection: Connection::to(address).await.unwrap(),
            headers: token(number) + headers,
            status,
        });
    }
    Team::on(&Handle::current(), all)
}

impl Actor for Browser {
    async fn act(&mut self) -> io::Result<()> {
        let answer = self.connection.ask("GET", "/", &self.headers).await?;
        match answer.status == self.status {
            true => Ok(()),
            false => Err(io::Error::other(format!("/: {}", answer.status))),
        }
    }
}
