//! The options of every command that opens the database.

use std::time::Duration;

use clap::Args;

use crate::db::{Settings, Url};

#[derive(Debug, Args)]
pub struct DatabaseOptions {
    /// Database URL: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite:savt.db",
        global = true
    )]
    pub database_url: Url,
    /// Maximum number of database connections
    #[arg(long, env = "SAVT_DB_CONNECTIONS", value_name = "N", default_value_t = 20, global = true, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    pub db_connections: u32,
    /// Maximum time to wait for a database connection, in milliseconds; after that, a request gets status 503
    #[arg(long, env = "SAVT_DB_WAIT_MS", value_name = "MS", default_value_t = 2_000, global = true, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub db_wait_ms: u64,
}

impl DatabaseOptions {
    pub fn settings(&self) -> Settings {
        Settings {
            connections: self.db_connections,
            wait: Duration::from_millis(self.db_wait_ms),
            ..Settings::new(self.database_url.clone())
        }
    }
}
