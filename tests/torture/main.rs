//! Kills SAVT, and the database under it, in the middle of storms of writers, and compares what was answered with what is
//! there afterwards. A short run is a test among the others; `make torture` runs for half an hour on each database.
#![allow(
    clippy::unwrap_used,
    reason = "what cannot be tried at all should stop everything"
)]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

mod full;
mod harness;
mod ledger;
mod place;
mod report;
mod round;
mod writer;

use std::{
    io::Write,
    process::ExitCode,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use savt::db::Backend;

use harness::postgres::Cluster;
use place::{Place, durable_server};
use report::Figures;

/// How long it goes on, on each database.
#[derive(Clone, Copy)]
enum Until {
    Rounds(u32),
    Time(Duration),
}

/// Rounds of a run among the other tests.
const FEW: u32 = 5;
/// Rounds a database lives for, so that comparing all of it stays quick, and new ones are killed as well.
const LIFE: u32 = 10;

struct Options {
    until: Until,
    seed: u64,
    /// Only this one.
    database: Option<Backend>,
}

impl Options {
    /// None if other tests are asked for. Options of cargo's own test runner are not for here.
    fn read(arguments: impl Iterator<Item = String>) -> Option<Options> {
        let mut options = Options {
            until: Until::Rounds(FEW),
            seed: rand::random(),
            database: None,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut number = || -> u64 {
                let given = arguments.next().and_then(|number| number.parse().ok());
                given.unwrap_or_else(|| panic!("{argument} needs a number"))
            };
            match argument.as_str() {
                "--minutes" => options.until = Until::Time(Duration::from_secs(60 * number())),
                "--rounds" => options.until = Until::Rounds(number() as u32),
                "--seed" => options.seed = number(),
                "sqlite" => options.database = Some(Backend::Sqlite),
                "postgres" => options.database = Some(Backend::Postgres),
                "torture" => {}
                "--list" => return None,
                option if option.starts_with('-') => {}
                _ => return None,
            }
        }
        Some(options)
    }
}

fn main() -> ExitCode {
    let Some(options) = Options::read(std::env::args().skip(1)) else {
        return ExitCode::SUCCESS;
    };
    eprintln!("torture, to be repeated by --seed {}", options.seed);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let all = runtime.unwrap().block_on(torture(&options));
    let table = report::table(&all, options.seed);
    std::io::stdout().write_all(table.as_bytes()).unwrap();
    match all.iter().all(Figures::fine) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

async fn torture(options: &Options) -> Vec<Figures> {
    let mut all = Vec::new();
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if options.database.is_none_or(|only| only == backend) {
            let mut figures = Figures::of(backend);
            let mut rng = StdRng::seed_from_u64(options.seed);
            let server = match backend {
                Backend::Sqlite => None,
                Backend::Postgres => Some(durable_server()),
            };
            full::fill(server.as_deref(), &mut figures, &mut rng).await;
            rounds(options.until, server, &mut figures, &mut rng).await;
            all.push(figures);
        }
    }
    all
}

async fn rounds(
    until: Until,
    server: Option<Box<Cluster>>,
    figures: &mut Figures,
    rng: &mut StdRng,
) {
    let begun = Instant::now();
    let mut cluster = server;
    let over = |figures: &Figures| match until {
        Until::Rounds(rounds) => figures.rounds >= rounds,
        Until::Time(time) => begun.elapsed() >= time,
    };
    while !over(figures) {
        let mut place = Place::new(figures.backend, cluster).await;
        place.start_and_kill(rng.random_range(0..60), figures);
        for _ in 0..LIFE {
            if !over(figures) {
                round::play(&mut place, figures, rng).await;
            }
        }
        cluster = place.end(figures.fine()).await;
    }
    figures.time = begun.elapsed();
}
