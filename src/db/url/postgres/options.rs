//! The options after the `?` of an address, by name.

use std::collections::BTreeMap;

use super::super::invalid::invalid_address;
use crate::db::error::Error;

/// The values of options that are understood.
pub(super) type Options = BTreeMap<&'static str, String>;

/// The options after the `?` that are understood, each with the environment variable that replaces it.
pub(super) const OPTIONS: &[(&str, Option<&str>)] = &[
    ("host", Some("PGHOST")),
    ("hostaddr", None),
    ("port", Some("PGPORT")),
    ("dbname", Some("PGDATABASE")),
    ("user", None),
    ("password", Some("PGPASSWORD")),
    ("passfile", Some("PGPASSFILE")),
    ("sslmode", Some("PGSSLMODE")),
    ("sslrootcert", Some("PGSSLROOTCERT")),
    ("sslcert", Some("PGSSLCERT")),
    ("sslkey", Some("PGSSLKEY")),
    ("target_session_attrs", Some("PGTARGETSESSIONATTRS")),
    ("connect_timeout", Some("PGCONNECT_TIMEOUT")),
    ("application_name", Some("PGAPPNAME")),
    ("options", Some("PGOPTIONS")),
    ("channel_binding", Some("PGCHANNELBINDING")),
    ("load_balance_hosts", Some("PGLOADBALANCEHOSTS")),
    ("tcp_user_timeout", None),
    ("keepalives", None),
    ("keepalives_idle", None),
    ("keepalives_interval", None),
    ("keepalives_retries", None),
];

/// The options that `tokio_postgres` parses.
const DRIVER_OPTIONS: &[&str] = &[
    "hostaddr",
    "target_session_attrs",
    "connect_timeout",
    "application_name",
    "options",
    "channel_binding",
    "load_balance_hosts",
    "tcp_user_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
];

/// Options of libpq and other drivers that are not understood. Only names in this list are repeated in an error: any other
/// text may be a piece of a password.
const OTHER_OPTIONS: &[&str] = &[
    "pgbouncer",
    "schema",
    "search_path",
    "connection_limit",
    "pool_timeout",
    "pool_size",
    "max_connections",
    "socket_timeout",
    "statement_cache_size",
    "prepareThreshold",
    "prepared_statements",
    "sslaccept",
    "ssl",
    "sslidentity",
    "sslpassword",
    "sslcrl",
    "sslcompression",
    "sslnegotiation",
    "ssl_min_protocol_version",
    "requiressl",
    "requirepeer",
    "require_auth",
    "gssencmode",
    "gsslib",
    "krbsrvname",
    "service",
    "client_encoding",
    "charset",
    "encoding",
    "fallback_application_name",
    "keepalives_count",
    "replication",
    "statement_timeout",
    "timezone",
];

/// The options by name. The last of several with one name counts.
pub(super) fn known_options(options: Vec<(String, String)>) -> Result<Options, Error> {
    let mut known = BTreeMap::new();
    for (name, value) in options {
        let Some((key, _)) = OPTIONS.iter().find(|(key, _)| *key == name) else {
            let understood: Vec<&str> = OPTIONS.iter().map(|(key, _)| *key).collect();
            let other = OTHER_OPTIONS.iter().find(|other| **other == name);
            let which = other.map_or("an option".to_owned(), |name| format!("the option {name}"));
            return Err(invalid_address(&format!(
                "{which} after the ? is not supported; supported are {}",
                understood.join(", ")
            )));
        };
        known.insert(*key, value);
    }
    Ok(known)
}

pub(super) fn driver_config(options: &Options) -> Result<tokio_postgres::Config, Error> {
    let mut pairs = String::new();
    for (key, value) in options
        .iter()
        .filter(|(key, _)| DRIVER_OPTIONS.contains(key))
    {
        let value = match (*key, value.as_str()) {
            // libpq's newer name; a server that is in recovery is read-only.
            ("target_session_attrs", "primary") => "read-write",
            (_, value) => value,
        };
        let value = value.replace('\\', "\\\\").replace('\'', "\\'");
        let pair = format!("{key}='{value}' ");
        if pair.parse::<tokio_postgres::Config>().is_err() {
            return Err(invalid_address(&format!("the value of {key} is invalid")));
        }
        pairs.push_str(&pair);
    }
    let config = pairs.parse();
    config.map_err(|_: tokio_postgres::Error| invalid_address("an option after the ? is invalid"))
}
