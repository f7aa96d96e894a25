//! More requests than the machine can handle: the latency of accepted and rejected requests, and the recovery time.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use crate::harness::{
    bench::Bench,
    clock,
    connection::Connection,
    isolated_runtime::IsolatedRuntime,
    percentiles::Percentiles,
    process::{LARGE, Process},
    test_client::{TestClient, cookie_header, run_at_rate},
};

/// More than a writer's queue holds.
const CLIENTS: usize = 6_000;
const DURATION: Duration = Duration::from_secs(8);
/// The server has recovered when a change takes less than this multiple of its usual time.
const RECOVERED_RATIO: f64 = 2.0;

/// Times in milliseconds, memory in KiB.
struct Run {
    accepted: Percentiles,
    rejected: Option<Percentiles>,
    /// Responses that do not say whether the change was saved.
    uncertain: usize,
    per_second: f64,
    memory_growth: f64,
    /// From the end of the load until a change takes its usual time.
    recovery_ms: f64,
    errors: Vec<String>,
}

pub async fn measure(bench: &mut Bench) {
    let (runs, bare) = bench.run_on_all(LARGE, run).await;
    bench.report.begin(
        "overload",
        format!(
            "{CLIENTS} clients in a closed loop veto and withdraw on one board for {DURATION:?}; a writer's queue holds 4,096 \
             commands; the target is below 1,000 ms for accepted requests"
        ),
        "the same clients and a bare poem server",
    );
    for (database, run) in runs {
        let mut section = bench.report.section(database);
        section.times("accepted", &run.accepted, Some(&bare.accepted));
        let rejected = run.rejected.as_ref();
        if let Some(rejected) = rejected {
            section.times("rejected (503)", rejected, None);
        }
        section.measurement("accepted", run.per_second, "1/s", Some(bare.per_second));
        let rejections = rejected.map_or(0, Percentiles::count) as f64;
        let share = 100.0 * rejections / (rejections + run.accepted.count() as f64);
        section.measurement("rejected", share, "%", None);
        section.measurement("outcome uncertain", run.uncertain as f64, "", None);
        let memory = |run: &Run| run.memory_growth / CLIENTS as f64;
        let limit = Some(memory(&bare));
        section.measurement("memory growth per client", memory(&run), "KiB", limit);
        section.measurement(
            "recovered after",
            run.recovery_ms,
            "ms",
            Some(bare.recovery_ms),
        );
        section.errors(run.errors);
    }
    bench.report.section("bare").errors(bare.errors);
}

async fn run(server: &Process) -> Run {
    let mut clients = TestClient::connect_many(server.address, 10).await;
    let before = run_at_rate(&mut clients, 50, Duration::from_secs(2)).await;
    let usual_ms = before.latencies().median();
    let resident = server.resident_kib();

    // They run on other threads, so that they do not delay the measurements.
    let runtime = IsolatedRuntime::new();
    let connecting = (0..CLIENTS).map(|number| {
        let address = server.address;
        runtime
            .handle()
            .spawn(OverloadClient::connect(address, number))
    });
    let mut overload_clients = Vec::new();
    for client in join_all(connecting).await {
        overload_clients.push(client.unwrap().unwrap());
    }
    let begin = Instant::now();
    let until = begin + DURATION;
    let tasks: Vec<_> = overload_clients
        .into_iter()
        .map(|client| runtime.handle().spawn(client.run(until)))
        .collect();
    sleep(DURATION).await;
    let memory_growth = server.resident_kib() - resident;
    let ended_at = clock::now();
    let mut errors = Vec::new();
    let mut responses = Vec::new();
    for result in join_all(tasks).await {
        match result.unwrap() {
            Ok(own) => responses.extend(own),
            Err(error) => errors.push(error.to_string()),
        }
    }
    let elapsed = begin.elapsed().as_secs_f64();
    while clients[0].toggle_veto().await.map_or(f64::MAX, |write| {
        clock::ms_between(write.sent_at, write.responded_at)
    }) > usual_ms * RECOVERED_RATIO
    {}
    let recovery_ms = clock::ms_between(ended_at, clock::now());

    let times_of = |status| {
        let matching = responses.iter().filter(move |(other, _)| *other == status);
        matching.map(|(_, time)| *time)
    };
    let unexpected = responses
        .iter()
        .filter(|(status, _)| ![200, 503, UNCERTAIN].contains(status));
    let unexpected = unexpected.count();
    if unexpected > 0 {
        errors.push(format!("{unexpected} responses have an unexpected status"));
    }
    Run {
        accepted: Percentiles::new(times_of(200)),
        rejected: times_of(503)
            .next()
            .map(|_| Percentiles::new(times_of(503))),
        uncertain: times_of(UNCERTAIN).count(),
        per_second: times_of(200).count() as f64 / elapsed,
        memory_growth,
        recovery_ms,
        errors,
    }
}

/// Represents a 503 that does not say whether the change was saved.
const UNCERTAIN: u16 = 0;

/// A client that sends the next request immediately, whatever the response.
struct OverloadClient {
    connection: Connection,
    headers: String,
    feature: usize,
}

impl OverloadClient {
    /// Opens the connection before the load begins.
    async fn connect(address: SocketAddr, number: usize) -> io::Result<OverloadClient> {
        let mut connection = Connection::open(address).await?;
        let number = 1_000 + number;
        let headers = format!(
            "{}HX-Request: true\r\nContent-Length: 0\r\n",
            cookie_header(number)
        );
        connection.request("GET", "/healthz", &headers).await?;
        Ok(OverloadClient {
            connection,
            headers,
            feature: number % LARGE.features() + 1,
        })
    }

    /// Returns the status and milliseconds of every response.
    async fn run(mut self, until: Instant) -> io::Result<Vec<(u16, f64)>> {
        let mut responses = Vec::new();
        for action in ["veto", "unveto"].iter().cycle() {
            if Instant::now() >= until {
                break;
            }
            let path = format!("/features/{}/{action}", self.feature);
            let sent_at = clock::now();
            let response = self
                .connection
                .request("POST", &path, &self.headers)
                .await?;
            let time = clock::ms_between(sent_at, clock::now());
            let body = self.connection.body();
            let is_uncertain = response.status == 503
                && memchr::memmem::find(body, b"Nothing was changed").is_none();
            let status = if is_uncertain {
                UNCERTAIN
            } else {
                response.status
            };
            responses.push((status, time));
        }
        Ok(responses)
    }
}
