//! Which server is played against: where it is, and whether it may be. Knows addresses, no requests.

use std::net::{IpAddr, SocketAddr};

use hyper::Uri;
use tokio::net::lookup_host;

use super::Error;

/// A server that speaks HTTP without TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    /// What the `Host` header says.
    pub(super) host: String,
}

impl Server {
    /// Finds the server of an address such as `http://127.0.0.1:8000`. One that is not on this machine must be meant:
    /// a load played by mistake is an attack.
    ///
    /// # Errors
    /// The address is none, or no server's that may be played against.
    pub(super) async fn find(url: &str, remote: bool) -> Result<Server, Error> {
        let (host, port) = parse(url)?;
        let unknown = |why: String| Error::Unreachable {
            url: url.to_owned(),
            why,
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found = lookup_host((bare, port)).await;
        let addresses: Vec<_> = found.map_err(|error| unknown(error.to_string()))?.collect();
        if !remote && !addresses.iter().all(|address| is_here(address.ip())) {
            return Err(Error::Remote(url.to_owned()));
        }
        // Of a name with several addresses, as localhost often has, one may have no listener.
        for address in &addresses {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return Ok(Server::at(*address, &host));
            }
        }
        let first = addresses.first().copied();
        let first = first.ok_or_else(|| unknown("the name has no address".to_owned()))?;
        Ok(Server::at(first, &host))
    }

    fn at(address: SocketAddr, host: &str) -> Server {
        let host = match address.port() {
            80 => host.to_owned(),
            port => format!("{host}:{port}"),
        };
        Server { address, host }
    }
}

fn is_here(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// The host and the port of an address without a path.
fn parse(url: &str) -> Result<(String, u16), Error> {
    let bad = |why| Error::Url {
        url: url.to_owned(),
        why,
    };
    let whole = match url.contains("://") {
        true => url.to_owned(),
        false => format!("http://{url}"),
    };
    let uri: Uri = whole.parse().map_err(|_| bad("is no address"))?;
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => {
            return Err(bad(
                "wants TLS, which this command does not speak: give it the address behind the proxy, http://…",
            ));
        }
        _ => return Err(bad("is not http://…")),
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err(bad(
            "has a path: give the server's address alone, and a board as --board",
        ));
    }
    let host = uri.host().filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| bad("names no host"))?.to_owned();
    Ok((host, uri.port_u16().unwrap_or(80)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        for (url, host, port) in [
            ("http://127.0.0.1:8000", "127.0.0.1", 8000),
            ("http://127.0.0.1:8000/", "127.0.0.1", 8000),
            ("localhost:9", "localhost", 9),
            ("http://savt.example", "savt.example", 80),
            ("http://[::1]:8000", "[::1]", 8000),
        ] {
            let (got, at) = parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!((&*got, at), (host, port), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_played_against_is_told() {
        for (url, told) in [
            ("https://savt.example", "TLS"),
            ("http://127.0.0.1:8000/b/x", "--board"),
            ("ftp://x", "http://"),
            ("http://", "address"),
        ] {
            let error = parse(url).map(|_| ()).unwrap_err().to_string();
            assert!(error.contains(told), "{url}: {error}");
        }
    }

    #[tokio::test]
    async fn a_server_elsewhere_must_be_meant() {
        let refused = Server::find("http://192.0.2.1:8000", false).await;
        assert!(refused.unwrap_err().to_string().contains("--remote"));
        let here = Server::find("http://127.0.0.1:1", false).await.unwrap();
        assert_eq!(here.host, "127.0.0.1:1");
    }
}
