//! Where the database is: an address as people write it, parsed once. Opens nothing.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode};

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

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Postgres {
    pub(super) config: tokio_postgres::Config,
    /// Whom to trust with TLS, if TLS is asked for.
    pub(super) trust: Option<Trust>,
}

/// The authorities a server's certificate may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    System,
    File(PathBuf),
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

impl Postgres {
    fn dbname(&self) -> String {
        let all = |values: Vec<String>| (!values.is_empty()).then(|| values.join(","));
        let numbers = self.config.get_hostaddrs().iter().map(ToString::to_string);
        let ports = self.config.get_ports().iter().map(ToString::to_string);
        let (mode, root) = match &self.trust {
            None => (None, None),
            Some(Trust::System) => (Some("require"), None),
            Some(Trust::File(file)) => (Some("verify-full"), Some(file.display().to_string())),
        };
        let options = [
            ("host", all(self.hosts())),
            ("hostaddr", all(numbers.collect())),
            ("port", all(ports.collect())),
            ("user", self.config.get_user().map(str::to_owned)),
            ("dbname", self.config.get_dbname().map(str::to_owned)),
            ("sslmode", mode.map(str::to_owned)),
            ("sslrootcert", root),
        ];
        let given = options.into_iter().filter_map(|(key, value)| {
            let value = value?.replace('\\', "\\\\").replace('\'', "\\'");
            Some(match value.contains([' ', '\'']) || value.is_empty() {
                true => format!("{key}='{value}'"),
                false => format!("{key}={value}"),
            })
        });
        given.collect::<Vec<_>>().join(" ")
    }

    /// The hosts by name, or the folders of their sockets.
    fn hosts(&self) -> Vec<String> {
        let hosts = self.config.get_hosts().iter();
        let names = hosts.map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        names.collect()
    }
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(text: &str) -> Result<Url, Error> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return postgres(text).map(|server| Url(Address::Postgres(Box::new(server))));
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

fn postgres(text: &str) -> Result<Postgres, Error> {
    let (plain, tls) = without_tls_options(text);
    let mut config: tokio_postgres::Config =
        plain.parse().map_err(|e: tokio_postgres::Error| {
            let reason =
                std::error::Error::source(&e).map_or_else(|| e.to_string(), ToString::to_string);
            wrong(&reason)
        })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(wrong(
            "it names no host; for a socket write postgres:///DATABASE?host=/FOLDER",
        ));
    }
    let mut asked = false;
    let mut trust = Trust::System;
    for (key, value) in tls {
        match (key, value.as_str()) {
            ("sslmode", "disable" | "allow" | "prefer") => asked = false,
            ("sslmode", "require" | "verify-ca" | "verify-full") => asked = true,
            ("sslmode", _) => {
                return Err(wrong(
                    "sslmode is one of disable, allow, prefer, require, verify-ca, verify-full",
                ));
            }
            (_, "system") => trust = Trust::System,
            (_, file) => trust = Trust::File(PathBuf::from(file)),
        }
    }
    config.ssl_mode(if asked {
        SslMode::Require
    } else {
        SslMode::Disable
    });
    Ok(Postgres {
        config,
        trust: asked.then_some(trust),
    })
}

/// Takes `sslmode` and `sslrootcert` out of the address: `tokio_postgres` knows one of them by half and
/// the other not at all.
fn without_tls_options(text: &str) -> (String, Vec<(&str, String)>) {
    // A question mark before the first @ is part of the password.
    let credentials = text.find('@').unwrap_or(0);
    let Some(question) = text[credentials..].find('?').map(|at| at + credentials) else {
        return (text.to_owned(), Vec::new());
    };
    let mut tls = Vec::new();
    let mut others = Vec::new();
    for option in text[question + 1..].split('&') {
        match option.split_once('=') {
            Some((key @ ("sslmode" | "sslrootcert"), value)) => {
                tls.push((
                    key,
                    percent_decode_str(value).decode_utf8_lossy().into_owned(),
                ));
            }
            _ => others.push(option),
        }
    }
    let mut plain = text[..question].to_owned();
    if !others.is_empty() {
        plain.push('?');
        plain.push_str(&others.join("&"));
    }
    (plain, tls)
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
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

impl fmt::Display for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let numbers = self.config.get_hostaddrs().iter().map(ToString::to_string);
        let hosts: Vec<String> = if self.config.get_hosts().is_empty() {
            numbers.collect()
        } else {
            self.hosts()
        };
        f.write_str(&hosts.join(","))?;
        let ports: Vec<String> = self.config.get_ports().iter().map(u16::to_string).collect();
        if !ports.is_empty() {
            write!(f, ":{}", ports.join(","))?;
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Url, String> {
        text.parse().map_err(|e: Error| e.to_string())
    }

    fn server(text: &str) -> Postgres {
        match parse(text).unwrap().0 {
            Address::Postgres(server) => *server,
            Address::Sqlite(file) => panic!("{file:?} is no server"),
        }
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
    fn sockets_by_option_and_by_host() {
        for text in [
            "postgres:///board?host=/run/postgresql",
            "postgres://%2Frun%2Fpostgresql/board",
        ] {
            let server = server(text);
            assert_eq!(
                server.config.get_hosts(),
                [Host::Unix("/run/postgresql".into())]
            );
            assert_eq!(server.config.get_dbname(), Some("board"));
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

    #[test]
    fn tls_only_where_it_protects() {
        for mode in ["", "?sslmode=disable", "?sslmode=allow", "?sslmode=prefer"] {
            let server = server(&format!("postgres://u@h/d{mode}"));
            assert_eq!(server.trust, None, "{mode}");
            assert_eq!(server.config.get_ssl_mode(), SslMode::Disable, "{mode}");
        }
        for mode in ["require", "verify-ca", "verify-full"] {
            let server = server(&format!(
                "postgres://u@h/d?connect_timeout=3&sslmode={mode}"
            ));
            assert_eq!(server.trust, Some(Trust::System), "{mode}");
            assert_eq!(server.config.get_ssl_mode(), SslMode::Require, "{mode}");
            assert!(server.config.get_connect_timeout().is_some());
        }
        let own = server("postgres://u@h/d?sslrootcert=%2Fetc%2Four%20ca.pem&sslmode=verify-full");
        assert_eq!(own.trust, Some(Trust::File("/etc/our ca.pem".into())));
    }

    #[test]
    fn a_password_may_hold_a_question_mark() {
        let server = server("postgres://u:what?sslmode=off@h/d?sslmode=require");
        assert_eq!(
            server.config.get_password(),
            Some("what?sslmode=off".as_bytes())
        );
        assert!(server.trust.is_some());
    }
}
