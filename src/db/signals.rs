//! Words between the processes that share one PostgreSQL, by LISTEN and NOTIFY on a connection of its own.
//! Knows nothing of what is said.
//!
//! Words may be lost, but whoever listens is told when. To know that it hears, a process listens to itself as well:
//! a connection can look alive and bring nothing.

use std::future::{pending, poll_fn};
use std::task::{Context, Poll};
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, sleep, sleep_until, timeout, timeout_at};
use tokio_postgres::types::Type;
use tokio_postgres::{AsyncMessage, Client, NoTls, Notification};

use super::postgres::{CONNECT, Role, Server, in_words, limits};

/// How often a process says something to itself.
const PING: Duration = Duration::from_secs(5);
/// Not having heard itself for so long, the connection is dead: two pings are lost, and there was time for them.
const SILENCE: Duration = Duration::from_secs(12);
/// At most so long until the first attempt to connect again; with each that fails twice as long, up to the other.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How many bytes may be said at once. PostgreSQL takes 7,999, of whatever encoding it has.
const LONGEST: usize = 7_900;
/// How many words share a statement.
const AT_ONCE: usize = 256;
/// From one statement to the next at least: where much is said, each costs the database as much as what it is about.
const PACE: Duration = Duration::from_millis(2);
/// How many words wait, to be said or to be taken.
const WAITING: usize = 4_096;

/// What one hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Listening, and heard itself: what is said from now on arrives.
    Up,
    /// The connection is lost: what was said meanwhile is lost as well.
    Down,
    /// Somebody, perhaps this process, said this.
    Said(String),
}

/// An ear at one channel; who drops it ends the connection.
pub struct Signals {
    heard: mpsc::Receiver<Signal>,
    speaker: Speaker,
}

/// A mouth at one channel. A clone speaks through the same connection.
#[derive(Clone)]
pub struct Speaker(mpsc::Sender<String>);

impl Signals {
    pub(super) fn open(server: Server, channel: &'static str) -> Signals {
        let (speaker, said) = mpsc::channel(WAITING);
        let (tell, heard) = mpsc::channel(WAITING);
        let dropped = tell.clone();
        let mut post = Post {
            server,
            channel,
            said,
            tell,
        };
        tokio::spawn(async move {
            tokio::select! {
                () = post.serve() => {}
                () = dropped.closed() => {}
            }
        });
        Signals {
            heard,
            speaker: Speaker(speaker),
        }
    }

    /// Waits for the next signal. The first is [`Signal::Up`], and another one follows each [`Signal::Down`].
    /// Whoever stops waiting misses nothing; whoever takes none for too long is told that some are lost, by
    /// a `Down`.
    pub async fn next(&mut self) -> Signal {
        match self.heard.recv().await {
            Some(signal) => signal,
            None => pending().await, // the runtime is ending
        }
    }

    /// Who speaks on this channel.
    #[must_use]
    pub fn speaker(&self) -> Speaker {
        self.speaker.clone()
    }
}

impl Speaker {
    /// Says words, up to 7,900 bytes, to all who listen, this process included. Never waits. They are lost while
    /// the connection is down or when too much waits, by design: whoever listens also looks by itself.
    /// The same words said again at once may arrive once.
    pub fn say(&self, words: String) {
        // PostgreSQL would refuse them, and all that share the statement with them.
        if words.len() > LONGEST || words.contains('\0') {
            tracing::warn!(bytes = words.len(), "words that cannot be sent");
            return;
        }
        let _ = self.0.try_send(words);
    }
}

/// The task behind both: owns the connection, and replaces it.
struct Post {
    server: Server,
    channel: &'static str,
    said: mpsc::Receiver<String>,
    tell: mpsc::Sender<Signal>,
}

/// A connection that listens on the common channel and on one of its own.
struct Line {
    client: Client,
    wire: Wire,
    own: String,
}

/// What comes from the server, with TLS or without. The client's questions are sent and answered only while
/// somebody waits here.
type Wire = Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<Message>> + Send>;
type Message = Result<AsyncMessage, tokio_postgres::Error>;

impl Post {
    /// Serves for ever.
    async fn serve(&mut self) {
        let mut pause = FIRST_PAUSE;
        let mut outage = false;
        loop {
            let trouble = match self.connect().await {
                Err(trouble) => trouble,
                Ok(line) => {
                    if outage {
                        tracing::info!(channel = self.channel, "other processes are heard again");
                    }
                    outage = false;
                    pause = FIRST_PAUSE;
                    while self.said.try_recv().is_ok() {} // said too early
                    let _ = self.tell.send(Signal::Up).await;
                    let trouble = self.talk(line).await;
                    let _ = self.tell.send(Signal::Down).await;
                    trouble
                }
            };
            if !outage {
                tracing::warn!(
                    channel = self.channel,
                    error = trouble,
                    "other processes are not heard"
                );
            }
            outage = true;
            // Not all at once: the other processes lost theirs in the same moment.
            sleep(pause.mul_f64(rand::random_range(0.5..=1.0))).await;
            pause = LONGEST_PAUSE.min(2 * pause);
        }
    }

    /// A line on which one has heard oneself; or, in words, why there is none.
    async fn connect(&self) -> Result<Line, String> {
        let mut line = match timeout(CONNECT, dial(&self.server)).await {
            Ok(dialled) => dialled?,
            Err(_) => {
                let shown = &self.server.shown;
                return Err(format!("{shown} did not answer within {CONNECT:?}"));
            }
        };
        let listen = format!(
            "{}; LISTEN \"{}\"; LISTEN {}",
            limits(Role::Use),
            self.channel.replace('"', "\"\""),
            line.own
        );
        // Said through another connection: what one says oneself, a pooler such as PgBouncer may hand on with the
        // answer, and nothing that others say afterwards.
        let speak = async {
            line.client
                .batch_execute(&listen)
                .await
                .map_err(|e| in_words(&e))?;
            let other = self.server.connect(Role::Use).await;
            let mut other = other.map_err(|e| e.to_string())?;
            let notify = format!("NOTIFY {}", line.own);
            let spoken = other.batch_execute(&notify).await;
            spoken.map_err(|e| e.to_string())
        };
        let hear = async {
            while next(&mut line.wire).await?.channel() != line.own {}
            Ok(())
        };
        match timeout(SILENCE, async { tokio::try_join!(biased; hear, speak) }).await {
            Ok(heard) => heard.map(|_| line),
            Err(_) => Err(unheard()),
        }
    }

    /// Says what waits and tells what is heard, until the line is lost; gives the reason.
    async fn talk(&mut self, mut line: Line) -> String {
        tokio::select! {
            biased; // the wire knows best what is wrong
            reason = hear(&mut line.wire, &line.own, &self.tell) => reason,
            reason = speak(&line.client, self.channel, &line.own, &mut self.said) => reason,
        }
    }
}

async fn hear(wire: &mut Wire, own: &str, tell: &mpsc::Sender<Signal>) -> String {
    let mut deadline = Instant::now() + SILENCE;
    loop {
        match timeout_at(deadline, next(wire)).await {
            Ok(Ok(notification)) if notification.channel() == own => {
                deadline = Instant::now() + SILENCE;
            }
            Ok(Ok(notification)) => {
                let words = notification.payload().to_owned();
                if tell.try_send(Signal::Said(words)).is_err() {
                    return "too much was said to take it all".to_owned();
                }
            }
            Ok(Err(trouble)) => return trouble,
            Err(_) => return unheard(),
        }
    }
}

async fn speak(
    client: &Client,
    channel: &str,
    own: &str,
    said: &mut mpsc::Receiver<String>,
) -> String {
    let mut ping = interval_at(Instant::now() + PING, PING);
    loop {
        let mut words = Vec::new();
        let channel = tokio::select! {
            biased; // however much is said
            _ = ping.tick() => {
                words.push(String::new());
                own
            }
            _ = said.recv_many(&mut words, AT_ONCE) => channel,
        };
        let next = Instant::now() + PACE;
        // Typed, it is asked in one step, and leaves nothing prepared behind that a pooler could lose.
        let sent = client
            .execute_typed(
                "SELECT pg_notify($1, words) FROM unnest($2) AS words",
                &[(&channel, Type::TEXT), (&words, Type::TEXT_ARRAY)],
            )
            .await;
        if let Err(error) = sent {
            return in_words(&error);
        }
        sleep_until(next).await;
    }
}

fn unheard() -> String {
    format!("it did not hear itself for {SILENCE:?}")
}

async fn dial(server: &Server) -> Result<Line, String> {
    let failed = |e| format!("{}: {}", server.shown, in_words(&e));
    let (client, wire): (Client, Wire) = if let Some(tls) = &server.tls {
        let (client, mut connection) = server.config.connect(tls.clone()).await.map_err(failed)?;
        (client, Box::new(move |cx| connection.poll_message(cx)))
    } else {
        let (client, mut connection) = server.config.connect(NoTls).await.map_err(failed)?;
        (client, Box::new(move |cx| connection.poll_message(cx)))
    };
    let own = format!("ping_{:032x}", rand::random::<u128>());
    Ok(Line { client, wire, own })
}

/// The next notification, or how the connection ended.
async fn next(wire: &mut Wire) -> Result<Notification, String> {
    loop {
        match poll_fn(&mut *wire).await {
            Some(Ok(AsyncMessage::Notification(notification))) => return Ok(notification),
            Some(Ok(_)) => {} // a notice
            Some(Err(error)) => return Err(in_words(&error)),
            None => return Err("the connection was closed".to_owned()),
        }
    }
}
