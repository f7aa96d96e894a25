//! The hosts of an address and their ports.

use tokio_postgres::config::TargetSessionAttrs;

use super::super::invalid::invalid_address;
use super::super::uri::parse_port;
use super::options::Options;
use crate::db::error::Error;

/// The port of PostgreSQL if none is given.
pub(super) const DEFAULT_PORT: u16 = 5432;

/// Sets the hosts of the URL, or those of the option `host`.
pub(super) fn set_hosts(
    config: &mut tokio_postgres::Config,
    hosts: Vec<(String, Option<u16>)>,
    options: &Options,
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
