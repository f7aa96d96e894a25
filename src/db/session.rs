//! Opens one connection to PostgreSQL: tries its hosts and their addresses in turn, as libpq does.
//!
//! tokio-postgres can do that, but its own sockets cannot be wrapped, see `sqlstate`.

use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use rand::seq::SliceRandom;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::timeout;
use tokio_postgres::config::{Host, LoadBalanceHosts, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsStream};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::sqlstate::{CodedErrors, CodedTls};

/// The port of PostgreSQL if none is given.
const DEFAULT_PORT: u16 = 5432;

/// A connection. The queries of its client progress only while the messages are polled.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) messages: Messages,
    /// The encoding of the database.
    pub(super) encoding: String,
}

/// What the server sends besides the results of queries. The server has closed the connection when they end.
pub(super) type Messages = Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<Message>> + Send>;
type Message = Result<AsyncMessage, tokio_postgres::Error>;

/// Why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum SessionError {
    #[error("error connecting to server: {0}")]
    Network(#[from] io::Error),
    #[error(transparent)]
    Server(#[from] tokio_postgres::Error),
}

/// A connection over TCP or a Unix socket.
struct Socket(Box<dyn Stream>);

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// A host of the configuration.
struct Target {
    /// The name to verify a certificate with.
    name: String,
    host: HostAddress,
    port: u16,
}

enum HostAddress {
    Name(String),
    Ip(IpAddr),
    /// The folder of a Unix socket.
    Folder(PathBuf),
}

/// Opens a connection to the first host that accepts it. Reports the last error otherwise.
pub(super) async fn open(
    config: &Config,
    tls: Option<&MakeRustlsConnect>,
) -> Result<Session, SessionError> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "there is no host").into();
    for target in targets(config) {
        let sockets = match addresses(&target, config).await {
            Ok(addresses) => addresses,
            Err(error) => {
                last = error.into();
                continue;
            }
        };
        for address in sockets {
            match open_address(&address, &target, config, tls).await {
                Ok(session) => return Ok(session),
                Err(error) => last = error,
            }
        }
    }
    Err(last)
}

fn targets(config: &Config) -> Vec<Target> {
    let (hosts, ips) = (config.get_hosts(), config.get_hostaddrs());
    let ports = config.get_ports();
    let target = |at: usize| {
        let host = match (hosts.get(at), ips.get(at)) {
            (_, Some(ip)) => HostAddress::Ip(*ip),
            (Some(Host::Tcp(name)), None) => HostAddress::Name(name.clone()),
            (Some(Host::Unix(folder)), None) => HostAddress::Folder(folder.clone()),
            (None, None) => return None,
        };
        let name = match (hosts.get(at), ips.get(at)) {
            (Some(Host::Tcp(name)), _) => name.clone(),
            (_, Some(ip)) => ip.to_string(),
            (Some(Host::Unix(_)) | None, None) => String::new(),
        };
        let port = ports.get(at).or_else(|| ports.first()).copied();
        Some(Target {
            name,
            host,
            port: port.unwrap_or(DEFAULT_PORT),
        })
    };
    let mut targets: Vec<_> = (0..hosts.len().max(ips.len())).filter_map(target).collect();
    balance(&mut targets, config);
    targets
}

/// Brings hosts or addresses into a random order if the configuration says so.
fn balance<T>(choices: &mut [T], config: &Config) {
    if config.get_load_balance_hosts() == LoadBalanceHosts::Random {
        choices.shuffle(&mut rand::rng());
    }
}

enum SocketAddress {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

async fn addresses(target: &Target, config: &Config) -> io::Result<Vec<SocketAddress>> {
    let port = target.port;
    match &target.host {
        HostAddress::Ip(ip) => Ok(vec![SocketAddress::Tcp((*ip, port).into())]),
        HostAddress::Folder(folder) => {
            let file = folder.join(format!(".s.PGSQL.{port}"));
            Ok(vec![SocketAddress::Unix(file)])
        }
        HostAddress::Name(name) => {
            let addresses = lookup_host((name.clone(), port)).await?;
            let mut addresses: Vec<_> = addresses.map(SocketAddress::Tcp).collect();
            balance(&mut addresses, config);
            Ok(addresses)
        }
    }
}

async fn open_address(
    address: &SocketAddress,
    target: &Target,
    config: &Config,
    tls: Option<&MakeRustlsConnect>,
) -> Result<Session, SessionError> {
    let socket = within(config.get_connect_timeout(), open_socket(address, config)).await?;
    let mut session = match tls {
        None => {
            let (client, connection) = config.connect_raw(CodedErrors::new(socket), NoTls).await?;
            session(client, connection)
        }
        Some(tls) => {
            let Ok(tls) =
                MakeTlsConnect::<Socket>::make_tls_connect(&mut tls.clone(), &target.name);
            let (client, connection) = config.connect_raw(socket, CodedTls(tls)).await?;
            session(client, connection)
        }
    };
    let refuse = |what| Err(io::Error::new(io::ErrorKind::PermissionDenied, what).into());
    match config.get_target_session_attrs() {
        TargetSessionAttrs::ReadWrite if is_read_only(&mut session).await? => {
            refuse("database does not allow writes")
        }
        TargetSessionAttrs::ReadOnly if !is_read_only(&mut session).await? => {
            refuse("database is not read only")
        }
        _ => Ok(session),
    }
}

async fn within(
    limit: Option<&Duration>,
    opening: impl Future<Output = io::Result<Socket>>,
) -> io::Result<Socket> {
    let Some(limit) = limit else {
        return opening.await;
    };
    let opened = timeout(*limit, opening).await;
    opened.unwrap_or_else(|_| {
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "connection timed out",
        ))
    })
}

async fn open_socket(address: &SocketAddress, config: &Config) -> io::Result<Socket> {
    match address {
        SocketAddress::Unix(file) => Ok(Socket(Box::new(UnixStream::connect(file).await?))),
        SocketAddress::Tcp(address) => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let socket = SockRef::from(&stream);
            socket.set_tcp_user_timeout(config.get_tcp_user_timeout().copied())?;
            if config.get_keepalives() {
                socket.set_tcp_keepalive(&keepalive(config))?;
            }
            Ok(Socket(Box::new(stream)))
        }
    }
}

fn keepalive(config: &Config) -> TcpKeepalive {
    let mut keepalive = TcpKeepalive::new().with_time(config.get_keepalives_idle());
    if let Some(interval) = config.get_keepalives_interval() {
        keepalive = keepalive.with_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        keepalive = keepalive.with_retries(retries);
    }
    keepalive
}

fn session<S, T>(client: Client, mut connection: Connection<S, T>) -> Session
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: TlsStream + Unpin + Send + 'static,
{
    let encoding = connection.parameter("server_encoding");
    Session {
        client,
        encoding: encoding.unwrap_or("unknown").to_owned(),
        messages: Box::new(move |cx| connection.poll_message(cx)),
    }
}

/// Whether the server accepts no writes, because it follows another one or is set so.
async fn is_read_only(session: &mut Session) -> Result<bool, SessionError> {
    let Session {
        client, messages, ..
    } = session;
    let closed = async {
        loop {
            match poll_fn(&mut *messages).await {
                Some(Ok(_)) => {}
                Some(Err(error)) => return SessionError::from(error),
                None => return io::Error::from(io::ErrorKind::ConnectionReset).into(),
            }
        }
    };
    let rows = tokio::select! {
        rows = client.simple_query("SHOW transaction_read_only") => rows?,
        error = closed => return Err(error),
    };
    Ok(rows.iter().any(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0) == Some("on"),
        _ => false,
    }))
}
