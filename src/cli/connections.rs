//! How many connections the server accepts.

use std::num::NonZeroU32;

use clap::{Args, value_parser};
use ipnet::IpNet;

use crate::{http::listener::ConnectionLimits, web::rate_limit::RateLimit};

/// Files that are neither connections of clients nor of the database: the listeners, the log, the runtime.
const OTHER_FILES: u64 = 128;

/// SQLite opens the database and its write-ahead log for each connection.
const FILES_PER_DATABASE_CONNECTION: u64 = 2;

/// Addresses of this machine.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];

#[derive(Debug, Args)]
pub struct ConnectionOptions {
    /// Maximum open connections per client address (for IPv6: per /64 network), or `off`. Clients on this machine and trusted proxies
    /// have no limit
    #[arg(long, env = "SAVT_CONNECTIONS_PER_CLIENT", value_name = "N", default_value_t = RateLimit::new(500))]
    pub connections_per_client: RateLimit,
    /// Maximum open connections of all clients. Connections beyond a limit are closed at once [default: what the limit of open files
    /// (`LimitNOFILE=`, `ulimit -n`) allows besides the database and 128 other files]
    #[arg(long, env = "SAVT_MAX_CONNECTIONS", value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub max_connections: Option<u32>,
}

impl ConnectionOptions {
    /// How many open files the process needs, if the options say so.
    pub fn files(&self, database_connections: u32) -> Option<u64> {
        let connections = u64::from(self.max_connections?);
        Some(connections + other_files(database_connections))
    }

    /// The limits, for a process that may open this many files; `None` is no limit.
    pub fn limits(
        &self,
        files: Option<u64>,
        database_connections: u32,
        trusted_proxies: &[IpNet],
    ) -> ConnectionLimits {
        let total = match self.max_connections {
            Some(connections) => NonZeroU32::new(connections),
            None => files.and_then(|files| default_total(files, database_connections)),
        };
        let loopback = LOOPBACK.iter().filter_map(|network| network.parse().ok());
        let exempt = loopback.chain(trusted_proxies.iter().copied());
        ConnectionLimits::new(self.connections_per_client.get(), total, exempt.collect())
    }
}

fn other_files(database_connections: u32) -> u64 {
    OTHER_FILES + FILES_PER_DATABASE_CONNECTION * u64::from(database_connections)
}

/// What the limit of open files leaves for connections, but at least half of it: connections of the database are opened on demand.
fn default_total(files: u64, database_connections: u32) -> Option<NonZeroU32> {
    let left = files.saturating_sub(other_files(database_connections));
    let total = left.max(files / 2).max(1);
    NonZeroU32::new(u32::try_from(total).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_the_total_leaves_files_for_everything_else() {
        for (files, database, expected) in [
            (65_536, 20, 65_368),
            (1_024, 20, 856),
            (1_024, 400, 512),
            (100, 20, 50),
            (1, 20, 1),
            (u64::MAX, 20, u32::MAX),
        ] {
            let total = default_total(files, database).map(NonZeroU32::get);
            assert_eq!(total, Some(expected), "{files} files, {database}");
        }
    }

    #[test]
    fn every_loopback_network_is_valid() {
        for network in LOOPBACK {
            assert!(network.parse::<IpNet>().is_ok(), "{network}");
        }
    }
}
