//! Kills SAVT or its database while clients write, and compares the responses with the stored data afterwards. `make test`
//! runs a few rounds, requests and commands; `make torture` runs for half an hour on each database, then sends 50,000 requests with a key,
//! and then runs some thousand commands of the operator.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should stop"
)]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

mod administration;
mod client;
mod environment;
mod full_disk;
mod harness;
mod keyed_requests;
mod ledger;
mod options;
mod report;
mod round;
mod servers;
mod small_disk;
mod table;

use std::{io::Write, process::ExitCode, time::Instant};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use savt::db::Backend;

use administration::test_administration;
use environment::{Environment, durable_server};
use harness::postgres::Cluster;
use keyed_requests::test_keyed_requests;
use options::{Options, Part, Until};
use report::Results;

/// Rounds per database. This limits the time of a comparison, and tests new databases too.
const ROUNDS_PER_DATABASE: u32 = 10;

fn main() -> ExitCode {
    let Some(options) = Options::read(std::env::args().skip(1)) else {
        return ExitCode::SUCCESS;
    };
    eprintln!("torture: repeat this run with --seed {}", options.seed);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let all_results = runtime.unwrap().block_on(torture(&options));
    let table = table::table(&all_results, options.seed);
    std::io::stdout().write_all(table.as_bytes()).unwrap();
    match all_results.iter().all(Results::passed) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

async fn torture(options: &Options) -> Vec<Results> {
    let mut all_results = Vec::new();
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if options.database.is_none_or(|only| only == backend) {
            let mut results = Results::new(backend);
            let mut rng = StdRng::seed_from_u64(options.seed);
            let server = match backend {
                Backend::Sqlite => None,
                Backend::Postgres => Some(durable_server()),
            };
            let mut server = server;
            if options.includes(Part::Rounds) {
                full_disk::test_full_disk(server.as_deref(), &mut results, &mut rng).await;
                server = run_rounds(options.until, server, &mut results, &mut rng).await;
            }
            if options.includes(Part::Keys) {
                let requests = options.requests();
                server = test_keyed_requests(requests, server, &mut results, &mut rng).await;
            }
            if options.includes(Part::Administration) {
                let commands = options.commands();
                test_administration(commands, server, &mut results, &mut rng).await;
            }
            all_results.push(results);
        }
    }
    all_results
}

/// Returns the server for reuse.
async fn run_rounds(
    until: Until,
    server: Option<Box<Cluster>>,
    results: &mut Results,
    rng: &mut StdRng,
) -> Option<Box<Cluster>> {
    let begin = Instant::now();
    let mut cluster = server;
    let is_finished = |results: &Results| match until {
        Until::Rounds(rounds) => results.rounds >= rounds,
        Until::Time(time) => begin.elapsed() >= time,
    };
    while !is_finished(results) {
        let mut environment = Environment::new(results.backend, cluster).await;
        environment.start_and_kill(rng.random_range(0..60), results);
        for _ in 0..ROUNDS_PER_DATABASE {
            if !is_finished(results) {
                round::run_round(&mut environment, results, rng).await;
            }
        }
        cluster = environment.end(results.passed()).await;
    }
    results.time = begin.elapsed();
    cluster
}
