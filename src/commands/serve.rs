//! `savt serve`: the web server, its monitor and the database behind them.

use std::{path::Path, time::Duration};

use super::{
    error::Error,
    schema::{migrate_to_latest, require_current},
};
use crate::{
    board::Boards,
    cli::Serve,
    db::Database,
    http::listener::{Deadlines, Listener},
    monitor, open_files,
    web::{self, App, Password, SitePassword},
};

/// The number of open files to ask the operating system for. A connection that follows a board takes one, and some 34 KiB of memory.
const OPEN_FILES: u64 = 65_536;

pub(super) async fn serve(options: Serve) -> Result<(), Error> {
    open_files::raise_nofile_limit(OPEN_FILES);
    let password = site_password(&options)?;
    // Listens before it opens the database, so that a wrong address creates no database file. Early connections wait in the backlog.
    let deadlines = Deadlines {
        write: options.write_timeout,
        ..Deadlines::default()
    };
    let listener = Listener::bind(&options.listen, deadlines)
        .await
        .map_err(Error::Listen)?;
    let monitor_listener = monitor::listen(options.monitor.as_ref())
        .await
        .map_err(Error::Monitor)?;
    let database = Database::open(&options.database.settings()).await?;
    if options.no_migrate {
        require_current(&database).await?;
    } else {
        migrate_to_latest(&database).await?;
    }
    let boards = Boards::new(
        database,
        options.terminology.languages(),
        options.cache_boards,
    );
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
    web::serve(listener, app).await.map_err(Error::Listen)
}

/// The password that people need to log in, if there is one.
fn site_password(options: &Serve) -> Result<Option<SitePassword>, Error> {
    let password = match (&options.password, &options.password_file) {
        (Some(password), _) => password.clone(),
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
