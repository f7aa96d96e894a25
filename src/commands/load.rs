//! `savt load`: runs the load test and prints its report.

use std::io::{self, Write};

use super::{error::Error, output::output};
use crate::{cli::Load, load};

pub(super) async fn load(options: Load) -> Result<(), Error> {
    let options = options.options();
    let run_options = options.clone();
    // The load test has a runtime of its own, on one thread.
    let run = tokio::task::spawn_blocking(move || load::run(&run_options));
    let report = run.await.map_err(io::Error::from)??;
    write!(output(), "{}", load::report_table(&report))?;
    load::write_files(&options, &report)?;
    let missed = load::missed_targets(&report);
    match missed.is_empty() {
        true => Ok(()),
        false => Err(Error::TargetsMissed(missed.join(", "))),
    }
}
