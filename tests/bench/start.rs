//! What a start takes, what SAVT is while nobody comes, and what the first visit sends.

use std::{fs, time::Instant};

use crate::harness::{
    bench::{BOTH, Bench, named},
    connection::Connection,
    person::token,
    process::{PROGRAM, Process, SMALL},
    spread::Spread,
};

const STARTS: usize = 10;
const KIB: f64 = 1_024.0;

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "start",
        format!("{STARTS} starts on a database that is there, asked as soon as it listens"),
        "what was promised",
    );
    for backend in BOTH {
        let url = bench.seeded(backend, SMALL).await;
        let mut times = [const { Vec::new() }; 2];
        let mut resident = Vec::new();
        for _ in 0..STARTS {
            for (path, times) in ["/healthz", "/"].iter().zip(&mut times) {
                let begin = Instant::now();
                let savt = Process::savt(&url);
                let mut connection = Connection::to(savt.address).await.unwrap();
                let answer = connection.ask("GET", path, &token(0)).await.unwrap();
                times.push(begin.elapsed().as_secs_f64() * 1_000.0);
                assert_eq!(answer.status, 200, "{path}");
                if *path == "/" {
                    resident.push(savt.resident() / KIB);
                }
            }
        }
        let mut part = bench.report.on(named(backend));
        for (what, times) in ["first answer of /healthz", "first page"].iter().zip(times) {
            let times = Spread::of(times);
            part.figure(
                &format!("{what}, median"),
                times.median(),
                "ms",
                Some(100.0),
            );
            part.figure(&format!("{what}, max"), times.max(), "ms", Some(100.0));
        }
        let resident = Spread::of(resident).median();
        part.figure("memory after the first page", resident, "MiB", Some(25.0));
    }
    let size = fs::metadata(PROGRAM).unwrap().len() as f64;
    let visit = first_visit(bench).await / KIB;
    let mut part = bench.report.on("both");
    part.figure("program", size / 1e6, "MB", Some(20.0));
    part.figure(
        "first visit to the demo, compressed",
        visit,
        "KiB",
        Some(45.0),
    );
}

/// Bytes of the bodies a browser gets that has nothing yet.
async fn first_visit(bench: &mut Bench) -> f64 {
    let savt = Process::savt(&bench.demo());
    let mut browser = Connection::to(savt.address).await.unwrap();
    browser.ask("GET", "/", "").await.unwrap();
    let page = String::from_utf8(browser.body().to_vec()).unwrap();
    let named = page.split('"').filter(|text| text.starts_with("/assets/"));
    let mut bytes = 0;
    for path in ["/"].into_iter().chain(named) {
        let accept = "Accept-Encoding: gzip, deflate, br, zstd\r\n";
        let answer = browser.ask("GET", path, accept).await.unwrap();
        assert_eq!(answer.status, 200, "{path}");
        bytes += browser.body().len();
    }
    bytes as f64
}
