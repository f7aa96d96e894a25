//! What every measurement is given: databases of its own, and the report.

use std::{fs, path::PathBuf};

use savt::db::Backend;
use tempfile::TempDir;

use super::{
    machine,
    postgres::{Cluster, Options},
    process::{Board, Process, seed_demo},
    report::Report,
};

pub const BOTH: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

pub struct Bench {
    wanted: Vec<String>,
    pub report: Report,
    /// Where the files of SQLite are: on the disk the program was built on, since a folder for temporary files may be in memory.
    folder: TempDir,
    postgres: Option<Cluster>,
    databases: usize,
}

impl Bench {
    /// For the things named, or for all.
    pub fn new(wanted: Vec<String>) -> Bench {
        machine::allow_many_files();
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let folder = target.with_file_name("bench");
        fs::create_dir_all(&folder).unwrap();
        Bench {
            wanted,
            folder: tempfile::tempdir_in(&folder).unwrap(),
            report: Report::into(folder),
            postgres: None,
            databases: 0,
        }
    }

    pub fn wants(&self, thing: &str) -> bool {
        let wanted = self.wanted.is_empty() || self.wanted.iter().any(|word| word == thing);
        if wanted {
            eprintln!("measuring {thing}");
        }
        wanted
    }

    /// A file that vanishes with the bench.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The address of a SQLite database with the demo in it.
    pub fn demo(&self) -> String {
        let url = format!("sqlite:{}", self.file("demo.db").display());
        seed_demo(&url);
        url
    }

    /// The address of a new database with a board in it. What it answers is on the disk.
    pub async fn seeded(&mut self, backend: Backend, board: Board) -> String {
        self.databases += 1;
        let name = format!("bench_{}", self.databases);
        let url = match backend {
            Backend::Sqlite => {
                let file = self.file(&format!("{name}.db"));
                format!("sqlite:{}", file.display())
            }
            Backend::Postgres => {
                let sql = format!("CREATE DATABASE {name}");
                self.postgres().run("postgres", &sql).await.unwrap();
                self.postgres().url(&name)
            }
        };
        board.seed(&url);
        url
    }

    /// A SAVT with a board, on a database of its own.
    pub async fn savt(&mut self, backend: Backend, board: Board) -> Process {
        Process::savt(&self.seeded(backend, board).await)
    }

    /// Does the same to a SAVT on each database, and to a bare server beside them.
    pub async fn everywhere<R>(
        &mut self,
        board: Board,
        run: impl AsyncFn(&Process) -> R,
    ) -> (Vec<(&'static str, R)>, R) {
        let mut runs = Vec::new();
        for backend in BOTH {
            let savt = self.savt(backend, board).await;
            runs.push((named(backend), run(&savt).await));
        }
        (runs, run(&Process::bare(1_000)).await)
    }

    pub fn postgres(&mut self) -> &Cluster {
        let durable = Options {
            durable: true,
            ..Options::default()
        };
        self.postgres
            .get_or_insert_with(|| Cluster::start(&durable))
    }
}

pub fn named(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    }
}
