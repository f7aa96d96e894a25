//! What the operator does to a board in a round: real commands, one after the other or two at once, and some of them killed.

use std::{sync::Arc, time::Duration};

use rand::{RngExt, rngs::StdRng};
use tokio::{join, time::sleep};

use super::{
    board_file::BoardFile,
    command::{Outcome, Ran, run},
    files::Files,
    operator_report::OperatorReport,
    state::{Operation, What},
    subject::{Forgotten, Subject},
};

/// How many of the commands are killed, and within how many milliseconds.
const KILLED: f64 = 0.4;
const KILLED_WITHIN: u64 = 250;

pub struct Operator {
    pub url: String,
    pub subject: Arc<Subject>,
    pub files: Arc<Files>,
    pub rng: StdRng,
    pub report: OperatorReport,
}

/// What may be done at the same time as something else.
#[derive(Clone, Copy)]
enum Task {
    Delete,
    Import,
    Replace,
    Forget,
}

impl Operator {
    pub async fn work(mut self) -> OperatorReport {
        self.pause(1_000).await;
        self.export().await;
        for _ in 0..self.rng.random_range(1..5) {
            self.pause(300).await;
            match self.rng.random_range(0..7) {
                0 => self.export().await,
                1 | 2 => self.at_once(&[Task::Forget]).await,
                3 => self.close().await,
                4 => self.import_damaged().await,
                5 => self.at_once(&[Task::Import]).await,
                _ => self.copy().await,
            }
        }
        self.pause(300).await;
        match self.rng.random_range(0..11) {
            0..3 => self.at_once(&[Task::Delete]).await,
            3 | 4 => self.at_once(&[Task::Replace]).await,
            5 => self.at_once(&[Task::Delete, Task::Replace]).await,
            6 => self.at_once(&[Task::Replace, Task::Replace]).await,
            7 => self.at_once(&[Task::Forget, Task::Delete]).await,
            8 => self.at_once(&[Task::Forget, Task::Replace]).await,
            9 => self.at_once(&[Task::Delete, Task::Delete]).await,
            _ => {}
        }
        if self.rng.random_bool(0.4) {
            // Often of a board that was deleted.
            self.pause(300).await;
            self.at_once(&[Task::Import]).await;
        }
        self.report
    }

    async fn pause(&mut self, up_to_ms: u64) {
        let pause = self.rng.random_range(0..up_to_ms);
        sleep(Duration::from_millis(pause)).await;
    }

    async fn export(&mut self) {
        let path = self.files.next();
        let slug = self.subject.slug.clone();
        let ran = self.run(&["export", &slug, path.to_str().unwrap()]).await;
        match (ran.outcome, BoardFile::read(&path)) {
            (_, Some(file)) => self.subject.files.lock().unwrap().push(Arc::new(file)),
            (Outcome::Done, None) => {
                let error = format!("{}: the file is not whole", ran.text());
                self.report.errors.push(error);
            }
            _ => {}
        }
    }

    async fn close(&mut self) {
        let slug = self.subject.slug.clone();
        self.run(&["boards", "close", &slug, "--outcome", "Closed by force"])
            .await;
    }

    /// Whatever the address is, nothing of such a file is imported.
    async fn import_damaged(&mut self) {
        let Some(file) = self.some_file() else {
            return;
        };
        let path = self.files.next();
        file.damaged(&path, &mut self.rng);
        let how = match self.rng.random_bool(0.5) {
            true => "--replace",
            false => "--new-address",
        };
        let ran = self.run(&["import", path.to_str().unwrap(), how]).await;
        if ran.outcome == Outcome::Done {
            let error = format!("a damaged file was imported: {}", ran.text());
            self.report.errors.push(error);
        }
    }

    async fn copy(&mut self) {
        let Some(file) = self.some_file() else {
            return;
        };
        let ran = self
            .run(&["import", file.arguments(), "--new-address"])
            .await;
        self.report.add_copy(&ran, &file);
    }

    /// Does one thing, or two at the same time.
    async fn at_once(&mut self, tasks: &[Task]) {
        self.subject.disturb();
        let mut prepared = Vec::new();
        for task in tasks {
            prepared.extend(self.prepare(*task));
        }
        let mut ran = Vec::new();
        match prepared.as_slice() {
            [(_, one), (_, other)] => {
                let kills = [self.kill_after(), self.kill_after()];
                let (one, other) = (texts(one), texts(other));
                let both = join!(
                    run(&self.url, &one, kills[0]),
                    run(&self.url, &other, kills[1])
                );
                ran.extend([both.0, both.1]);
                ran.iter().for_each(|ran| self.report.add(ran));
            }
            [(_, one)] => ran.push(self.run(&texts(one)).await),
            _ => {}
        }
        let texts = ran.iter().map(Ran::text);
        self.subject.history.lock().unwrap().extend(texts);
        let mut group = Vec::new();
        for ((aim, _), ran) in prepared.into_iter().zip(ran) {
            match aim {
                Aim::Address(what) => group.push(Operation { what, ran }),
                Aim::Person(name) => self.subject.forget(Forgotten {
                    name,
                    outcome: ran.outcome,
                    span: ran.span,
                }),
            }
        }
        if !group.is_empty() {
            self.subject.operations.lock().unwrap().push(group);
        }
    }

    /// What a task is about, and the arguments of its command; none if it cannot be done.
    fn prepare(&mut self, task: Task) -> Option<(Aim, Vec<String>)> {
        let slug = self.subject.slug.as_str();
        let (aim, arguments) = match task {
            Task::Delete => (
                Aim::Address(What::Delete),
                ["boards", "delete", slug, "--yes"]
                    .map(str::to_owned)
                    .to_vec(),
            ),
            Task::Forget => {
                let people = self.subject.people.lock().unwrap().clone();
                let name = people.get(self.rng.random_range(0..people.len().max(1)))?;
                let arguments = ["boards", "forget", slug, name, "--yes"];
                (
                    Aim::Person(name.clone()),
                    arguments.map(str::to_owned).to_vec(),
                )
            }
            Task::Import => {
                let file = self.some_file()?;
                let arguments = ["import", file.arguments()].map(str::to_owned).to_vec();
                (Aim::Address(What::Import(file)), arguments)
            }
            Task::Replace => {
                let file = self.some_file()?;
                let arguments = ["import", file.arguments(), "--replace"];
                let arguments = arguments.map(str::to_owned).to_vec();
                (Aim::Address(What::Replace(file)), arguments)
            }
        };
        Some((aim, arguments))
    }

    fn some_file(&mut self) -> Option<Arc<BoardFile>> {
        let files = self.subject.files.lock().unwrap().clone();
        files
            .get(self.rng.random_range(0..files.len().max(1)))
            .cloned()
    }

    async fn run(&mut self, arguments: &[&str]) -> Ran {
        let kill_after = self.kill_after();
        let ran = run(&self.url, arguments, kill_after).await;
        self.report.add(&ran);
        ran
    }

    fn kill_after(&mut self) -> Option<Duration> {
        let after = Duration::from_millis(self.rng.random_range(0..KILLED_WITHIN));
        self.rng.random_bool(KILLED).then_some(after)
    }
}

enum Aim {
    Address(What),
    Person(String),
}

fn texts(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}
