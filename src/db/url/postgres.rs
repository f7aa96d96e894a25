//! The address of a PostgreSQL database, how to log in to it, and how connections to it are protected.

mod hosts;
mod options;
mod tls_options;

use std::fmt;
use std::path::PathBuf;

use tokio_postgres::config::{Host, SslMode};

use super::environment::Environment;
use super::uri::Uri;
use crate::db::error::Error;
use hosts::{DEFAULT_PORT, set_hosts};
use options::{OPTIONS, driver_config, known_options};
use tls_options::tls_options;
pub(in crate::db) use tls_options::{ClientCertificate, TlsOptions, Trust};

/// How to reach and log in to a database on a server.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::db) struct PostgresAddress {
    pub(in crate::db) config: tokio_postgres::Config,
    /// How connections are encrypted; `None` without TLS.
    pub(in crate::db) tls: Option<TlsOptions>,
    /// The file with passwords, which is read if the configuration has none.
    pub(in crate::db) password_file: Option<PathBuf>,
}

impl PostgresAddress {
    /// Parses what follows `postgres://`. What it lacks is taken from the environment.
    pub(in crate::db) fn parse(
        text: &str,
        environment: &Environment,
    ) -> Result<PostgresAddress, Error> {
        let uri = Uri::parse(text)?;
        let mut options = known_options(uri.options)?;
        let own_keys: Vec<&str> = options.keys().copied().collect();
        let has_host = !uri.hosts.is_empty() || own_keys.contains(&"hostaddr");
        for (key, variable) in OPTIONS {
            let is_given = own_keys.contains(key) || (*key == "host" && has_host);
            let value = variable.and_then(|variable| environment.get(variable));
            if let Some(value) = value.filter(|_| !is_given) {
                options.insert(key, value.to_owned());
            }
        }
        let mut config = driver_config(&options)?;
        set_hosts(&mut config, uri.hosts, &options)?;
        let own = |key: &str| own_keys.contains(&key).then(|| options[key].clone());
        let from_environment = |key: &str| options.get(key).cloned();
        let database = own("dbname")
            .or(uri.database)
            .or_else(|| from_environment("dbname"));
        if let Some(database) = database {
            config.dbname(database);
        }
        let system_user = || environment.user().map(str::to_owned);
        if let Some(user) = own("user").or(uri.user).or_else(system_user) {
            config.user(user);
        }
        let password = own("password").map(String::into_bytes).or(uri.password);
        let password = password.or_else(|| from_environment("password").map(String::into_bytes));
        if let Some(password) = password {
            config.password(password);
        }
        let home = environment.get("HOME").map(PathBuf::from);
        let password_file = match options.get("passfile") {
            Some(file) => Some(PathBuf::from(file)),
            None => home.map(|home| home.join(".pgpass")),
        };
        let tls = tls_options(&options, &own_keys)?;
        config.ssl_mode(match &tls {
            Some(_) => SslMode::Require,
            None => SslMode::Disable,
        });
        Ok(PostgresAddress {
            config,
            tls,
            password_file,
        })
    }

    /// Each host, or the folder of its socket, with its port.
    pub(in crate::db) fn hosts(&self) -> Vec<(String, u16)> {
        let names: Vec<String> = match self.config.get_hosts() {
            [] => {
                let addresses = self.config.get_hostaddrs().iter();
                addresses.map(ToString::to_string).collect()
            }
            hosts => hosts.iter().map(host_name).collect(),
        };
        let ports = self.config.get_ports();
        let hosts = names.into_iter().enumerate().map(|(at, name)| {
            let port = ports.get(at).or_else(|| ports.first());
            (name, port.copied().unwrap_or(DEFAULT_PORT))
        });
        hosts.collect()
    }

    pub(super) fn conninfo(&self) -> String {
        let joined = |values: Vec<String>| (!values.is_empty()).then(|| values.join(","));
        let hosts = self.config.get_hosts().iter().map(host_name);
        let host_addresses = self.config.get_hostaddrs().iter().map(ToString::to_string);
        let ports = self.config.get_ports().iter().map(ToString::to_string);
        let path = |file: &PathBuf| Some(file.display().to_string());
        let trust = self.tls.as_ref().map(|tls| &tls.trust);
        let (mode, root) = match trust {
            None => (None, None),
            Some(Trust::System) => (Some("require"), None),
            Some(Trust::File(file)) => (Some("verify-full"), path(file)),
        };
        let client = self.tls.as_ref().and_then(|tls| tls.client.as_ref());
        let options = [
            ("host", joined(hosts.collect())),
            ("hostaddr", joined(host_addresses.collect())),
            ("port", joined(ports.collect())),
            ("dbname", self.config.get_dbname().map(str::to_owned)),
            ("sslmode", mode.map(str::to_owned)),
            ("sslrootcert", root),
            (
                "sslcert",
                client.and_then(|client| path(&client.certificate)),
            ),
            ("sslkey", client.and_then(|client| path(&client.key))),
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
}

fn host_name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.display().to_string(),
    }
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.hosts().into_iter().map(|(host, port)| {
            let host = match host.contains(':') {
                true => format!("[{host}]"),
                false => host,
            };
            match port {
                DEFAULT_PORT => host,
                port => format!("{host}:{port}"),
            }
        });
        let hosts = hosts.collect::<Vec<_>>().join(",");
        let database = self.config.get_dbname().unwrap_or_default();
        write!(f, "postgres://{hosts}/{database}")
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::TargetSessionAttrs;

    use super::*;

    fn server_in(text: &str, environment: &[(&str, &str)]) -> PostgresAddress {
        let environment = environment.iter();
        let environment =
            environment.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let rest = text.strip_prefix("postgres://").unwrap();
        let parsed = PostgresAddress::parse(rest, &environment.collect());
        parsed.unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn server(text: &str) -> PostgresAddress {
        server_in(text, &[])
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
            assert_eq!(server.tls, None, "{mode}");
            assert_eq!(server.config.get_ssl_mode(), SslMode::Disable, "{mode}");
        }
        for mode in ["require", "verify-ca", "verify-full"] {
            let server = server(&format!(
                "postgres://u@h/d?connect_timeout=3&sslmode={mode}"
            ));
            assert_eq!(server.tls.unwrap().trust, Trust::System, "{mode}");
            assert_eq!(server.config.get_ssl_mode(), SslMode::Require, "{mode}");
            assert!(server.config.get_connect_timeout().is_some());
        }
        let custom = server(
            "postgres://u@h/d?sslrootcert=%2Fetc%2Four%20ca.pem&sslmode=verify-full&sslcert=c&sslkey=k",
        );
        let tls = custom.tls.unwrap();
        assert_eq!(tls.trust, Trust::File("/etc/our ca.pem".into()));
        assert_eq!(tls.client.unwrap().key, PathBuf::from("k"));
    }

    #[test]
    fn a_password_may_contain_a_question_mark() {
        let server = server("postgres://u:what?sslmode=off@h/d?sslmode=require");
        assert_eq!(
            server.config.get_password(),
            Some("what?sslmode=off".as_bytes())
        );
        assert!(server.tls.is_some());
    }

    #[test]
    fn the_environment_completes_the_url_and_never_overrides_it() {
        let environment = [
            ("PGHOST", "envhost"),
            ("PGPORT", "5433"),
            ("PGDATABASE", "envdb"),
            ("PGUSER", "envuser"),
            ("USER", "login"),
            ("PGPASSWORD", "envpassword"),
            ("PGSSLMODE", "require"),
            ("PGPASSFILE", "/pass"),
            ("HOME", "/home/login"),
        ];
        let all = server_in("postgres://", &environment);
        assert_eq!(all.hosts(), [("envhost".to_owned(), 5433)]);
        assert_eq!(all.config.get_dbname(), Some("envdb"));
        assert_eq!(all.config.get_user(), Some("envuser"));
        assert_eq!(all.config.get_password(), Some("envpassword".as_bytes()));
        assert!(all.tls.is_some());
        assert_eq!(all.password_file, Some("/pass".into()));
        for text in [
            "postgres://u:p@h:1/d?sslmode=disable&passfile=f",
            "postgres://?user=u&password=p&host=h&port=1&dbname=d&sslmode=disable&passfile=f",
        ] {
            let own = server_in(text, &environment);
            assert_eq!(own.hosts(), [("h".to_owned(), 1)]);
            assert_eq!(own.config.get_dbname(), Some("d"));
            assert_eq!(own.config.get_user(), Some("u"));
            assert_eq!(own.config.get_password(), Some("p".as_bytes()));
            assert!(own.tls.is_none());
            assert_eq!(own.password_file, Some("f".into()));
        }
        let login = server_in("postgres://h", &[("USER", "login"), ("PGUSER", "")]);
        assert_eq!(login.config.get_user(), Some("login"));
        let nobody = server_in("postgres://h", &[("HOME", "/x")]);
        assert_eq!(nobody.config.get_user(), None);
        assert_eq!(nobody.password_file, Some("/x/.pgpass".into()));
    }

    #[test]
    fn among_several_hosts_the_writable_one_is_needed() {
        let several = server("postgres://u@h1:1,h2,[::1]:3/d");
        let hosts = [("h1", 1), ("h2", 5432), ("::1", 3)];
        assert_eq!(several.hosts(), hosts.map(|(h, p)| (h.to_owned(), p)));
        let needed = |server: &PostgresAddress| server.config.get_target_session_attrs();
        assert_eq!(needed(&several), TargetSessionAttrs::ReadWrite);
        assert_eq!(several.to_string(), "postgres://h1:1,h2,[::1]:3/d");
        let any = server("postgres://u@h1,h2/d?target_session_attrs=any");
        assert_eq!(needed(&any), TargetSessionAttrs::Any);
        let primary = server("postgres://u@h/d?target_session_attrs=primary");
        assert_eq!(needed(&primary), TargetSessionAttrs::ReadWrite);
        assert_eq!(needed(&server("postgres://u@h/d")), TargetSessionAttrs::Any);
    }
}
