//! Sends a request until it is answered.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use rand::{RngExt, rngs::StdRng};

use super::{
    answer::Answer,
    attempt::{self, Cut, Received},
    counts::KeyCounts,
    request::KeyedRequest,
};
use crate::servers::Addresses;

/// The longest time until a request is answered, on a busy machine.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

pub struct Sender {
    servers: Addresses,
    pub rng: StdRng,
    pub counts: KeyCounts,
}

impl Sender {
    pub fn new(servers: Addresses, rng: StdRng) -> Sender {
        Sender {
            servers,
            rng,
            counts: KeyCounts::default(),
        }
    }

    /// A request with a new key.
    pub fn request(
        &mut self,
        path: &str,
        token: Option<&str>,
        body: &serde_json::Value,
    ) -> KeyedRequest {
        self.counts.requests += 1;
        KeyedRequest::new(self.rng.random(), path, token, body)
    }

    /// Sends a request, cuts connections at random, and sends it again, until there is a final answer.
    ///
    /// # Errors
    /// What was wrong: an answer that no request may get, two different ones, or none in time.
    pub async fn send(&mut self, request: &KeyedRequest) -> Result<Answer, String> {
        let begin = Instant::now();
        loop {
            let copies = if self.rng.random_bool(0.15) { 2 } else { 1 };
            self.counts.pairs += copies - 1;
            let attempts: Vec<_> = (0..copies).map(|_| self.attempt(request)).collect();
            let mut final_answer: Option<Answer> = None;
            let mut is_interrupted = false;
            for received in join_all(attempts).await {
                match received {
                    Received::Cut => self.counts.cut += 1,
                    Received::Lost => {
                        self.counts.lost += 1;
                        is_interrupted = true;
                    }
                    Received::Answer(answer) if answer.asks_to_try_again() => {
                        self.counts.unavailable += 1;
                        is_interrupted = true;
                    }
                    Received::Answer(answer) => {
                        expect_final(request, &answer)?;
                        if let Some(other) = &final_answer {
                            expect_equal(request, other, &answer)?;
                        }
                        final_answer = Some(answer);
                    }
                }
            }
            if let Some(answer) = final_answer {
                return Ok(answer);
            }
            if begin.elapsed() > ANSWER_TIMEOUT {
                return Err(format!(
                    "{} has no answer after {ANSWER_TIMEOUT:?}",
                    describe(request)
                ));
            }
            if is_interrupted {
                let pause = self.rng.random_range(5..30);
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
        }
    }

    /// Sends a request again that was answered, and expects the same answer.
    pub async fn repeat(&mut self, request: &KeyedRequest, first: &Answer) -> Result<(), String> {
        let again = self.send(request).await?;
        self.counts.repeated += 1;
        expect_equal(request, first, &again)
    }

    /// One attempt at any of the servers.
    fn attempt(&mut self, request: &KeyedRequest) -> impl Future<Output = Received> + use<> {
        self.counts.sent += 1;
        let server: Option<SocketAddr> = self.servers.any(&mut self.rng);
        let bytes = server.map(|server| (server, request.bytes(server)));
        let length = bytes.as_ref().map_or(1, |(_, bytes)| bytes.len());
        let cut = Cut::random(length, &mut self.rng);
        let resets = self.rng.random_bool(0.5);
        async move {
            match bytes {
                Some((server, bytes)) => attempt::send(server, &bytes, cut, resets).await,
                None => Received::Lost,
            }
        }
    }
}

fn expect_final(request: &KeyedRequest, answer: &Answer) -> Result<(), String> {
    match answer.is_final() {
        true => Ok(()),
        false => Err(format!("{}: {}", describe(request), answer.text())),
    }
}

fn expect_equal(request: &KeyedRequest, one: &Answer, other: &Answer) -> Result<(), String> {
    match one == other {
        true => Ok(()),
        false => Err(format!(
            "{} has two answers:\n  {}\n  {}",
            describe(request),
            one.text(),
            other.text()
        )),
    }
}

fn describe(request: &KeyedRequest) -> String {
    format!("{} {} (key {})", request.path, request.body, request.key)
}
