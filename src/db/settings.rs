//! The settings of a database. Opens nothing.

use std::time::Duration;

use super::url::Url;

/// How to connect to a database.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address of the database.
    pub url: Url,
    /// The maximum number of connections over all pools; at least 2.
    pub connections: u32,
    /// The maximum wait for a connection, and on SQLite for another process that is writing.
    pub wait: Duration,
    /// Whether PostgreSQL keeps prepared statements for later transactions. Some connection poolers cannot.
    pub statement_cache: bool,
}

impl Settings {
    /// The defaults: 20 connections and a wait of two seconds.
    #[must_use]
    pub fn new(url: Url) -> Settings {
        Settings {
            url,
            connections: 20,
            wait: Duration::from_secs(2),
            statement_cache: true,
        }
    }
}
