//! What each command does, in terms of the rooms that know how.

mod backup;
mod check;
mod restore;

use std::{
    fmt::Display,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    board::{self, Boards},
    cli::{Cli, Command, Healthcheck, Load, Migrate, MigrateTask, Seed, Serve},
    db::{self, Database, MigrationState},
    load, log, monitor, open_files, seed,
    web::{
        self, App, Lock, Password,
        listener::{Deadlines, Listener},
    },
};

/// Why a command failed: one clear line.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("--log: {0}")]
    Log(#[from] log::BadFilter),
    #[error("{0}")]
    Database(#[from] db::Error),
    #[error("the schema is not up to date: run `savt migrate` first, or leave out --no-migrate")]
    OldSchema,
    #[error(
        "the schema was made by a newer savt: run that one, or take its migrations back with it"
    )]
    NewerSchema,
    #[error("{0}")]
    Listen(std::io::Error),
    #[error("--monitor: {0}")]
    Monitor(std::io::Error),
    #[error("cannot lock with the password: {0}")]
    Password(String),
    #[error("--password-file {}: {why}", file.display())]
    PasswordFile { file: PathBuf, why: String },
    #[error("cannot seed: {0}")]
    Seed(#[from] seed::Error),
    #[error("cannot play: {0}")]
    Load(#[from] load::Error),
    #[error("missed: {0}")]
    Missed(String),
    #[error("cannot check: {0}")]
    Check(check::Error),
    #[error("damage found: {0}")]
    Damaged(u64),
    #[error(
        "only SQLite is copied by this command; for PostgreSQL run: pg_dump --format=custom --file={file} --dbname={dbname}"
    )]
    PgDump { file: String, dbname: String },
    #[error(
        "only SQLite is restored by this command; for PostgreSQL stop savt and run: pg_restore --clean --if-exists --single-transaction --dbname={dbname} {file}"
    )]
    PgRestore { file: String, dbname: String },
    #[error("{0}")]
    Restore(#[from] restore::Refusal),
    #[error("{url} is not ready: {why}")]
    Unready { url: String, why: String },
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
}

impl Error {
    /// The status the process ends with. A load that was not played is told from one that was played and missed a target,
    /// a check that could not be done from one that found something.
    pub fn status(&self) -> u8 {
        match self {
            Error::Load(_) | Error::Check(_) => 2,
            _ => 1,
        }
    }
}

/// Runs a command to its end.
pub async fn run(cli: Cli) -> Result<(), Error> {
    log::start(cli.logging.log_format, &cli.logging.log)?;
    match cli.command {
        Command::Serve(options) => serve(options).await,
        Command::Migrate(options) => migrate(options).await,
        Command::Seed(options) => seed(options).await,
        Command::Load(options) => load(options).await,
        Command::Check(options) => check::check(options).await,
        Command::Healthcheck(options) => healthcheck(&options).await,
        Command::Backup(options) => backup::backup(options).await,
        Command::Restore(options) => restore::restore(options).await,
    }
}

/// How many connections `serve` makes room for, if it may. Each that watches a board takes some 34 KiB of memory.
const CONNECTIONS: u64 = 65_536;

async fn serve(options: Serve) -> Result<(), Error> {
    open_files::make_room(CONNECTIONS);
    let lock = lock(&options)?;
    // First, so that a wrong address leaves no database behind; whoever comes meanwhile waits to be let in.
    let listener = Listener::bind(&options.listen, Deadlines::default())
        .await
        .map_err(Error::Listen)?;
    let monitor = monitor::listen(options.monitor.as_ref())
        .await
        .map_err(Error::Monitor)?;
    let database = Database::open(&options.database.settings()).await?;
    if options.no_migrate {
        ensure_current(&database).await?;
    } else {
        bring_up_to_date(&database).await?;
    }
    let boards = Boards::new(database, options.words.languages(), options.cache_boards);
    boards.follow_others();
    let app = App::new(boards)
        .at_pace(options.pace.pace())
        .with_identity(options.identity);
    let app = match lock {
        Some(lock) => app.with_lock(lock),
        None => app,
    };
    app.shed_excess(Duration::from_millis(options.cpu_wait_ms))
        .map_err(Error::Listen)?;
    let _monitoring = monitor.map(|listener| monitor::start(listener, &app));
    web::serve(listener, app).await.map_err(Error::Listen)
}

/// What closes it to strangers, if that is wanted.
fn lock(options: &Serve) -> Result<Option<Lock>, Error> {
    let password = match (&options.password, &options.password_file) {
        (Some(password), _) => password.clone(),
        (None, Some(file)) => read_password(file).map_err(|why| Error::PasswordFile {
            file: file.clone(),
            why,
        })?,
        (None, None) => return Ok(None),
    };
    let lock = Lock::new(&password).map_err(|error| Error::Password(error.to_string()))?;
    Ok(Some(lock))
}

fn read_password(file: &Path) -> Result<Password, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let first = text.lines().next().unwrap_or_default();
    first
        .parse()
        .map_err(|why| format!("the password in its first line {why}"))
}

/// Runs what is missing; a schema that knows more than this program is not touched.
async fn bring_up_to_date(database: &Database) -> Result<(), Error> {
    for migration in database.migrate().await? {
        tracing::info!(migration = migration.name, "migrated");
    }
    ensure_current(database).await
}

async fn ensure_current(database: &Database) -> Result<(), Error> {
    let status = database.migration_status().await?;
    let any = |state| status.iter().any(|migration| migration.state == state);
    if any(MigrationState::Pending) {
        Err(Error::OldSchema)
    } else if any(MigrationState::Unknown) {
        Err(Error::NewerSchema)
    } else {
        Ok(())
    }
}

/// A word for a shell.
fn quoted(word: impl Display) -> String {
    let word = word.to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word,
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

async fn migrate(options: Migrate) -> Result<(), Error> {
    let database = Database::open(&options.database.settings()).await?;
    let mut out = std::io::stdout();
    match options.task.unwrap_or(MigrateTask::Up) {
        MigrateTask::Up => {
            let run = database.migrate().await?;
            for migration in &run {
                writeln!(out, "applied {}", migration.name)?;
            }
            if run.is_empty() {
                writeln!(out, "the schema is up to date")?;
            }
        }
        MigrateTask::Status => {
            for migration in database.migration_status().await? {
                let state = match migration.state {
                    MigrationState::Applied => "applied",
                    MigrationState::Pending => "pending",
                    MigrationState::Unknown => "unknown to this savt",
                };
                writeln!(out, "{}  {state}", migration.name)?;
            }
        }
        MigrateTask::Down => match database.revert_last().await? {
            Some(migration) => writeln!(out, "took back {}", migration.name)?,
            None => writeln!(out, "there is nothing to take back")?,
        },
    }
    Ok(())
}

async fn seed(options: Seed) -> Result<(), Error> {
    let database = Database::open(&options.database.settings()).await?;
    bring_up_to_date(&database).await?;
    let boards = Boards::new(database, options.words.languages(), board::KEPT);
    let events = match options.items {
        None => seed::demo(&boards).await?,
        Some(items) => {
            let size = seed::Size {
                items,
                features: options.features,
                people: options.people,
            };
            seed::large(&boards, size).await?
        }
    };
    let mut out = std::io::stdout();
    match events {
        0 => writeln!(out, "the board is seeded already; nothing changed")?,
        _ => writeln!(out, "seeded the board with {events} events")?,
    }
    Ok(())
}

async fn load(options: Load) -> Result<(), Error> {
    let options = options.options();
    let play = options.clone();
    let played = tokio::task::spawn_blocking(move || load::run(&play)).await;
    let report = played.map_err(std::io::Error::from)??;
    write!(std::io::stdout(), "{}", load::table(&report))?;
    load::keep(&options, &report)?;
    let missed = load::missed(&report);
    match missed.is_empty() {
        true => Ok(()),
        false => Err(Error::Missed(missed.join(", "))),
    }
}

/// How long a server may take to say that it is ready.
const PATIENCE: Duration = Duration::from_secs(3);

async fn healthcheck(options: &Healthcheck) -> Result<(), Error> {
    let url = options.asked();
    match load::ready(&url, PATIENCE).await {
        Ok(()) => Ok(writeln!(std::io::stdout(), "{url} is ready")?),
        Err(why) => Err(Error::Unready { url, why }),
    }
}
