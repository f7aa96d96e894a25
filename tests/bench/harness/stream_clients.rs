//! Many clients that only read the event stream. They run on a separate thread, so that they do not delay the clients whose
//! latency is measured.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use savt::load::message::Reader;
use tokio::{
    io::AsyncReadExt,
    net::TcpSocket,
    runtime::{Builder, Runtime},
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{
    clock,
    connection::{Connection, parse_status},
    percentiles::Percentiles,
    receipts::{Position, Receipts},
    test_client::{WriteResults, cookie_header},
};

/// Streams that take longer to receive a change have lost it.
const RECEIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// Which stream of a board is read.
#[derive(Clone, Copy)]
pub enum Followed {
    /// That of the pages.
    Fragments,
    /// That of the API.
    Events,
}

impl Followed {
    fn path(self) -> &'static str {
        match self {
            Followed::Fragments => "/events",
            Followed::Events => "/api/v1/boards/main/events",
        }
    }
}

pub struct StreamClients {
    runtime: Runtime,
    address: SocketAddr,
    followed: Followed,
    pub receipts: Arc<Receipts>,
    streams: Vec<Stream>,
}

struct Stream {
    position: Arc<Position>,
    task: JoinHandle<()>,
}

impl StreamClients {
    /// Opens a stream for each of `count` browsers. The first of them belong to the test clients.
    pub async fn open(address: SocketAddr, count: usize) -> StreamClients {
        StreamClients::open_to(Followed::Fragments, address, count).await
    }

    /// The same for one of the streams of a board.
    pub async fn open_to(followed: Followed, address: SocketAddr, count: usize) -> StreamClients {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut clients = StreamClients {
            runtime,
            address,
            followed,
            receipts: Arc::new(Receipts::new()),
            streams: Vec::new(),
        };
        for number in 0..count {
            let position = Arc::new(Position::default());
            let task = clients.spawn(number, position.clone(), None);
            clients.streams.push(Stream { position, task });
        }
        let opened = clients.wait_until(|_| true).await;
        assert!(opened, "a stream does not open");
        clients
    }

    fn spawn(&self, number: usize, position: Arc<Position>, since: Option<i64>) -> JoinHandle<()> {
        let (address, path) = (self.address, self.followed.path());
        let receipts = self.receipts.clone();
        self.runtime.spawn(async move {
            // A stream ends only after an error.
            let result = follow(address, path, (number, since), &position, &receipts).await;
            receipts.anomalies.failed.fetch_add(1, Relaxed);
            if let Err(error) = result {
                eprintln!("stream {number}: {error}");
            }
        })
    }

    /// Drops all connections at once, and reconnects every browser at once with its last event number.
    pub fn reconnect(&mut self) {
        for stream in &self.streams {
            stream.task.abort();
            stream.position.disconnect();
        }
        for number in 0..self.streams.len() {
            let position = self.streams[number].position.clone();
            let since = Some(position.at());
            self.streams[number].task = self.spawn(number, position, since);
        }
    }

    /// Waits until every stream is connected and at an event number that satisfies the condition. False after the timeout.
    pub async fn wait_until(&self, condition: impl Fn(i64) -> bool) -> bool {
        let until = Instant::now() + RECEIVE_TIMEOUT;
        let is_reached = |stream: &Stream| {
            stream.position.connected_at.load(Relaxed) != 0 && condition(stream.position.at())
        };
        while !self.streams.iter().all(is_reached) {
            if Instant::now() > until {
                return false;
            }
            sleep(Duration::from_millis(5)).await;
        }
        true
    }

    /// When each stream received its first event number, on the clock.
    pub fn connected_at(&self) -> impl Iterator<Item = u64> {
        let streams = self.streams.iter();
        streams.map(|stream| stream.position.connected_at.load(Relaxed))
    }

    /// Milliseconds from each response to the last receipt; 0 if all streams received it before.
    pub fn receipt_times(&self, results: &WriteResults) -> Percentiles {
        let writes = results.writes.iter();
        Percentiles::new(writes.map(|write| {
            clock::ms_between(write.responded_at, self.receipts.last_at(write.version))
        }))
    }

    /// Waits until every stream has all changes. Returns descriptions of all errors so far.
    pub async fn wait_for_all(&self, results: &WriteResults) -> Vec<String> {
        let last = results.last_version();
        let is_complete = self.wait_until(|at| at >= last).await;
        let mut errors = self.errors();
        if !is_complete {
            errors.push("some streams did not receive the last change".to_owned());
        }
        if results.failures > 0 {
            errors.push(format!("{} changes failed", results.failures));
        }
        errors
    }

    /// Changes that some stream did not receive exactly once. Call it after `wait_for_all`; all streams must have been
    /// connected all the time, to the process that made the changes.
    pub fn missed(&self, results: &WriteResults) -> Option<String> {
        let count = |version| self.receipts.count(version);
        let missed = results
            .writes
            .iter()
            .filter(|write| count(write.version) != self.streams.len());
        let missed = missed.count();
        (missed > 0)
            .then(|| format!("{missed} changes were not received exactly once by every stream"))
    }

    fn errors(&self) -> Vec<String> {
        let anomalies = &self.receipts.anomalies;
        let counts = [
            (&anomalies.failed, "streams failed"),
            (
                &anomalies.out_of_order,
                "messages were duplicated or out of order",
            ),
            (&anomalies.skipped, "streams did not receive missed changes"),
            (&anomalies.reloads, "streams had to reload the board"),
        ];
        let counts = counts.map(|(count, description)| (count.load(Relaxed), description));
        let nonzero = counts.into_iter().filter(|(count, _)| *count > 0);
        nonzero
            .map(|(count, description)| format!("{count} {description}"))
            .collect()
    }

    /// Closes all streams.
    pub fn close(self) {
        self.runtime.shutdown_background();
    }
}

async fn follow(
    address: SocketAddr,
    path: &str,
    client: (usize, Option<i64>),
    position: &Position,
    receipts: &Receipts,
) -> io::Result<()> {
    let mut connection = Connection::open(address).await?;
    subscribe(&mut connection, path, client).await?;
    let (mut stream, mut buffer) = connection.into_parts();
    let mut reader = Reader::default();
    loop {
        receipts.bytes.fetch_add(buffer.len() as u64, Relaxed);
        reader.read(&buffer, |message| receipts.record(position, message));
        buffer.clear();
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
}

async fn subscribe(
    connection: &mut Connection,
    path: &str,
    (number, since): (usize, Option<i64>),
) -> io::Result<()> {
    let cookie = cookie_header(number);
    let accept = "Accept: text/event-stream\r\n";
    let since = since.map(|since| format!("Last-Event-ID: {since}\r\n"));
    let headers = format!("{cookie}{accept}{}", since.unwrap_or_default());
    connection.send("GET", path, &headers).await?;
    match parse_status(&connection.read_head().await?)? {
        200 => Ok(()),
        status => Err(io::Error::other(format!("status {status}"))),
    }
}

/// Requests whose responses are never read, with receive buffers so small that the server soon blocks on them. `headers` are complete
/// lines.
pub async fn open_stalled(
    address: SocketAddr,
    count: usize,
    path: &str,
    headers: &str,
) -> Vec<Connection> {
    /// The kernel adds some overhead.
    const RECEIVE_BUFFER_BYTES: u32 = 4_096;
    let mut stalled = Vec::new();
    for number in 0..count {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES).unwrap();
        let stream = socket.connect(address).await.unwrap();
        let mut connection = Connection::from_stream(stream, address);
        let headers = cookie_header(100_000 + number) + headers;
        connection.send("GET", path, &headers).await.unwrap();
        stalled.push(connection);
    }
    stalled
}
