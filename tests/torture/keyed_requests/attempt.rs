//! One attempt: a connection of its own, which the client may cut at any moment.

use std::{io, net::SocketAddr, time::Duration};

use rand::{RngExt, rngs::StdRng};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::answer::Answer;

/// SAVT answers within three seconds; a busy machine needs longer.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// When the client cuts its connection.
#[derive(Clone, Copy)]
pub enum Cut {
    Never,
    /// After so many bytes of the request.
    Within(usize),
    /// So long after the request was sent, perhaps at once.
    After(Duration),
    /// After so many bytes of the answer.
    Answering(usize),
}

/// What the client learned.
pub enum Received {
    Answer(Answer),
    /// It cut the connection.
    Cut,
    /// The connection was refused, or ended without a whole answer.
    Lost,
}

impl Cut {
    /// A moment at random, for a request of so many bytes.
    pub fn random(bytes: usize, rng: &mut StdRng) -> Cut {
        match rng.random_range(0..100) {
            0..45 => Cut::Never,
            45..55 => Cut::Within(rng.random_range(0..bytes)),
            55..70 => Cut::After(Duration::ZERO),
            70..85 => Cut::After(Duration::from_micros(rng.random_range(0..20_000))),
            _ => Cut::Answering(rng.random_range(1..500)),
        }
    }
}

/// Sends a request. `resets` tells whether a cut discards what is under way, instead of ending the connection in order.
pub async fn send(server: SocketAddr, request: &[u8], cut: Cut, resets: bool) -> Received {
    let attempt = timeout(ATTEMPT_TIMEOUT, try_send(server, request, cut, resets));
    match attempt.await {
        Ok(Ok(received)) => received,
        Ok(Err(_)) | Err(_) => Received::Lost,
    }
}

async fn try_send(
    server: SocketAddr,
    request: &[u8],
    cut: Cut,
    resets: bool,
) -> io::Result<Received> {
    let mut stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    if resets && !matches!(cut, Cut::Never) {
        socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    }
    match cut {
        Cut::Within(bytes) => stream.write_all(&request[..bytes]).await?,
        _ => stream.write_all(request).await?,
    }
    let mut answer = Vec::new();
    match cut {
        Cut::Never => {
            stream.read_to_end(&mut answer).await?;
            Ok(Answer::parse(&answer).map_or(Received::Lost, Received::Answer))
        }
        Cut::Within(_) => Ok(Received::Cut),
        Cut::After(pause) => {
            if !pause.is_zero() {
                sleep(pause).await;
            }
            Ok(Received::Cut)
        }
        Cut::Answering(bytes) => {
            stream.take(bytes as u64).read_to_end(&mut answer).await?;
            Ok(Received::Cut)
        }
    }
}
