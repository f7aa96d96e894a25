//! `savt serve`: the web server, its monitor and the database behind them.

use std::{path::Path, time::Duration};

use super::{
    database,
    error::Error,
    schema::{migrate_to_latest, require_current},
};
use crate::{
    board::Boards,
    cli::Serve,
    db::{self, Database, Settings},
    http::listener::{Deadlines, Listener},
    monitor, open_files,
    web::{self, App, Password, SitePassword},
};

/// The number of open files to ask the operating system for. A connection that follows a board takes one, and some 34 KiB of memory.
const OPEN_FILES: u64 = 65_536;

pub(super) async fn serve(options: Serve) -> Result<(), Error> {
    open_files::raise_nofile_limit(OPEN_FILES);
    let password = site_password(&options)?;
    let settings = database::settings(&options.database)?;
    let languages = options.terminology.languages();
    // Listens before it opens the database, so that a wrong address creates no database file. Early connections wait in the backlog.
    let listener = Listener::bind(&options.listen, Deadlines::default())
        .await
        .map_err(Error::Listen)?;
    let monitor_listener = monitor::listen(options.monitor.as_ref())
        .await
        .map_err(Error::Monitor)?;
    let mut server = web::Server::new(listener, languages.clone());
    let database = match prepare(&settings, &options, Duration::ZERO).await {
        // Answers health checks meanwhile, and a signal ends it.
        Err(Error::Database(db::Error::NotReady(_)))
            if !options.database.db_start_wait.is_zero() =>
        {
            tokio::select! {
                database = prepare(&settings, &options, options.database.db_start_wait) => database?,
                ended = server.answer_while_starting() => return ended.map_err(Error::Listen),
            }
        }
        prepared => prepared?,
    };
    let boards = Boards::new(database, languages, options.cache_boards);
    boards.start_peer_sync();
    let app = App::new(boards)
        .with_rate_limits(options.rate_limits.rate_limiter())
        .with_identity(options.identity);
    let app = match password {
        Some(password) => app.with_site_password(password),
        None => app,
    };
    app.shed_excess(Duration::from_millis(options.cpu_wait_ms))
        .map_err(Error::Listen)?;
    let _monitor = monitor_listener.map(|listener| monitor::start(listener, &app));
    server.serve(app).await.map_err(Error::Listen)
}

/// Opens the database and brings its schema to the version of this program. Waits up to `limit` for a server that is not ready.
async fn prepare(settings: &Settings, options: &Serve, limit: Duration) -> Result<Database, Error> {
    let database = database::when_ready(limit, || Database::open(settings)).await?;
    if options.no_migrate {
        require_current(&database).await?;
    } else {
        migrate_to_latest(&database).await?;
    }
    Ok(database)
}

/// The password that people need to log in, if there is one.
fn site_password(options: &Serve) -> Result<Option<SitePassword>, Error> {
    let password = match (&options.password, &options.password_file) {
        (Some(password), _) => password.expose().parse().map_err(Error::InvalidPassword)?,
        (None, Some(file)) => read_password(file).map_err(|why| Error::PasswordFile {
            file: file.clone(),
            why,
        })?,
        (None, None) => return Ok(None),
    };
    let password =
        SitePassword::new(&password).map_err(|error| Error::Password(error.to_string()))?;
    Ok(Some(password))
}

fn read_password(file: &Path) -> Result<Password, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let first_line = text.lines().next().unwrap_or_default();
    first_line
        .parse()
        .map_err(|why| format!("the password in the first line {why}"))
}
