//! A receiver of webhooks on loopback, with or without TLS, that answers as a test wants.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpSocket, TcpStream},
    task::{AbortHandle, JoinSet},
    time::sleep,
};
use tokio_rustls::TlsAcceptor;

use super::port::Port;

/// The time limit for messages, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(90);

/// A request that was received.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub at: Instant,
}

impl Received {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        &found
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
            .1
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What a receiver answers.
#[derive(Clone, Debug)]
pub enum Reply {
    Status(u16),
    /// With another header.
    With(u16, &'static str, String),
    /// Nothing, for as long as the client waits.
    Hang,
    /// Closes the connection.
    Close,
}

type Answer = Arc<Mutex<Box<dyn FnMut(&Received) -> Reply + Send>>>;

/// Stops when dropped.
pub struct Receiver {
    port: Port,
    tls: Option<TlsAcceptor>,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Answer,
    accepting: Option<AbortHandle>,
}

impl Receiver {
    /// A receiver that answers 204.
    pub async fn start() -> Receiver {
        Receiver::start_with(None).await
    }

    /// The same with a certificate for this name, which it returns.
    pub async fn start_tls(name: &str) -> (Receiver, CertificateDer<'static>) {
        let certified = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let certificate = certified.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], PrivateKeyDer::Pkcs8(key))
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        (Receiver::start_with(Some(acceptor)).await, certificate)
    }

    async fn start_with(tls: Option<TlsAcceptor>) -> Receiver {
        let mut receiver = Receiver {
            port: Port::reserve(),
            tls,
            received: Arc::default(),
            answer: Arc::new(Mutex::new(Box::new(|_| Reply::Status(204)))),
            accepting: None,
        };
        receiver.start_again();
        receiver
    }

    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// A URL on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// Answers like this from now on.
    pub fn reply_with(&self, answer: impl FnMut(&Received) -> Reply + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    /// Everything that was received, with repetitions.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Everything without repetitions: each id as it first came.
    pub fn first_arrivals(&self) -> Vec<Received> {
        let mut known = std::collections::HashSet::new();
        let mut arrivals = self.received();
        arrivals.retain(|message| known.insert(message.id().to_owned()));
        arrivals
    }

    /// Waits until `is_enough` is true of what was received without repetitions.
    pub async fn wait_until(&self, is_enough: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        let until = Instant::now() + TIMEOUT;
        loop {
            let arrivals = self.first_arrivals();
            if is_enough(&arrivals) {
                return arrivals;
            }
            let ids: Vec<_> = arrivals.iter().map(Received::id).collect();
            assert!(Instant::now() < until, "{} messages: {ids:?}", ids.len());
            // Each look copies everything.
            sleep(Duration::from_millis(20 + ids.len() as u64 / 10)).await;
        }
    }

    /// Waits for this many different messages.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        self.wait_until(|arrivals| arrivals.len() >= count).await
    }

    /// Ends at once, with all connections, as if it was killed.
    pub fn kill(&mut self) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
        }
    }

    /// Listens on the same port.
    pub fn start_again(&mut self) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(self.address()).unwrap();
        let listener = socket.listen(1_024).unwrap();
        let (received, answer) = (self.received.clone(), self.answer.clone());
        let accepting = tokio::spawn(accept(listener, self.tls.clone(), received, answer));
        self.accepting = Some(accepting.abort_handle());
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Answer,
) {
    // Aborts the connections when this task is aborted.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, received, answer) = (tls.clone(), received.clone(), answer.clone());
        connections.spawn(serve(stream, tls, received, answer));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Answer,
) {
    match tls {
        None => answer_requests(stream, &received, &answer).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                answer_requests(stream, &received, &answer).await;
            }
        }
    }
}

async fn answer_requests(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    received: &Mutex<Vec<Received>>,
    answer: &Answer,
) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream).await {
        received.lock().unwrap().push(request.clone());
        let reply = answer.lock().unwrap()(&request);
        let (status, header) = match reply {
            Reply::Status(status) => (status, String::new()),
            Reply::With(status, name, value) => (status, format!("{name}: {value}\r\n")),
            Reply::Hang => return std::future::pending().await,
            Reply::Close => return,
        };
        let head = format!("HTTP/1.1 {status} -\r\n{header}content-length: 0\r\n\r\n");
        if stream.write_all(head.as_bytes()).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

async fn read_request(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Received> {
    let mut first = String::new();
    stream
        .read_line(&mut first)
        .await
        .ok()
        .filter(|length| *length > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let mut lengths = headers.iter().filter(|(name, _)| name == "content-length");
    let length = lengths
        .next()
        .map_or("0", |(_, length)| length)
        .parse()
        .ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Received {
        path: first.split(' ').nth(1)?.to_owned(),
        headers,
        body: String::from_utf8(body).ok()?,
        at: Instant::now(),
    })
}
