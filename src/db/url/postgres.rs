//! The address of a PostgreSQL database, how to log in to it, and how connections to it are protected.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::environment::Environment;
use super::invalid::invalid_address;
use super::uri::{Uri, parse_port};
use crate::db::error::Error;

/// The port of PostgreSQL if none is given.
const DEFAULT_PORT: u16 = 5432;

/// How to reach and log in to a database on a server.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::db) struct PostgresAddress {
    pub(in crate::db) config: tokio_postgres::Config,
    /// How connections are encrypted; `None` without TLS.
    pub(in crate::db) tls: Option<TlsOptions>,
    /// The file with passwords, which is read if the configuration has none.
    pub(in crate::db) password_file: Option<PathBuf>,
}

/// Whom to trust, and how to prove one's own identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) struct TlsOptions {
    pub(in crate::db) trust: Trust,
    pub(in crate::db) client: Option<ClientCertificate>,
}

/// The certificate authorities to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) enum Trust {
    System,
    File(PathBuf),
}

/// The files with the certificate and the private key of the client, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) struct ClientCertificate {
    pub(in crate::db) certificate: PathBuf,
    pub(in crate::db) key: PathBuf,
}

/// The options after the `?` that are understood, each with the environment variable that replaces it.
const OPTIONS: &[(&str, Option<&str>)] = &[
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

/// The options by name. The last of several with one name counts.
fn known_options(options: Vec<(String, String)>) -> Result<BTreeMap<&'static str, String>, Error> {
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

fn driver_config(
    options: &BTreeMap<&'static str, String>,
) -> Result<tokio_postgres::Config, Error> {
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

/// Sets the hosts of the URL, or those of the option `host`.
fn set_hosts(
    config: &mut tokio_postgres::Config,
    hosts: Vec<(String, Option<u16>)>,
    options: &BTreeMap<&'static str, String>,
) -> Result<(), Error> {
    let option_ports = match options.get("port") {
        None => Vec::new(),
        Some(ports) => {
            let ports = ports.split(',').map(|port| match port {
                "" => Ok(DEFAULT_PORT),
                port => parse_port(port),
            });
            ports.collect::<Result<Vec<u16>, Error>>()?
        }
    };
    let hosts: Vec<(String, Option<u16>)> = match options.get("host") {
        Some(names) => names
            .split(',')
            .map(|name| (name.to_owned(), None))
            .collect(),
        None => hosts,
    };
    let number = hosts.len().max(config.get_hostaddrs().len());
    if number == 0 {
        return Err(invalid_address(
            "the host is missing; for a socket use postgres:///DATABASE?host=/FOLDER, or set PGHOST",
        ));
    }
    if hosts.iter().any(|(name, _)| name.is_empty()) {
        return Err(invalid_address("a host is empty"));
    }
    if option_ports.len() > 1 && option_ports.len() != number {
        return Err(invalid_address(
            "there must be one port, or one for each host",
        ));
    }
    if !hosts.is_empty() && ![0, hosts.len()].contains(&config.get_hostaddrs().len()) {
        return Err(invalid_address("there must be one hostaddr for each host"));
    }
    for at in 0..number {
        let own = hosts.get(at).and_then(|(_, port)| *port);
        let option = option_ports.get(at).or_else(|| option_ports.first());
        config.port(own.or(option.copied()).unwrap_or(DEFAULT_PORT));
    }
    for (name, _) in &hosts {
        config.host(name);
    }
    // SAVT always writes, so among several servers it needs the one that accepts writes.
    if number > 1 && !options.contains_key("target_session_attrs") {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    Ok(())
}

fn tls_options(
    options: &BTreeMap<&'static str, String>,
    own_keys: &[&str],
) -> Result<Option<TlsOptions>, Error> {
    let uses_tls = match options.get("sslmode").map(String::as_str) {
        None | Some("disable" | "allow" | "prefer") => false,
        Some("require" | "verify-ca" | "verify-full") => true,
        Some(_) => {
            return Err(invalid_address(
                "sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full",
            ));
        }
    };
    if !uses_tls {
        return match own_keys.contains(&"sslcert") || own_keys.contains(&"sslkey") {
            true => Err(invalid_address(
                "sslcert and sslkey need sslmode=require, verify-ca or verify-full",
            )),
            false => Ok(None),
        };
    }
    let trust = match options.get("sslrootcert").map(String::as_str) {
        None | Some("system") => Trust::System,
        Some(file) => Trust::File(PathBuf::from(file)),
    };
    let client = match (options.get("sslcert"), options.get("sslkey")) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some(ClientCertificate {
            certificate: PathBuf::from(certificate),
            key: PathBuf::from(key),
        }),
        _ => return Err(invalid_address("sslcert and sslkey are needed together")),
    };
    Ok(Some(TlsOptions { trust, client }))
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
