//! The address of a PostgreSQL server, and how a connection to it is protected.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode};

use super::wrong;
use crate::db::Error;

/// Where a server is, and who we are to it.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::db) struct Postgres {
    pub(in crate::db) config: tokio_postgres::Config,
    /// Whom to trust with TLS, if TLS is asked for.
    pub(in crate::db) trust: Option<Trust>,
}

/// The authorities a server's certificate may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) enum Trust {
    System,
    File(PathBuf),
}

impl Postgres {
    pub(super) fn dbname(&self) -> String {
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

impl FromStr for Postgres {
    type Err = Error;

    fn from_str(text: &str) -> Result<Postgres, Error> {
        let (plain, tls) = without_tls_options(text);
        let mut config: tokio_postgres::Config =
            plain.parse().map_err(|e: tokio_postgres::Error| {
                let reason = std::error::Error::source(&e)
                    .map_or_else(|| e.to_string(), ToString::to_string);
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

    fn server(text: &str) -> Postgres {
        text.parse().unwrap()
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
