//! Where the database is: an address as people write it, parsed once. Opens nothing.

mod postgres;

pub(super) use postgres::{Postgres, Trust};

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{Backend, Error};

/// The address of a database: `sqlite:FILE`, a plain `FILE.db`, or `postgres://USER@HOST/DATABASE`.
///
/// On PostgreSQL, `sslmode` says how the connection is protected:
///
/// - absent, `disable`, `allow`, `prefer`: not at all. What may fall back to plain text protects
///   against nobody, so it does not pretend to.
/// - `require`, `verify-ca`, `verify-full`: TLS, and the server's certificate must be valid for the
///   host's name (stricter than libpq with the first two). `sslrootcert=FILE` names the only
///   authorities to trust; without it, or as `system`, they are the system's.
///
/// Neither `Display` nor `Debug` ever shows a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(pub(super) Address);

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Address {
    Sqlite(PathBuf),
    Postgres(Box<Postgres>),
}

impl Url {
    /// Which kind of database stands there.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self.0 {
            Address::Sqlite(_) => Backend::Sqlite,
            Address::Postgres(_) => Backend::Postgres,
        }
    }

    /// The address of a file.
    #[must_use]
    pub fn of_file(file: &Path) -> Url {
        Url(Address::Sqlite(file.to_owned()))
    }

    /// SQLite's file.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Address::Sqlite(file) => Some(file),
            Address::Postgres(_) => None,
        }
    }

    /// What PostgreSQL's own programs take for `--dbname`: the same without the password.
    #[must_use]
    pub fn dbname(&self) -> Option<String> {
        match &self.0 {
            Address::Sqlite(_) => None,
            Address::Postgres(server) => Some(server.dbname()),
        }
    }
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(text: &str) -> Result<Url, Error> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Url(Address::Postgres(Box::new(text.parse()?))));
        }
        let file = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"))
            .or_else(|| is_plain_file(text).then_some(text));
        match file {
            Some(file) => sqlite(file).map(|file| Url(Address::Sqlite(file))),
            // The text is not repeated: with a mistyped scheme it may still hold a password.
            None => Err(wrong(
                "expected sqlite:FILE, FILE.db or postgres://USER@HOST/DATABASE",
            )),
        }
    }
}

fn wrong(reason: &str) -> Error {
    Error::Unusable(format!("unusable database address: {reason}"))
}

fn is_plain_file(text: &str) -> bool {
    !text.contains("://")
        && [".db", ".sqlite", ".sqlite3"]
            .iter()
            .any(|end| text.ends_with(end))
}

fn sqlite(file: &str) -> Result<PathBuf, Error> {
    if file.is_empty() {
        return Err(wrong("sqlite: needs the name of a file"));
    }
    if file.contains(":memory:") {
        return Err(wrong(
            "a database in memory is another one for every connection; name a file",
        ));
    }
    if file.contains('?') {
        return Err(wrong("sqlite:FILE takes no options after a ?"));
    }
    Ok(PathBuf::from(file))
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            // Two slashes at the front are part of the scheme, unless there are two more.
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
    fn sqlite_files_in_all_spellings() {
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
    fn a_file_is_written_as_it_is_read() {
        for file in ["savt.db", "/savt.db", "//savt.db", "///savt.db", "a//b://c"] {
            let url = Url::of_file(Path::new(file));
            let again = parse(&url.to_string()).unwrap();
            assert_eq!(again.file(), Some(Path::new(file)), "{url}");
            assert!(again == url);
        }
    }

    #[test]
    fn what_is_no_database_is_refused_in_one_line() {
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
                line.starts_with("unusable database address: "),
                "{text}: {line}"
            );
            assert!(
                !line.contains('\n') && !line.contains("secret"),
                "{text}: {line}"
            );
        }
    }

    #[test]
    fn no_password_is_ever_shown() {
        for text in [
            "postgres://savt:secret@db.example:5433/board",
            "postgresql://savt@db.example:5433/board?password=secret",
            "postgres://savt:se?cr%65t@db.example:5433/board?sslmode=require",
        ] {
            let url = parse(text).unwrap();
            assert_eq!(url.to_string(), "postgres://savt@db.example:5433/board");
            assert_eq!(format!("{url:?}"), "postgres://savt@db.example:5433/board");
        }
    }

    #[test]
    fn postgres_own_programs_are_told_where_it_is() {
        for (text, told) in [
            (
                "postgres://savt:secret@db.example:5433/board",
                "host=db.example port=5433 user=savt dbname=board",
            ),
            (
                "postgres:///board?host=/run/our%20sockets&user=o'hara",
                r"host='/run/our sockets' user='o\'hara' dbname=board",
            ),
            (
                "postgres://u@h/d?sslmode=verify-full&sslrootcert=/ca.pem",
                "host=h port=5432 user=u dbname=d sslmode=verify-full sslrootcert=/ca.pem",
            ),
        ] {
            let url: Url = text.parse().unwrap();
            assert_eq!(url.dbname().as_deref(), Some(told), "{text}");
        }
    }
}
