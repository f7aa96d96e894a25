//! Opens the database that the options name, and waits for a server that is not up yet.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{error::Error, secret_file};
use crate::{
    cli::DatabaseOptions,
    db::{self, Database, Environment, Settings, Url},
};

/// The database if no option names one.
const DEFAULT_URL: &str = "sqlite:savt.db";
/// The pause between two attempts to connect. It doubles from the first value to the second.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const MAX_PAUSE: Duration = Duration::from_secs(1);
/// How often the reason for waiting is logged, unless it changes.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// The settings of the database, from the options and the environment.
pub(super) fn settings(options: &DatabaseOptions) -> Result<Settings, Error> {
    Ok(Settings {
        connections: options.db_connections,
        wait: Duration::from_millis(options.db_wait_ms),
        statement_cache: options.db_statement_cache.is_on(),
        ..Settings::new(url(options)?)
    })
}

/// The address of the database. Errors repeat nothing of it.
pub(super) fn url(options: &DatabaseOptions) -> Result<Url, Error> {
    let (text, option) = match (&options.database_url, &options.database_url_file) {
        (Some(_), Some(_)) => return Err(Error::TwoDatabaseUrls),
        (Some(url), None) => (url.expose().to_owned(), "--database-url".to_owned()),
        (None, Some(file)) => (
            first_line(file)?,
            format!("--database-url-file {}", file.display()),
        ),
        (None, None) => (DEFAULT_URL.to_owned(), String::new()),
    };
    let url = match text.as_str() {
        "" => Err("the database address is empty".to_owned()),
        text => Url::parse(text, &Environment::of_process()).map_err(|error| error.to_string()),
    };
    url.map_err(|why| Error::DatabaseUrl { option, why })
}

fn first_line(file: &Path) -> Result<String, Error> {
    secret_file::first_line(file).map_err(|why| Error::DatabaseUrl {
        option: format!("--database-url-file {}", file.display()),
        why,
    })
}

/// Opens the database. Waits while its server is not ready, at most as long as the options allow.
pub(super) async fn open(options: &DatabaseOptions) -> Result<Database, Error> {
    let settings = settings(options)?;
    Ok(when_ready(options.db_start_wait, || Database::open(&settings)).await?)
}

/// Opens a database that exists, and changes nothing of it. Waits like [`open`].
pub(super) async fn open_existing(options: &DatabaseOptions) -> Result<Database, Error> {
    let settings = settings(options)?;
    let open = || Database::open_existing(&settings);
    Ok(when_ready(options.db_start_wait, open).await?)
}

/// Repeats an attempt to open the database until it succeeds, fails for another reason than that the server is not ready,
/// or the time is up.
pub(super) async fn when_ready(
    limit: Duration,
    open: impl AsyncFn() -> Result<Database, db::Error>,
) -> Result<Database, db::Error> {
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    let mut logged: Option<(String, Instant)> = None;
    loop {
        let why = match open().await {
            Err(db::Error::NotReady(why)) if start.elapsed() + pause < limit => why,
            Ok(database) => {
                if logged.is_some() {
                    let seconds = start.elapsed().as_secs();
                    tracing::info!(seconds, "the database is ready");
                }
                return Ok(database);
            }
            Err(error) => return Err(error),
        };
        let is_known = logged
            .as_ref()
            .is_some_and(|(last, at)| *last == why && at.elapsed() < LOG_INTERVAL);
        if !is_known {
            let left = limit.saturating_sub(start.elapsed()).as_secs();
            tracing::warn!(
                error = why,
                "waiting for the database, at most {left} s more"
            );
            logged = Some((why, Instant::now()));
        }
        sleep(pause).await;
        pause = MAX_PAUSE.min(2 * pause);
    }
}
