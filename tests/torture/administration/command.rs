//! A command of the operator: the real program as a child process, perhaps killed before it ends.

use std::{
    io::Read,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::harness::process::program;

/// The longest time of a command, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(120);

/// What it says when its database does not answer.
const OUTAGES: [&str; 3] = [
    "the database is unavailable",
    "did not confirm a commit",
    "migration failed: connection closed",
];

/// How long a commit may take whose client was killed.
const LAST_COMMIT: Duration = Duration::from_millis(500);

/// What the program says when it refuses something, and has changed nothing.
const REFUSALS: [&str; 7] = [
    "there is no board ",
    "there is a board ",
    "there is no participant of this name",
    " was closed before, by ",
    // Of a damaged file.
    ".jsonl: line ",
    "no board is idle for that long",
    // An export at the same time.
    "the board was replaced or restored meanwhile: try again",
];

/// From before something began until after it ended.
pub type Span = (Instant, Instant);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Nothing was changed.
    Refused,
    /// It was killed, or its database failed: done completely, or not at all.
    Unknown,
}

/// A command that has ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Its arguments.
    pub command: String,
    pub outcome: Outcome,
    pub is_killed: bool,
    pub span: Span,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Whether the database did not answer. On SQLite, others may use it for too long.
    pub fn is_outage(&self) -> bool {
        OUTAGES.iter().any(|outage| self.err.contains(outage))
    }

    /// In one line.
    pub fn text(&self) -> String {
        let (out, err) = (self.out.trim_end(), self.err.trim_end());
        format!("savt {}: {:?}: {out} {err}", self.command, self.outcome)
    }
}

/// Runs a command on a database, and kills it after a while if it has not ended.
pub async fn run(url: &str, arguments: &[&str], kill_after: Option<Duration>) -> Ran {
    let command = arguments.join(" ");
    let mut all: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
    all.extend(["--database-url".to_owned(), url.to_owned()]);
    let running = tokio::task::spawn_blocking(move || run_blocking(command, &all, kill_after));
    running.await.unwrap()
}

fn run_blocking(command: String, arguments: &[String], kill_after: Option<Duration>) -> Ran {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let begin = Instant::now();
    let mut child = program(&arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The output is short, so a pipe holds all of it.
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(begin.elapsed() < TIMEOUT, "savt {command} does not end");
        if kill_after.is_some_and(|after| begin.elapsed() >= after) {
            child.kill().unwrap();
            let status = child.wait().unwrap();
            // PostgreSQL may still carry out a commit that was sent.
            sleep(LAST_COMMIT);
            break status;
        }
        sleep(Duration::from_millis(2));
    };
    let end = Instant::now();
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.unwrap().read_to_string(&mut out).unwrap();
    child.stderr.unwrap().read_to_string(&mut err).unwrap();
    let is_refused = |text: &str| REFUSALS.iter().any(|refusal| text.contains(refusal));
    let outcome = match status.code() {
        Some(0) if is_refused(&out) => Outcome::Refused,
        Some(0) => Outcome::Done,
        Some(1) if is_refused(&err) => Outcome::Refused,
        _ => Outcome::Unknown,
    };
    Ran {
        command,
        outcome,
        is_killed: status.code().is_none(),
        span: (begin, end),
        out,
        err,
    }
}
