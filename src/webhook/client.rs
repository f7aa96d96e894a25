//! Sends one message: a POST with HTTP/1.1, over TLS where the address says so. Follows no redirects, and reads little of the answer.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Response, Version,
    body::Incoming,
    client::conn::http1::{self, SendRequest},
    header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{failure::Failure, resolver::Resolver, target::Target};

/// How long a message may take in all.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How long one of several addresses may take to accept the connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// How much of an answer is read, so that the connection can be used again.
const MAX_ANSWER: usize = 16 * 1_024;

const PROGRAM: &str = concat!("SAVT/", env!("CARGO_PKG_VERSION"));

/// A connection to an endpoint, kept between two messages.
pub(super) type Connection = SendRequest<Full<Bytes>>;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Sends messages.
#[derive(Clone)]
pub struct Client {
    resolver: Resolver,
    tls: TlsConnector,
    allow_private: bool,
    limit: Duration,
}

impl Client {
    /// A client that trusts these certificate authorities. Without `allow_private` it connects only to public addresses.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(roots: RootCertStore, allow_private: bool) -> Result<Client, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Client {
            resolver: Resolver::system(),
            tls: TlsConnector::from(Arc::new(config)),
            allow_private,
            limit: TIME_LIMIT,
        })
    }

    /// The same with another way to look up names.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Client {
        Client { resolver, ..self }
    }

    /// The same with a shorter limit for a message.
    #[must_use]
    pub fn with_time_limit(self, limit: Duration) -> Client {
        let limit = limit.min(TIME_LIMIT);
        Client { limit, ..self }
    }

    /// Sends a body. The connection is used again if it is still open, and kept for the next message.
    ///
    /// # Errors
    /// There is no answer in time, or it is not a success.
    pub(super) async fn post(
        &self,
        kept: &mut Option<Connection>,
        target: &Target,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<(), Failure> {
        let used = kept.take();
        let exchange = self.exchange(used, target, headers, body);
        let answered = timeout(self.limit, exchange).await;
        let limit = || format!("no answer within {} s", self.limit.as_secs_f32());
        let (connection, failure) = answered.map_err(|_| Failure::new(limit()))??;
        *kept = connection;
        failure.map_or(Ok(()), Err)
    }

    /// Returns the connection, if it can be used again, and what the answer means.
    async fn exchange(
        &self,
        used: Option<Connection>,
        target: &Target,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<(Option<Connection>, Option<Failure>), Failure> {
        // A receiver closes idle connections when it likes. Sending twice does no harm: the message keeps its id.
        if let Some(mut connection) = used
            && connection.ready().await.is_ok()
            && let Ok(answer) = connection
                .send_request(request(target, headers, body.clone())?)
                .await
        {
            return Ok(finish(connection, answer).await);
        }
        let mut connection = self.connect(target).await?;
        let sent = connection
            .send_request(request(target, headers, body)?)
            .await;
        let answer = sent.map_err(|error| Failure::new(format!("no valid answer: {error}")))?;
        Ok(finish(connection, answer).await)
    }

    async fn connect(&self, target: &Target) -> Result<Connection, Failure> {
        let addresses = self.resolver.addresses(target, self.allow_private).await?;
        let stream = connect_to_one(&addresses).await?;
        let stream: Box<dyn Stream> = match target.is_tls() {
            false => Box::new(stream),
            true => {
                let name = ServerName::try_from(target.bare_host().to_owned())
                    .map_err(|_| Failure::new("the host cannot have a certificate"))?;
                let secured = self.tls.connect(name, stream).await;
                Box::new(secured.map_err(|error| Failure::new(format!("TLS: {error}")))?)
            }
        };
        let connected = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) =
            connected.map_err(|error| Failure::new(format!("cannot connect: {error}")))?;
        // The sender reports the errors of the connection, which ends when the sender is dropped.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(sender)
    }
}

/// Connects to the first address that accepts.
async fn connect_to_one(addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
    let limit = match addresses {
        [_] => TIME_LIMIT,
        _ => CONNECT_LIMIT,
    };
    let mut failure = Failure::new("cannot connect");
    for address in addresses {
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => failure = Failure::new(format!("cannot connect: {error}")),
            Err(_) => failure = Failure::new("cannot connect: no answer"),
        }
    }
    Err(failure)
}

fn request(
    target: &Target,
    headers: &[(HeaderName, HeaderValue)],
    body: Bytes,
) -> Result<Request<Full<Bytes>>, Failure> {
    let mut request = Request::builder()
        .method(Method::POST)
        .version(Version::HTTP_11)
        .uri(target.path())
        .header(HOST, target.authority())
        .header(USER_AGENT, PROGRAM)
        .header(CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    // The address was checked at the start.
    let built = request.body(Full::new(body));
    built.map_err(|_| Failure::new("the address cannot be requested"))
}

/// Reads an answer. A long one ends the connection.
async fn finish(
    connection: Connection,
    answer: Response<Incoming>,
) -> (Option<Connection>, Option<Failure>) {
    let (head, mut body) = answer.into_parts();
    let failure = Failure::of_answer(head.status, &head.headers, chrono::Utc::now());
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes += frame.data_ref().map_or(0, Bytes::len),
            Err(_) => return (None, failure),
        }
        if bytes > MAX_ANSWER {
            return (None, failure);
        }
    }
    let is_open = !closes(&head.headers);
    (is_open.then_some(connection), failure)
}

fn closes(headers: &HeaderMap) -> bool {
    let connection = headers.get(hyper::header::CONNECTION);
    connection.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}
