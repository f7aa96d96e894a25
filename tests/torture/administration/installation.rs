//! SAVT with its boards, its operator and the receiver of its webhooks, for some rounds.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::{Client, Method};
use savt::{
    db::{Backend, Database, Settings},
    model::Slug,
    store,
};
use serde_json::json;
use tokio::{
    task::{JoinHandle, block_in_place},
    time::sleep,
};

use super::{
    board_file::BoardFile,
    call::{Called, call, client},
    files::Files,
    idle_board::{IdleBoard, expire},
    operator::Operator,
    operator_report::{Copy, OperatorReport},
    person::Person,
    subject::Subject,
};
use crate::{
    environment::Environment,
    harness::{receiver::Receiver, signature::SECRET},
    report::Results,
    servers::Servers,
};

/// Boards that are written and administered at the same time.
const BOARDS: usize = 3;
/// People on each of them.
const PEOPLE: usize = 3;
/// The longest time until SAVT makes a board, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

pub struct Installation {
    pub(super) environment: Environment,
    pub(super) servers: Servers,
    pub(super) receiver: Receiver,
    pub(super) files: Arc<Files>,
    pub(super) client: Client,
    pub(super) subjects: Vec<Arc<Subject>>,
    /// Imported to new addresses.
    pub(super) copies: Vec<Copy>,
    /// Files that were perhaps imported to an address that nobody was told.
    pub(super) uncertain_copies: Vec<Arc<BoardFile>>,
    /// Boards on which nothing had changed for years, and that still exist, or not.
    pub(super) idle_boards: Vec<IdleBoard>,
}

impl Installation {
    pub async fn start(mut environment: Environment, results: &mut Results) -> Installation {
        let files = Arc::new(Files::new());
        let secret = files.next();
        std::fs::write(&secret, SECRET).unwrap();
        let receiver = Receiver::start().await;
        let options = [
            "--webhook",
            &receiver.url("/"),
            "--webhook-secret-file",
            secret.to_str().unwrap(),
            "--webhook-allow-private",
            "--expire-boards",
            "365d",
        ];
        environment.options = options.map(str::to_owned).to_vec();
        let processes = match results.backend {
            Backend::Sqlite => 1,
            Backend::Postgres => 2,
        };
        let servers = block_in_place(|| Servers::start(processes, &environment, results));
        Installation {
            environment,
            servers,
            receiver,
            files,
            client: client(),
            subjects: Vec::new(),
            copies: Vec::new(),
            uncertain_copies: Vec::new(),
            idle_boards: Vec::new(),
        }
    }

    /// People write and the operator works, while something is killed. Returns the boards.
    pub async fn run_round(
        &mut self,
        results: &mut Results,
        rng: &mut StdRng,
    ) -> Vec<Arc<Subject>> {
        let mut working = self.live_subjects();
        while working.len() < BOARDS {
            let subject = self.make_board(rng).await;
            self.subjects.push(subject.clone());
            working.push(subject);
        }
        let stop = Arc::new(AtomicBool::new(false));
        let people: Vec<_> = working
            .iter()
            .flat_map(|subject| vec![subject; PEOPLE])
            .map(|subject| {
                let rng = StdRng::seed_from_u64(rng.random());
                let (client, servers) = (self.client.clone(), self.servers.addresses.clone());
                let person = Person::new(client, servers, subject.clone(), rng, stop.clone());
                tokio::spawn(person.run())
            })
            .collect();
        let operators: Vec<JoinHandle<_>> = working
            .iter()
            .map(|subject| {
                let operator = Operator {
                    url: self.environment.url.clone(),
                    subject: subject.clone(),
                    files: self.files.clone(),
                    rng: StdRng::seed_from_u64(rng.random()),
                    report: OperatorReport::default(),
                };
                tokio::spawn(operator.work())
            })
            .collect();
        let expiring = {
            let (url, files) = (self.environment.url.clone(), self.files.clone());
            let callers = (self.client.clone(), self.servers.addresses.clone());
            let (subject, stop) = (working[0].clone(), stop.clone());
            let rng = StdRng::seed_from_u64(rng.random());
            tokio::spawn(async move {
                // Until the first export is done. All may be killed.
                loop {
                    let file = subject.files.lock().unwrap().first().cloned();
                    if let Some(file) = file {
                        return Some(expire(&url, callers, file, &files, rng).await);
                    }
                    if stop.load(Ordering::Relaxed) {
                        return None;
                    }
                    sleep(Duration::from_millis(20)).await;
                }
            })
        };
        let is_working = || operators.iter().any(|operator| !operator.is_finished());
        loop {
            let until = Instant::now() + Duration::from_millis(rng.random_range(100..1_500));
            while is_working() && Instant::now() < until {
                sleep(Duration::from_millis(5)).await;
            }
            if !is_working() {
                break;
            }
            self.break_something(results, rng).await;
        }
        let mut reports = Vec::new();
        for operator in operators {
            reports.push(operator.await.unwrap());
        }
        stop.store(true, Ordering::Relaxed);
        if let Some((report, idle)) = expiring.await.unwrap() {
            reports.push(report);
            self.idle_boards.extend(idle);
        }
        for person in people {
            results.errors.extend(person.await.unwrap().err());
        }
        for report in reports {
            self.add(report, results);
        }
        working
    }

    /// Kills the receiver, a process or the database server, and starts it again.
    async fn break_something(&mut self, results: &mut Results, rng: &mut StdRng) {
        if rng.random_bool(0.25) {
            self.receiver.kill();
            sleep(Duration::from_millis(rng.random_range(0..300))).await;
            self.receiver.start_again();
            results.administration.receiver_killed += 1;
        } else {
            let (servers, environment) = (&mut self.servers, &mut self.environment);
            block_in_place(|| servers.break_something(environment, results, rng));
        }
    }

    pub(super) fn add(&mut self, report: OperatorReport, results: &mut Results) {
        results.administration += report.counts;
        self.copies.extend(report.copies);
        self.uncertain_copies.extend(report.uncertain_copies);
        results.errors.extend(report.errors);
    }

    pub(super) fn live_subjects(&self) -> Vec<Arc<Subject>> {
        let subjects = self.subjects.iter().filter(|subject| !subject.is_deleted());
        subjects.cloned().collect()
    }

    pub(super) fn some_file(&self, rng: &mut StdRng) -> Option<Arc<BoardFile>> {
        let files = self
            .subjects
            .iter()
            .flat_map(|subject| subject.files.lock().unwrap().clone());
        let files: Vec<_> = files.collect();
        files.get(rng.random_range(0..files.len().max(1))).cloned()
    }

    async fn make_board(&self, rng: &mut StdRng) -> Arc<Subject> {
        let begin = Instant::now();
        loop {
            let server = self.servers.addresses.any(rng);
            let body = json!({ "name": "Torture" });
            let made = call(&self.client, server, (Method::POST, "/boards"), "", &body).await;
            if let Called::Done(board) = made {
                let slug = board["slug"].as_str().unwrap().to_owned();
                let database = self.database().await;
                let stored = store::stored_board(&database, &Slug::parse(&slug).unwrap()).await;
                let has_peers = database.backend() == Backend::Postgres;
                return Subject::new(slug, stored.unwrap().unwrap().id.0, has_peers);
            }
            assert!(begin.elapsed() < TIMEOUT, "SAVT makes no board");
            sleep(Duration::from_millis(100)).await;
        }
    }

    pub(super) async fn database(&self) -> Database {
        let settings = Settings::new(self.environment.url.parse().unwrap());
        Database::open(&settings).await.unwrap()
    }
}
