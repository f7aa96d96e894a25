//! The address of either kind of database, parsed from text.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::environment::Environment;
use super::invalid::invalid_address;
use super::postgres::PostgresAddress;
use crate::db::backend::Backend;
use crate::db::error::Error;

/// The address of a database: `sqlite:FILE`, a plain `FILE.db`, or `postgres://USER@HOST/DATABASE`.
///
/// On PostgreSQL, `sslmode` determines how the connection is protected:
///
/// - absent, `disable`, `allow`, `prefer`: not at all. A mode that may fall back to plain text gives
///   no protection, so SAVT does not use TLS for it.
/// - `require`, `verify-ca`, `verify-full`: TLS, and the server's certificate must be valid for the
///   host name (stricter than libpq for the first two). `sslrootcert=FILE` contains the only
///   trusted authorities; if absent or `system`, the system's are trusted. `sslcert=FILE` and `sslkey=FILE` are the client's
///   certificate and key.
///
/// `Display`, `Debug` and all errors show no part of the user information: neither the password nor the user name.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(pub(in crate::db) Address);

#[derive(Clone, PartialEq, Eq)]
pub(in crate::db) enum Address {
    Sqlite(PathBuf),
    Postgres(Box<PostgresAddress>),
}

impl Url {
    /// The kind of database.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self.0 {
            Address::Sqlite(_) => Backend::Sqlite,
            Address::Postgres(_) => Backend::Postgres,
        }
    }

    /// The address of a SQLite file.
    #[must_use]
    pub fn from_file(file: &Path) -> Url {
        Url(Address::Sqlite(file.to_owned()))
    }

    /// The SQLite file, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Address::Sqlite(file) => Some(file),
            Address::Postgres(_) => None,
        }
    }

    /// Parses the text of a URL. What the URL of a PostgreSQL database lacks is taken from the environment.
    ///
    /// # Errors
    /// [`Error::Unusable`] with a line that says what is wrong and repeats nothing of the text.
    pub fn parse(text: &str, environment: &Environment) -> Result<Url, Error> {
        let rest = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"));
        if let Some(rest) = rest {
            let address = PostgresAddress::parse(rest, environment)?;
            return Ok(Url(Address::Postgres(Box::new(address))));
        }
        let file = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"))
            .or_else(|| is_plain_file(text).then_some(text));
        match file {
            Some(file) if has_authority_with_user(text) || looks_like_user_information(file) => {
                // Paths are shown in messages, so one that could be a mistyped URL of a server is not accepted.
                Err(invalid_address(
                    "the file name looks like a URL with a user name: use postgres:// for a server, and no : before an @ in a file name",
                ))
            }
            Some(file) => parse_sqlite_path(file).map(|file| Url(Address::Sqlite(file))),
            None => Err(invalid_address(
                "expected sqlite:FILE, FILE.db or postgres://USER@HOST/DATABASE",
            )),
        }
    }

    /// The connection string for `--dbname` of PostgreSQL's programs, without user name and password.
    #[must_use]
    pub fn postgres_conninfo(&self) -> Option<String> {
        match &self.0 {
            Address::Sqlite(_) => None,
            Address::Postgres(server) => Some(server.conninfo()),
        }
    }
}

impl FromStr for Url {
    type Err = Error;

    /// Parses without an environment.
    fn from_str(text: &str) -> Result<Url, Error> {
        Url::parse(text, &Environment::default())
    }
}

fn is_plain_file(text: &str) -> bool {
    !text.contains("://")
        && [".db", ".sqlite", ".sqlite3"]
            .iter()
            .any(|suffix| text.ends_with(suffix))
}

fn parse_sqlite_path(file: &str) -> Result<PathBuf, Error> {
    if file.is_empty() {
        return Err(invalid_address("sqlite: requires a file name"));
    }
    if file.contains(":memory:") {
        return Err(invalid_address(
            "in-memory databases are not supported, because each connection would have its own; use a file",
        ));
    }
    if file.contains('?') {
        return Err(invalid_address(
            "sqlite:FILE does not accept options after a ?",
        ));
    }
    Ok(PathBuf::from(file))
}

/// `sqlite://user@host/name`.
fn has_authority_with_user(text: &str) -> bool {
    text.strip_prefix("sqlite://")
        .and_then(|rest| rest.split('/').next())
        .is_some_and(|authority| authority.contains('@'))
}

/// `//user:password@host`, `postgres:user@host` and the like.
fn looks_like_user_information(file: &str) -> bool {
    match file.rsplit_once('@') {
        Some((before, _)) => before.contains(':') || file.contains("://"),
        None => false,
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            // Two leading slashes would be parsed as part of the scheme, unless the scheme has its own.
            Address::Sqlite(file) if file.as_os_str().as_encoded_bytes().starts_with(b"//") => {
                write!(f, "sqlite://{}", file.display())
            }
            Address::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Address::Postgres(server) => server.fmt(f),
        }
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Url, String> {
        text.parse().map_err(|e: Error| e.to_string())
    }

    #[test]
    fn sqlite_addresses_are_accepted_in_all_forms() {
        for (text, file) in [
            ("sqlite:savt.db", "savt.db"),
            ("sqlite:/var/lib/savt/board", "/var/lib/savt/board"),
            ("sqlite:///var/lib/savt.db", "/var/lib/savt.db"),
            ("sqlite://savt.db", "savt.db"),
            ("savt.db", "savt.db"),
            ("./data/savt.sqlite", "./data/savt.sqlite"),
        ] {
            let url = parse(text).unwrap();
            assert!(
                url.0 == Address::Sqlite(PathBuf::from(file)),
                "{text}: {url}"
            );
            assert_eq!(url.to_string(), format!("sqlite:{file}"));
            assert_eq!(url.backend(), Backend::Sqlite);
        }
    }

    #[test]
    fn a_file_address_round_trips() {
        for file in ["savt.db", "/savt.db", "//savt.db", "///savt.db", "a//b://c"] {
            let url = Url::from_file(Path::new(file));
            let parsed = parse(&url.to_string()).unwrap();
            assert_eq!(parsed.file(), Some(Path::new(file)), "{url}");
            assert!(parsed == url);
        }
    }

    #[test]
    fn invalid_addresses_are_rejected_on_one_line_without_passwords() {
        for text in [
            "",
            "savt",
            ":memory:",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:a.db?mode=ro",
            "file:a",
            "mysql://root:secret@host/db",
            "https://user:secret@host/savt.db",
            "postgres:user:secret@host/savt.db",
            "sqlite://user:secret@host/savt",
            "sqlite://secret@host/savt",
            "sqlite:postgres://secret@host/savt",
            "Postgres://h/d",
            "postgres:host/secret",
            "postgres:///nohost",
            "postgres://",
            "postgres://h/d?ssl=yes",
            "postgres://u:secret@h/d?sslmode=maybe",
            "postgres://u:secret@h:port/d",
            "postgres://u:secret@h/d?connect_timeout=soon",
        ] {
            let line = parse(text).unwrap_err();
            assert!(
                line.starts_with("invalid database address: "),
                "{text}: {line}"
            );
            assert!(
                !line.contains('\n') && !line.contains("secret"),
                "{text}: {line}"
            );
        }
    }

    #[test]
    fn display_and_debug_omit_the_user_information() {
        for text in [
            "postgres://savt:secret@db.example:5433/board",
            "postgresql://savt@db.example:5433/board?password=secret",
            "postgres://savt:se?cr%65t@db.example:5433/board?sslmode=require",
        ] {
            let url = parse(text).unwrap();
            assert_eq!(url.to_string(), "postgres://db.example:5433/board");
            assert_eq!(format!("{url:?}"), "postgres://db.example:5433/board");
        }
    }

    #[test]
    fn conninfo_for_postgres_programs_is_quoted() {
        for (text, expected) in [
            (
                "postgres://savt:secret@db.example:5433/board",
                "host=db.example port=5433 dbname=board",
            ),
            (
                "postgres:///board?host=/run/our%20sockets&user=savt",
                "host='/run/our sockets' port=5432 dbname=board",
            ),
            (
                "postgres://u@h/d?sslmode=verify-full&sslrootcert=/ca.pem",
                "host=h port=5432 dbname=d sslmode=verify-full sslrootcert=/ca.pem",
            ),
        ] {
            let url: Url = text.parse().unwrap();
            assert_eq!(url.postgres_conninfo().as_deref(), Some(expected), "{text}");
        }
    }
}
