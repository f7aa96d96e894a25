//! The address of a PostgreSQL database, and how connections to it are protected.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode};

use super::invalid::invalid_address;
use crate::db::error::Error;

/// How to reach and log in to a database on a server.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::db) struct PostgresAddress {
    pub(in crate::db) config: tokio_postgres::Config,
    /// The trusted authorities if TLS is required; `None` without TLS.
    pub(in crate::db) trust: Option<Trust>,
}

/// The certificate authorities to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) enum Trust {
    System,
    File(PathBuf),
}

impl PostgresAddress {
    pub(super) fn conninfo(&self) -> String {
        let joined = |values: Vec<String>| (!values.is_empty()).then(|| values.join(","));
        let host_addresses = self.config.get_hostaddrs().iter().map(ToString::to_string);
        let ports = self.config.get_ports().iter().map(ToString::to_string);
        let (mode, root) = match &self.trust {
            None => (None, None),
            Some(Trust::System) => (Some("require"), None),
            Some(Trust::File(file)) => (Some("verify-full"), Some(file.display().to_string())),
        };
        let options = [
            ("host", joined(self.hosts())),
            ("hostaddr", joined(host_addresses.collect())),
            ("port", joined(ports.collect())),
            ("user", self.config.get_user().map(str::to_owned)),
            ("dbname", self.config.get_dbname().map(str::to_owned)),
            ("sslmode", mode.map(str::to_owned)),
            ("sslrootcert", root),
        ];
        let present = options.into_iter().filter_map(|(key, value)| {
            let value = value?.replace('\\', "\\\\").replace('\'', "\\'");
            Some(match value.contains([' ', '\'']) || value.is_empty() {
                true => format!("{key}='{value}'"),
                false => format!("{key}={value}"),
            })
        });
        present.collect::<Vec<_>>().join(" ")
    }

    /// The host names, or the folders of their sockets.
    fn hosts(&self) -> Vec<String> {
        let hosts = self.config.get_hosts().iter();
        let names = hosts.map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        names.collect()
    }
}

impl FromStr for PostgresAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<PostgresAddress, Error> {
        let (remaining, tls_options) = extract_tls_options(text);
        let mut config: tokio_postgres::Config =
            remaining.parse().map_err(|e: tokio_postgres::Error| {
                let reason = std::error::Error::source(&e)
                    .map_or_else(|| e.to_string(), ToString::to_string);
                invalid_address(&reason)
            })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(invalid_address(
                "the host is missing; for a socket use postgres:///DATABASE?host=/FOLDER",
            ));
        }
        let mut use_tls = false;
        let mut trust = Trust::System;
        for (key, value) in tls_options {
            match (key, value.as_str()) {
                ("sslmode", "disable" | "allow" | "prefer") => use_tls = false,
                ("sslmode", "require" | "verify-ca" | "verify-full") => use_tls = true,
                ("sslmode", _) => {
                    return Err(invalid_address(
                        "sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full",
                    ));
                }
                (_, "system") => trust = Trust::System,
                (_, file) => trust = Trust::File(PathBuf::from(file)),
            }
        }
        config.ssl_mode(if use_tls {
            SslMode::Require
        } else {
            SslMode::Disable
        });
        Ok(PostgresAddress {
            config,
            trust: use_tls.then_some(trust),
        })
    }
}

/// Removes `sslmode` and `sslrootcert` from the address and returns them separately: `tokio_postgres` supports the first
/// only partly and the second not at all.
fn extract_tls_options(text: &str) -> (String, Vec<(&str, String)>) {
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
    let mut remaining = text[..question].to_owned();
    if !others.is_empty() {
        remaining.push('?');
        remaining.push_str(&others.join("&"));
    }
    (remaining, tls)
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let host_addresses = self.config.get_hostaddrs().iter().map(ToString::to_string);
        let hosts: Vec<String> = if self.config.get_hosts().is_empty() {
            host_addresses.collect()
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

    fn server(text: &str) -> PostgresAddress {
        text.parse().unwrap()
    }

    #[test]
    fn a_socket_is_given_by_option_or_as_host() {
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
    fn tls_is_used_only_in_modes_that_require_it() {
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
        let custom =
            server("postgres://u@h/d?sslrootcert=%2Fetc%2Four%20ca.pem&sslmode=verify-full");
        assert_eq!(custom.trust, Some(Trust::File("/etc/our ca.pem".into())));
    }

    #[test]
    fn a_password_may_contain_a_question_mark() {
        let server = server("postgres://u:what?sslmode=off@h/d?sslmode=require");
        assert_eq!(
            server.config.get_password(),
            Some("what?sslmode=off".as_bytes())
        );
        assert!(server.trust.is_some());
    }
}
