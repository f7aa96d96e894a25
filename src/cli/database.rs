//! The options of every command that opens the database.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use super::secret::Secret;
use crate::load::duration;

#[derive(Debug, Args)]
pub struct DatabaseOptions {
    /// Database URL: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME`. The environment variables and the password file of
    /// libpq complete the latter: PGUSER, PGPASSWORD, PGPASSFILE, PGHOST, ... [default: sqlite:savt.db]
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        global = true
    )]
    pub database_url: Option<Secret>,
    /// File whose first line is that URL
    #[arg(long, env = "DATABASE_URL_FILE", value_name = "FILE", global = true)]
    pub database_url_file: Option<PathBuf>,
    /// Maximum number of database connections
    #[arg(long, env = "SAVT_DB_CONNECTIONS", value_name = "N", default_value_t = 20, global = true, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    pub db_connections: u32,
    /// Maximum time to wait for a database connection, in milliseconds; after that, a request gets status 503
    #[arg(long, env = "SAVT_DB_WAIT_MS", value_name = "MS", default_value_t = 2_000, global = true, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub db_wait_ms: u64,
    /// Maximum time that `serve`, `migrate` and `seed` wait at start for a PostgreSQL server that is not up yet, such as 60s or 5m; 0 does not wait
    #[arg(long, env = "SAVT_DB_START_WAIT", value_name = "TIME", default_value = "60s", global = true, value_parser = duration::parse)]
    pub db_start_wait: Duration,
    /// Whether PostgreSQL keeps prepared statements: turn it off for a connection pooler in transaction mode that loses them, such as
    /// PgBouncer before version 1.21
    #[arg(long, env = "SAVT_DB_STATEMENT_CACHE", value_enum, default_value_t = StatementCache::On, global = true)]
    pub db_statement_cache: StatementCache,
}

/// The value of `--db-statement-cache`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatementCache {
    On,
    Off,
}

impl StatementCache {
    pub fn is_on(self) -> bool {
        self == StatementCache::On
    }
}
