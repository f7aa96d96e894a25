//! Several who each do one thing again and again for some time, as soon as the last was answered: what a server or a database
//! holds at most.

use std::{io, mem, time::Duration};

use tokio::{runtime::Handle, time::Instant};

use super::{clock, spread::Spread};

/// Someone with one thing to do.
pub trait Actor: Send + 'static {
    fn act(&mut self) -> impl Future<Output = io::Result<()>> + Send;
}

pub struct Team<A> {
    actors: Vec<A>,
    /// Where they run.
    on: Handle,
    /// Of each round, how often all of them together did it in a second.
    rates: Vec<f64>,
    /// Milliseconds of each time.
    times: Vec<f64>,
    failures: usize,
}

impl<A: Actor> Team<A> {
    pub fn on(on: &Handle, actors: Vec<A>) -> Team<A> {
        Team {
            actors,
            on: on.clone(),
            rates: Vec::new(),
            times: Vec::new(),
            failures: 0,
        }
    }

    /// One round.
    pub async fn go(&mut self, time: Duration) {
        let (begin, before) = (Instant::now(), self.times.len());
        let until = begin + time;
        let acting: Vec<_> = mem::take(&mut self.actors)
            .into_iter()
            .map(|actor| self.on.spawn(again(actor, until)))
            .collect();
        for one in acting {
            let (actor, times, failures) = one.await.unwrap();
            self.actors.push(actor);
            self.times.extend(times);
            self.failures += failures;
        }
        let done = self.times.len() - before;
        self.rates.push(done as f64 / begin.elapsed().as_secs_f64());
    }

    /// How often all of them together did it in a second: the median of the rounds.
    pub fn per_second(&self) -> f64 {
        Spread::of(self.rates.iter().copied()).median()
    }

    /// How often they did it in all rounds.
    pub fn count(&self) -> f64 {
        self.times.len() as f64
    }

    /// Milliseconds it took.
    pub fn times(&self) -> Spread {
        Spread::of(self.times.iter().copied())
    }

    /// In words, for the report.
    pub fn wrong(&self) -> Option<String> {
        (self.failures > 0).then(|| format!("{} of {} failed", self.failures, self.times.len()))
    }
}

async fn again<A: Actor>(mut actor: A, until: Instant) -> (A, Vec<f64>, usize) {
    let (mut times, mut failures) = (Vec::new(), 0);
    while Instant::now() < until {
        let begin = clock::now();
        if let Err(error) = actor.act().await {
            eprintln!("{error}");
            failures += 1;
        }
        times.push(clock::ms(begin, clock::now()));
    }
    (actor, times, failures)
}
