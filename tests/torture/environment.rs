//! A database and the SAVT process that uses it; both can be killed.

use std::{
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use savt::db::Backend;
use tempfile::TempDir;

use crate::{
    harness::{
        postgres::{Cluster, Options},
        process::{Process, program},
    },
    report::Results,
};

/// The clients create items for as long as the test runs, so the board must not be full before.
const LIMITS: [&str; 6] = [
    "--max-items",
    "1000000",
    "--max-features",
    "1000000",
    "--max-participants",
    "1000000",
];

pub struct Environment {
    pub url: String,
    /// Options of all SAVT processes, besides those of the limits.
    pub options: Vec<String>,
    storage: Storage,
    process: Option<Process>,
}

enum Storage {
    Folder(TempDir),
    Cluster(Box<Cluster>, String),
}

impl Environment {
    /// A new database on disk. On PostgreSQL it uses the given server, or starts one.
    pub async fn new(backend: Backend, cluster: Option<Box<Cluster>>) -> Environment {
        match backend {
            Backend::Sqlite => {
                Environment::on_sqlite(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
            }
            Backend::Postgres => {
                static NUMBER: AtomicU32 = AtomicU32::new(1);
                let cluster = cluster.unwrap_or_else(durable_server);
                let name = format!("torture_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
                let sql = format!("CREATE DATABASE {name}");
                cluster.run("postgres", &sql).await.unwrap();
                Environment {
                    url: cluster.url(&name),
                    options: Vec::new(),
                    storage: Storage::Cluster(cluster, name),
                    process: None,
                }
            }
        }
    }

    fn on_sqlite(folder: TempDir) -> Environment {
        Environment {
            url: sqlite_url(folder.path()),
            options: Vec::new(),
            storage: Storage::Folder(folder),
            process: None,
        }
    }

    /// Starts SAVT and kills it, possibly during its start.
    pub fn start_and_kill(&self, after_ms: u64, results: &mut Results) {
        let serve = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--database-url",
            &self.url,
        ];
        let mut command = program(&serve);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        sleep(Duration::from_millis(after_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        results.killed_at_start += 1;
    }

    /// Starts a SAVT process of the caller.
    pub fn start_savt(&self, results: &mut Results) -> Process {
        start_savt(&self.url, &self.options, results)
    }

    /// The SAVT process, started if it does not run.
    pub fn savt(&mut self, results: &mut Results) -> &Process {
        let (url, options) = (&self.url, &self.options);
        self.process
            .get_or_insert_with(|| start_savt(url, options, results))
    }

    pub fn kill_savt(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// The database server, if there is one.
    pub fn server(&mut self) -> Option<&mut Cluster> {
        match &mut self.storage {
            Storage::Folder(_) => None,
            Storage::Cluster(cluster, _) => Some(cluster),
        }
    }

    /// Stops SAVT and deletes the database. Keeps the SQLite files after an error. Returns the server for reuse.
    pub async fn end(mut self, passed: bool) -> Option<Box<Cluster>> {
        self.kill_savt();
        match self.storage {
            Storage::Folder(folder) if passed => drop(folder),
            Storage::Folder(folder) => eprintln!("kept: {}", folder.keep().display()),
            Storage::Cluster(cluster, name) => {
                let sql = format!("DROP DATABASE {name} WITH (FORCE)");
                cluster.run("postgres", &sql).await.unwrap();
                return Some(cluster);
            }
        }
        None
    }
}

fn start_savt(url: &str, options: &[String], results: &mut Results) -> Process {
    let begin = Instant::now();
    let options = options.iter().map(String::as_str);
    let options: Vec<&str> = LIMITS.into_iter().chain(options).collect();
    let process = Process::serve_with(&options, url);
    results.slowest_start = results.slowest_start.max(begin.elapsed());
    process
}

/// A PostgreSQL server that flushes to disk at each commit.
pub fn durable_server() -> Box<Cluster> {
    let durable = Options {
        durable: true,
        ..Options::default()
    };
    Box::new(Cluster::start(&durable))
}

/// The URL of a SQLite database in a folder.
pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("savt.db").display())
}
