//! Many browsers that only listen. They run on a thread of their own, so that what people do is timed beside them, not
//! between them.

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
    connection::{Connection, status},
    person::{Played, token},
    receipts::{Position, Receipts},
    spread::Spread,
};

/// How long a crowd is waited for before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Crowd {
    runtime: Runtime,
    address: SocketAddr,
    pub receipts: Arc<Receipts>,
    streams: Vec<Stream>,
}

struct Stream {
    position: Arc<Position>,
    task: JoinHandle<()>,
}

impl Crowd {
    /// So many browsers at a server, each with its stream open. The first of them are the people who act.
    pub async fn open(address: SocketAddr, streams: usize) -> Crowd {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut crowd = Crowd {
            runtime,
            address,
            receipts: Arc::new(Receipts::new()),
            streams: Vec::new(),
        };
        for number in 0..streams {
            let position = Arc::new(Position::default());
            let task = crowd.listen(number, position.clone(), None);
            crowd.streams.push(Stream { position, task });
        }
        assert!(crowd.is_there(|_| true).await, "a stream does not open");
        crowd
    }

    fn listen(&self, number: usize, position: Arc<Position>, since: Option<i64>) -> JoinHandle<()> {
        let (address, receipts) = (self.address, self.receipts.clone());
        self.runtime.spawn(async move {
            // Ends by itself only when something is wrong.
            let ended = follow(address, number, since, &position, &receipts).await;
            receipts.wrong.broken.fetch_add(1, Relaxed);
            if let Err(error) = ended {
                eprintln!("stream {number}: {error}");
            }
        })
    }

    /// Drops every connection at once, and lets every browser come back at once with what it has.
    pub fn come_back(&mut self) {
        for stream in &self.streams {
            stream.task.abort();
            stream.position.dropped();
        }
        for number in 0..self.streams.len() {
            let position = self.streams[number].position.clone();
            let since = Some(position.at());
            self.streams[number].task = self.listen(number, position, since);
        }
    }

    /// Waits until all know where they are, and it is where they should be. False if that does not happen.
    pub async fn is_there(&self, where_it_should_be: impl Fn(i64) -> bool) -> bool {
        let until = Instant::now() + PATIENCE;
        let there = |stream: &Stream| {
            stream.position.known.load(Relaxed) != 0 && where_it_should_be(stream.position.at())
        };
        while !self.streams.iter().all(there) {
            if Instant::now() > until {
                return false;
            }
            sleep(Duration::from_millis(5)).await;
        }
        true
    }

    /// When each knew where it is, on the clock.
    pub fn known(&self) -> impl Iterator<Item = u64> {
        let streams = self.streams.iter();
        streams.map(|stream| stream.position.known.load(Relaxed))
    }

    /// Milliseconds from each answer to the last receipt; 0 if all had it before.
    pub fn times(&self, played: &Played) -> Spread {
        let writes = played.writes.iter();
        Spread::of(writes.map(|write| clock::ms(write.answered, self.receipts.last(write.version))))
    }

    /// Waits until everyone has all that was played. Gives, in words, what went wrong so far.
    pub async fn settle(&self, played: &Played) -> Vec<String> {
        let last = played.last();
        let there = self.is_there(|at| at >= last).await;
        let mut wrong = self.wrong();
        if !there {
            wrong.push("the last change did not reach everyone".to_owned());
        }
        if played.failures > 0 {
            wrong.push(format!("{} changes failed", played.failures));
        }
        wrong
    }

    /// Changes that not everyone of a settled crowd heard of exactly once; all must have listened all the time, at the process
    /// where they were made.
    pub fn missed(&self, played: &Played) -> Option<String> {
        let heard = |version| self.receipts.heard(version);
        let missed = played
            .writes
            .iter()
            .filter(|write| heard(write.version) != self.streams.len());
        let missed = missed.count();
        (missed > 0).then(|| format!("{missed} changes were not heard by everyone once"))
    }

    fn wrong(&self) -> Vec<String> {
        let wrong = &self.receipts.wrong;
        let counts = [
            (&wrong.broken, "streams failed"),
            (&wrong.disordered, "messages came twice or too late"),
            (&wrong.skipped, "streams were not told what they lacked"),
            (&wrong.reloads, "streams were told to load the board again"),
        ];
        let counts = counts.map(|(count, what)| (count.load(Relaxed), what));
        let some = counts.into_iter().filter(|(count, _)| *count > 0);
        some.map(|(count, what)| format!("{count} {what}"))
            .collect()
    }

    /// Ends all streams.
    pub fn close(self) {
        self.runtime.shutdown_background();
    }
}

async fn follow(
    address: SocketAddr,
    number: usize,
    since: Option<i64>,
    position: &Position,
    receipts: &Receipts,
) -> io::Result<()> {
    let mut connection = Connection::to(address).await?;
    ask(&mut connection, number, since).await?;
    let (mut stream, mut buffer) = connection.into_rest();
    let mut reader = Reader::default();
    loop {
        receipts.bytes.fetch_add(buffer.len() as u64, Relaxed);
        reader.read(&buffer, |message| receipts.take_in(position, message));
        buffer.clear();
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
}

async fn ask(connection: &mut Connection, number: usize, since: Option<i64>) -> io::Result<()> {
    let cookie = token(number);
    let since = since.map(|since| format!("Last-Event-ID: {since}\r\n"));
    let headers = format!("{cookie}{}", since.unwrap_or_default());
    connection.send("GET", "/events", &headers).await?;
    match status(&connection.head().await?)? {
        200 => Ok(()),
        status => Err(io::Error::other(format!("answered with {status}"))),
    }
}

/// Browsers that ask for their stream and then never read, with so little room that the server soon has to wait for them.
pub async fn open_silent(address: SocketAddr, streams: usize) -> Vec<Connection> {
    /// In bytes; the kernel takes some more.
    const ROOM: u32 = 4_096;
    let mut silent = Vec::new();
    for number in 0..streams {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(ROOM).unwrap();
        let stream = socket.connect(address).await.unwrap();
        let mut connection = Connection::on(stream, address);
        let number = 100_000 + number;
        connection
            .send("GET", "/events", &token(number))
            .await
            .unwrap();
        silent.push(connection);
    }
    silent
}
