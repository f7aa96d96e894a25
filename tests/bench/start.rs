//! Start time, memory and program size, and the bytes of the first visit.

use std::{fs, time::Instant};

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    connection::Connection,
    percentiles::Percentiles,
    process::{PROGRAM, Process, SMALL},
    test_client::cookie_header,
};

const STARTS: usize = 10;
const KIB: f64 = 1_024.0;

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "start",
        format!(
            "{STARTS} starts on an existing database, with a request as soon as the server listens"
        ),
        "the limits that SAVT promises",
    );
    for backend in BACKENDS {
        let url = bench.seeded(backend, SMALL).await;
        let mut times = [const { Vec::new() }; 2];
        let mut resident = Vec::new();
        for _ in 0..STARTS {
            for (path, times) in ["/healthz", "/"].iter().zip(&mut times) {
                let begin = Instant::now();
                let savt = Process::savt(&url);
                let mut connection = Connection::open(savt.address).await.unwrap();
                let response = connection
                    .request("GET", path, &cookie_header(0))
                    .await
                    .unwrap();
                times.push(begin.elapsed().as_secs_f64() * 1_000.0);
                assert_eq!(response.status, 200, "{path}");
                if *path == "/" {
                    resident.push(savt.resident_kib() / KIB);
                }
            }
        }
        let mut section = bench.report.section(backend_name(backend));
        for (name, times) in ["first response of /healthz", "first page"]
            .iter()
            .zip(times)
        {
            let times = Percentiles::new(times);
            section.measurement(
                &format!("{name}, median"),
                times.median(),
                "ms",
                Some(100.0),
            );
            section.measurement(&format!("{name}, max"), times.max(), "ms", Some(100.0));
        }
        let resident = Percentiles::new(resident).median();
        section.measurement("memory after the first page", resident, "MiB", Some(25.0));
    }
    let size = fs::metadata(PROGRAM).unwrap().len() as f64;
    let visit = first_visit(bench).await / KIB;
    let mut section = bench.report.section("both");
    section.measurement("program", size / 1e6, "MB", Some(20.0));
    section.measurement(
        "first visit to the demo, compressed",
        visit,
        "KiB",
        Some(45.0),
    );
}

/// Bytes of all response bodies for a browser with an empty cache.
async fn first_visit(bench: &mut Bench) -> f64 {
    let savt = Process::savt(&bench.demo());
    let mut browser = Connection::open(savt.address).await.unwrap();
    browser.request("GET", "/", "").await.unwrap();
    let page = String::from_utf8(browser.body().to_vec()).unwrap();
    let assets = page.split('"').filter(|text| text.starts_with("/assets/"));
    let mut bytes = 0;
    for path in ["/"].into_iter().chain(assets) {
        let accept_encoding = "Accept-Encoding: gzip, deflate, br, zstd\r\n";
        let response = browser.request("GET", path, accept_encoding).await.unwrap();
        assert_eq!(response.status, 200, "{path}");
        bytes += browser.body().len();
    }
    bytes as f64
}
