//! A closed loop: several clients repeat one operation, each as soon as its previous one is complete. This measures the
//! maximum throughput of a server or a database.

use std::{io, mem, time::Duration};

use tokio::{runtime::Handle, time::Instant};

use super::{clock, percentiles::Percentiles};

/// A client with one operation to repeat.
pub trait Workload: Send + 'static {
    fn run_once(&mut self) -> impl Future<Output = io::Result<()>> + Send;
}

pub struct ClosedLoop<W> {
    clients: Vec<W>,
    /// The runtime of the clients.
    runtime: Handle,
    /// Operations per second of all clients, for each round.
    rates: Vec<f64>,
    /// Milliseconds of each operation.
    times: Vec<f64>,
    failures: usize,
}

impl<W: Workload> ClosedLoop<W> {
    pub fn new(runtime: &Handle, clients: Vec<W>) -> ClosedLoop<W> {
        ClosedLoop {
            clients,
            runtime: runtime.clone(),
            rates: Vec::new(),
            times: Vec::new(),
            failures: 0,
        }
    }

    /// Runs one round.
    pub async fn run_round(&mut self, duration: Duration) {
        let (begin, before) = (Instant::now(), self.times.len());
        let until = begin + duration;
        let tasks: Vec<_> = mem::take(&mut self.clients)
            .into_iter()
            .map(|client| self.runtime.spawn(repeat(client, until)))
            .collect();
        for task in tasks {
            let (client, times, failures) = task.await.unwrap();
            self.clients.push(client);
            self.times.extend(times);
            self.failures += failures;
        }
        let completed = self.times.len() - before;
        self.rates
            .push(completed as f64 / begin.elapsed().as_secs_f64());
    }

    /// Operations per second of all clients: the median of the rounds.
    pub fn per_second(&self) -> f64 {
        Percentiles::new(self.rates.iter().copied()).median()
    }

    /// Operations per second of all clients, for each round.
    pub fn rates(&self) -> &[f64] {
        &self.rates
    }

    /// Forgets the rounds so far, which only warmed up.
    pub fn forget_rounds(&mut self) {
        self.rates.clear();
        self.times.clear();
    }

    /// Operations in all rounds.
    pub fn count(&self) -> f64 {
        self.times.len() as f64
    }

    /// Milliseconds of each operation.
    pub fn times(&self) -> Percentiles {
        Percentiles::new(self.times.iter().copied())
    }

    /// The number of failures, for the report.
    pub fn error(&self) -> Option<String> {
        (self.failures > 0).then(|| format!("{} of {} failed", self.failures, self.times.len()))
    }
}

async fn repeat<W: Workload>(mut client: W, until: Instant) -> (W, Vec<f64>, usize) {
    let (mut times, mut failures) = (Vec::new(), 0);
    while Instant::now() < until {
        let begin = clock::now();
        if let Err(error) = client.run_once().await {
            eprintln!("{error}");
            failures += 1;
        }
        times.push(clock::ms_between(begin, clock::now()));
    }
    (client, times, failures)
}
