//! People who act: each vetoes a feature, takes the veto back, and goes on to the next.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until};

use super::{
    clock,
    connection::{Answer, Connection},
    process::SMALL,
    spread::Spread,
    team::Actor,
};

/// The cookie of the browser of this number, as a header.
pub fn token(number: usize) -> String {
    format!("Cookie: savt={number:032x}\r\n")
}

/// From one feature to the next: people meet all parts of a board.
const STRIDE: usize = 7;

pub struct Person {
    connection: Connection,
    headers: String,
    /// How many features the board has: their numbers are 1 to that.
    features: usize,
    /// The one to veto, or to take the veto back from.
    feature: usize,
    vetoed: bool,
    /// The page this browser has.
    etag: Option<String>,
}

/// A change that was answered. Times are the clock's.
#[derive(Clone, Copy)]
pub struct Write {
    /// The board's version with it.
    pub version: i64,
    pub sent: u64,
    pub answered: u64,
}

/// What came of changes asked for.
#[derive(Default)]
pub struct Played {
    pub writes: Vec<Write>,
    pub failures: usize,
}

impl Person {
    /// The person at the browser of this number, who has done something already, so as not to be new.
    pub async fn come(address: SocketAddr, number: usize, features: usize) -> Person {
        let mut person = Person {
            connection: Connection::to(address).await.unwrap(),
            headers: format!("{}HX-Request: true\r\nContent-Length: 0\r\n", token(number)),
            features,
            feature: number * STRIDE % features,
            vetoed: false,
            etag: None,
        };
        for _ in 0..2 {
            person.act().await.unwrap();
        }
        person
    }

    /// So many of them, on a small board.
    pub async fn several(address: SocketAddr, people: usize) -> Vec<Person> {
        let mut all = Vec::new();
        for number in 0..people {
            all.push(Person::come(address, number, SMALL.features()).await);
        }
        all
    }

    /// Vetoes, or takes the last veto back.
    pub async fn act(&mut self) -> io::Result<Write> {
        let number = self.feature + 1;
        let what = if self.vetoed { "unveto" } else { "veto" };
        if self.vetoed {
            self.feature = (self.feature + STRIDE) % self.features;
        }
        self.vetoed = !self.vetoed;
        let path = format!("/features/{number}/{what}");
        let sent = clock::now();
        let answer = self.connection.ask("POST", &path, &self.headers).await?;
        let answered = clock::now();
        match answer {
            Answer {
                status: 200,
                version: Some(version),
                ..
            } => Ok(Write {
                version,
                sent,
                answered,
            }),
            Answer { status, .. } => Err(io::Error::other(format!("{path}: {status}"))),
        }
    }

    /// Loads the board's page; whether it was the one this browser has already.
    pub async fn load(&mut self) -> io::Result<bool> {
        let mut headers = self.headers.replace("HX-Request: true\r\n", "");
        if let Some(etag) = &self.etag {
            headers += &format!("If-None-Match: {etag}\r\n");
        }
        let answer = self.connection.ask("GET", "/", &headers).await?;
        match answer.status {
            200 => {
                self.etag = answer.etag;
                Ok(false)
            }
            304 => Ok(true),
            status => Err(io::Error::other(format!("/: {status}"))),
        }
    }
}

impl Actor for Person {
    async fn act(&mut self) -> io::Result<()> {
        Person::act(self).await.map(drop)
    }
}

/// Several people in turn make so many changes a second for some time, whatever the answers take.
pub async fn play(people: &mut [Person], per_second: u32, time: Duration) -> Played {
    let gap = Duration::from_secs(1) / per_second;
    let rounds = (time.as_secs_f64() * f64::from(per_second) / people.len() as f64) as u32;
    let turn = gap * people.len() as u32;
    let begin = Instant::now() + gap;
    let acting = people
        .iter_mut()
        .zip(0..)
        .map(|(person, number)| async move {
            let mut played = Played::default();
            for round in 0..rounds {
                sleep_until(begin + gap * number + turn * round).await;
                match person.act().await {
                    Ok(write) => played.writes.push(write),
                    Err(error) => {
                        eprintln!("{error}");
                        played.failures += 1;
                    }
                }
            }
            played
        });
    let mut all = Played::default();
    for played in join_all(acting).await {
        all.writes.extend(played.writes);
        all.failures += played.failures;
    }
    all
}

impl Played {
    /// Milliseconds from each wish to its answer.
    pub fn answers(&self) -> Spread {
        let writes = self.writes.iter();
        Spread::of(writes.map(|write| clock::ms(write.sent, write.answered)))
    }

    /// The last version that was answered.
    pub fn last(&self) -> i64 {
        let versions = self.writes.iter().map(|write| write.version);
        versions.max().unwrap_or_default()
    }
}
