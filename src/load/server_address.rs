//! Resolves the URL of the server under test and refuses other machines unless allowed. Sends no requests.

use std::net::{IpAddr, SocketAddr};

use hyper::Uri;
use tokio::net::lookup_host;

use super::error::Error;

/// The address of a server that speaks HTTP without TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServerAddress {
    pub(super) address: SocketAddr,
    /// The value of the `Host` header.
    pub(super) host: String,
}

impl ServerAddress {
    /// Resolves a URL such as `http://127.0.0.1:8000`. A server on another machine must be allowed, because load on it by mistake is an
    /// attack.
    ///
    /// # Errors
    /// The URL is invalid or cannot be resolved, or the server is on another machine and `remote` is false.
    pub(super) async fn resolve(url: &str, remote: bool) -> Result<ServerAddress, Error> {
        let (host, port) = parse(url)?;
        let unreachable = |why: String| Error::Unreachable {
            url: url.to_owned(),
            why,
        };
        let bare_host = host.trim_start_matches('[').trim_end_matches(']');
        let resolved = lookup_host((bare_host, port)).await;
        let addresses: Vec<_> = resolved
            .map_err(|error| unreachable(error.to_string()))?
            .collect();
        if !remote && !addresses.iter().all(|address| is_loopback(address.ip())) {
            return Err(Error::Remote(url.to_owned()));
        }
        // A name such as localhost can have several addresses, and the server may listen on one of them only.
        for address in &addresses {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return Ok(ServerAddress::new(*address, &host));
            }
        }
        let first = addresses.first().copied();
        let first = first.ok_or_else(|| unreachable("the name has no address".to_owned()))?;
        Ok(ServerAddress::new(first, &host))
    }

    fn new(address: SocketAddr, host: &str) -> ServerAddress {
        let host = match address.port() {
            80 => host.to_owned(),
            port => format!("{host}:{port}"),
        };
        ServerAddress { address, host }
    }
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// The URL as shown in errors. One with a user name may contain a password, wherever that ends.
fn shown(url: &str) -> &str {
    if url.contains('@') { "the URL" } else { url }
}

/// The host and the port of a URL without a path.
fn parse(url: &str) -> Result<(String, u16), Error> {
    let invalid = |why| Error::Url {
        url: shown(url).to_owned(),
        why,
    };
    if url.contains('@') {
        return Err(invalid(
            "contains a user name, which this command does not support",
        ));
    }
    let full = match url.contains("://") {
        true => url.to_owned(),
        false => format!("http://{url}"),
    };
    let uri: Uri = full.parse().map_err(|_| invalid("is not a valid URL"))?;
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => {
            return Err(invalid(
                "uses TLS, which this command does not support: give the http:// URL behind the proxy",
            ));
        }
        _ => return Err(invalid("does not start with http://")),
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err(invalid(
            "has a path: give the URL of the server only, and the board with --board",
        ));
    }
    let host = uri.host().filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| invalid("has no host"))?.to_owned();
    Ok((host, uri.port_u16().unwrap_or(80)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_host_and_a_port() {
        for (url, host, port) in [
            ("http://127.0.0.1:8000", "127.0.0.1", 8000),
            ("http://127.0.0.1:8000/", "127.0.0.1", 8000),
            ("localhost:9", "localhost", 9),
            ("http://savt.example", "savt.example", 80),
            ("http://[::1]:8000", "[::1]", 8000),
        ] {
            let parsed = parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!((&*parsed.0, parsed.1), (host, port), "{url}");
        }
    }

    #[test]
    fn an_unusable_url_is_rejected_with_the_reason() {
        for (url, reason) in [
            ("https://savt.example", "TLS"),
            ("http://127.0.0.1:8000/b/x", "--board"),
            ("ftp://x", "http://"),
            ("http://", "valid URL"),
        ] {
            let error = parse(url).map(|_| ()).unwrap_err().to_string();
            assert!(error.contains(reason), "{url}: {error}");
        }
    }

    #[tokio::test]
    async fn a_server_on_another_machine_must_be_allowed() {
        let rejected = ServerAddress::resolve("http://192.0.2.1:8000", false).await;
        assert!(rejected.unwrap_err().to_string().contains("--remote"));
        let local = ServerAddress::resolve("http://127.0.0.1:1", false).await;
        assert_eq!(local.unwrap().host, "127.0.0.1:1");
    }
}
