//! `savt healthcheck`: sends one request to `/readyz`. Made for containers, which have no curl.

use std::{io::Write, time::Duration};

use bytes::Bytes;
use http_body_util::Empty;
use hyper::{Request, StatusCode, Uri, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use super::{error::Error, output::output};
use crate::cli::Healthcheck;

/// How long the server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);

pub(super) async fn healthcheck(options: &Healthcheck) -> Result<(), Error> {
    let mut failure = None;
    for url in options.server_urls() {
        let outcome = timeout(TIMEOUT, request_readiness(&url)).await;
        match outcome.unwrap_or_else(|_| Err(format!("no response within {TIMEOUT:?}"))) {
            Ok(()) => return Ok(writeln!(output(), "{url} is ready")?),
            Err(why) => {
                // A URL with a user name is an error, and is not repeated.
                let url = match url.contains('@') {
                    true => "the server".to_owned(),
                    false => url,
                };
                failure = failure.or(Some(Error::NotReady { url, why }));
            }
        }
    }
    failure.map_or(Ok(()), Err)
}

/// Succeeds if the server says that it is ready, which requires that its database answers.
async fn request_readiness(url: &str) -> Result<(), String> {
    let (host, port) = parse_url(url)?;
    let bare_host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((bare_host, port)).await;
    let stream = stream.map_err(|error| error.to_string())?;
    // The server may not answer to the name at which it listens, but it does to any address.
    let host = stream.peer_addr().map_err(|error| error.to_string())?;
    let connected = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = connected.map_err(|error| error.to_string())?;
    // `send_request` reports the errors of the connection.
    tokio::spawn(async move {
        let _ = connection.await;
    });
    let request = Request::get("/readyz")
        .header(header::HOST, host.to_string())
        .body(Empty::<Bytes>::new())
        .map_err(|error| error.to_string())?;
    let response = sender.send_request(request).await;
    match response.map_err(|error| error.to_string())?.status() {
        StatusCode::OK => Ok(()),
        status => Err(format!("it responds with status {status}")),
    }
}

/// The host and the port of a URL such as `http://127.0.0.1:8000`; `http://` may be left out.
fn parse_url(url: &str) -> Result<(String, u16), String> {
    if url.contains('@') {
        return Err("a user name in the URL is not supported".to_owned());
    }
    let full = match url.contains("://") {
        true => url.to_owned(),
        false => format!("http://{url}"),
    };
    let uri: Uri = full.parse().map_err(|_| "not a valid URL".to_owned())?;
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => {
            return Err("TLS is not supported: give the http:// URL behind the proxy".to_owned());
        }
        _ => return Err("the URL must start with http://".to_owned()),
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err("the URL must not have a path".to_owned());
    }
    let host = uri.host().filter(|host| !host.is_empty());
    let host = host.ok_or("the URL has no host")?.to_owned();
    Ok((host, uri.port_u16().unwrap_or(80)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_host_and_a_port() {
        for (url, expected) in [
            ("http://127.0.0.1:8000", ("127.0.0.1", 8000)),
            ("http://savt.example/", ("savt.example", 80)),
            ("localhost:9", ("localhost", 9)),
            ("http://[::1]:8000", ("[::1]", 8000)),
        ] {
            let (host, port) = parse_url(url).unwrap();
            assert_eq!((&*host, port), expected, "{url}");
        }
    }

    #[test]
    fn an_unusable_url_is_rejected_with_the_reason() {
        for (url, reason) in [
            ("https://savt.example", "TLS"),
            ("http://127.0.0.1:8000/b/x", "path"),
            ("ftp://x", "http://"),
            ("http://u:p@x", "user name"),
            ("http://", "valid"),
        ] {
            let error = parse_url(url).unwrap_err();
            assert!(error.contains(reason), "{url}: {error}");
        }
    }
}
