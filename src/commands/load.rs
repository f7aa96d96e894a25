//! `savt load`: runs the load test and prints its report.

use std::io::{self, Write};

use super::{boards, error::Error, output::output};
use crate::{cli::Load, load, store::DeletionReason};

pub(super) async fn load(options: Load) -> Result<(), Error> {
    // Before the test, which may take long.
    let database = match options.clean {
        true => Some(boards::open(&options.database).await?),
        false => None,
    };
    let options = options.options();
    let run_options = options.clone();
    // The load test has a runtime of its own, on one thread.
    let run = tokio::task::spawn_blocking(move || load::run(&run_options));
    let report = run.await.map_err(io::Error::from)??;
    write!(output(), "{}", load::report_table(&report))?;
    load::write_files(&options, &report)?;
    if let Some(database) = database {
        let slugs = report.new_boards();
        let missing = boards::delete_all(&database, &slugs, DeletionReason::Requested).await?;
        if !missing.is_empty() {
            return Err(Error::NoBoards(missing));
        }
    }
    let missed = load::missed_targets(&report);
    match missed.is_empty() {
        true => Ok(()),
        false => Err(Error::TargetsMissed(missed.join(", "))),
    }
}
