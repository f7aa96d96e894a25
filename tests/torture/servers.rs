//! The SAVT processes on one database, which are killed and started again while clients call them.

use std::{
    net::SocketAddr,
    ops::AddAssign,
    sync::{Arc, Mutex},
    thread::sleep,
    time::Duration,
};

use rand::{RngExt, rngs::StdRng};

use crate::{environment::Environment, harness::process::Process, report::Results};

/// Where the processes listen that run now. Cheap to clone.
#[derive(Clone, Default)]
pub struct Addresses(Arc<Mutex<Vec<SocketAddr>>>);

impl Addresses {
    /// One of them, if there is any.
    pub fn any(&self, rng: &mut StdRng) -> Option<SocketAddr> {
        let addresses = self.0.lock().unwrap();
        let count = addresses.len();
        (count > 0).then(|| addresses[rng.random_range(0..count)])
    }

    pub fn all(&self) -> Vec<SocketAddr> {
        self.0.lock().unwrap().clone()
    }
}

/// What was killed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kills {
    pub savt: u64,
    pub server_stopped: u64,
    pub server_killed: u64,
}

impl AddAssign for Kills {
    fn add_assign(&mut self, other: Kills) {
        self.savt += other.savt;
        self.server_stopped += other.server_stopped;
        self.server_killed += other.server_killed;
    }
}

pub struct Servers {
    processes: Vec<Process>,
    /// How many processes run, unless some were killed.
    count: usize,
    pub addresses: Addresses,
    pub kills: Kills,
}

impl Servers {
    pub fn start(count: usize, environment: &Environment, results: &mut Results) -> Servers {
        let mut servers = Servers {
            processes: Vec::new(),
            count,
            addresses: Addresses::default(),
            kills: Kills::default(),
        };
        servers.start_missing(environment, results);
        servers
    }

    /// Kills a process, or all of them, or the database server if there is one, and starts it again after a moment.
    pub fn break_something(
        &mut self,
        environment: &mut Environment,
        results: &mut Results,
        rng: &mut StdRng,
    ) {
        let pause = Duration::from_millis(rng.random_range(0..300));
        let fault = rng.random_range(0..4);
        match (fault, environment.server()) {
            (0, Some(server)) => {
                self.kills.server_stopped += 1;
                server.stop();
                sleep(pause);
                server.start_again();
            }
            (1, Some(server)) => {
                self.kills.server_killed += 1;
                server.crash();
                sleep(pause);
                server.start_again();
            }
            _ => {
                let killed = match rng.random_bool(0.3) {
                    true => self.processes.len(),
                    false => 1,
                };
                for _ in 0..killed {
                    let at = rng.random_range(0..self.processes.len());
                    self.kill(at, results);
                }
                sleep(pause);
                self.start_missing(environment, results);
            }
        }
    }

    /// Kills all processes and starts others.
    pub fn replace_all(&mut self, environment: &Environment, results: &mut Results) {
        self.kill_all(results);
        self.start_missing(environment, results);
    }

    /// Kills all processes.
    pub fn kill_all(&mut self, results: &mut Results) {
        while !self.processes.is_empty() {
            self.kill(0, results);
        }
    }

    fn kill(&mut self, at: usize, results: &mut Results) {
        let process = self.processes.remove(at);
        let log = process.log();
        process.kill();
        self.announce();
        self.kills.savt += 1;
        let faults = log.lines().filter(|line| is_fault(line));
        results.errors.extend(faults.map(str::to_owned));
    }

    fn start_missing(&mut self, environment: &Environment, results: &mut Results) {
        while self.processes.len() < self.count {
            let process = environment.start_savt(results);
            self.processes.push(process);
            self.announce();
        }
    }

    fn announce(&self) {
        let addresses = self.processes.iter().map(|process| process.address);
        *self.addresses.0.lock().unwrap() = addresses.collect();
    }
}

/// Whether a line of the log says that SAVT has a fault, and not that its database is away.
fn is_fault(line: &str) -> bool {
    let is_outage = line.contains("savt::log::outage:") || line.contains(" status=503 ");
    line.contains("panicked") || line.contains(" ERROR ") && !is_outage
}
