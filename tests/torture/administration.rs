//! What the operator does to boards while people write to them: export, import, delete, expire, close and forget, with the real program, while
//! SAVT, its database, the receiver of its webhooks and the commands themselves are killed. Afterwards everything is as the answers say.

mod board_file;
mod call;
mod command;
mod comparison;
pub mod counts;
mod files;
mod finish;
mod idle_board;
mod inspection;
mod installation;
mod messages;
mod operator;
mod operator_report;
mod person;
mod probe;
mod rows;
mod state;
mod subject;
mod subject_inspection;

use std::time::Instant;

use rand::rngs::StdRng;

use crate::{environment::Environment, harness::postgres::Cluster, report::Results};

use installation::Installation;

/// Rounds per database. This limits the time of a comparison, and tests new databases too.
const ROUNDS_PER_DATABASE: u32 = 6;

/// Runs this many commands, on several databases if there are many. Returns the server for reuse.
pub async fn test_administration(
    commands: u64,
    server: Option<Box<Cluster>>,
    results: &mut Results,
    rng: &mut StdRng,
) -> Option<Box<Cluster>> {
    let begin = Instant::now();
    let mut cluster = server;
    while results.administration.commands < commands {
        let environment = Environment::new(results.backend, cluster).await;
        let mut installation = Installation::start(environment, results).await;
        for _ in 0..ROUNDS_PER_DATABASE {
            if results.administration.commands < commands {
                let boards = installation.run_round(results, rng).await;
                installation.inspect(&boards, results, rng).await;
            }
        }
        let environment = installation.end(results, rng).await;
        cluster = environment.end(results.passed()).await;
        let (done, errors) = (results.administration.commands, results.errors.len());
        eprintln!("torture: {done} of {commands} commands; {errors} errors so far");
    }
    results.administration.time = begin.elapsed();
    cluster
}
