//! A TCP relay between SAVT and PostgreSQL that can lose a connection while a commit is on its way.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream, UnixStream},
    task::AbortHandle,
};

/// The SQL of a commit in a message of PostgreSQL's protocol (section 55.7, Query).
const COMMIT: &[u8] = b"COMMIT\0";

/// Stops when dropped.
pub struct Relay {
    address: SocketAddr,
    loses_commit: Arc<AtomicBool>,
    accepting: AbortHandle,
}

impl Relay {
    /// Relays connections to the socket of a server.
    pub async fn to(socket: PathBuf) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let loses_commit = Arc::new(AtomicBool::new(false));
        let armed = loses_commit.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, socket.clone(), armed.clone()));
            }
        });
        Relay {
            address,
            loses_commit,
            accepting: accepting.abort_handle(),
        }
    }

    /// The URL of a database through the relay.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://savt@{}/{database}", self.address)
    }

    /// Forwards the next commit, and closes its connection without waiting for the response.
    pub fn lose_next_commit(&self) {
        self.loses_commit.store(true, Ordering::SeqCst);
    }

    /// Whether the commit has been lost.
    pub fn has_lost_commit(&self) -> bool {
        !self.loses_commit.load(Ordering::SeqCst)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn relay(mut client: TcpStream, socket: impl AsRef<Path>, loses_commit: Arc<AtomicBool>) {
    let Ok(server) = UnixStream::connect(socket).await else {
        return;
    };
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.into_split();
    let requests = async {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
            let bytes = &buffer[..length];
            if to_server.write_all(bytes).await.is_err() {
                return;
            }
            let is_commit = bytes.windows(COMMIT.len()).any(|part| part == COMMIT);
            if is_commit && loses_commit.swap(false, Ordering::SeqCst) {
                return;
            }
        }
    };
    tokio::select! {
        () = requests => {}
        _ = copy(&mut from_server, &mut to_client) => {}
    }
}
