//! The context of every benchmark: fresh databases and servers, and the report.

use std::{fs, path::PathBuf};

use savt::db::Backend;
use tempfile::TempDir;

use super::{
    machine,
    postgres::{Cluster, Options},
    process::{BoardSize, Process, seed_demo},
    report::Report,
};

pub const BACKENDS: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

pub struct Bench {
    selected: Vec<String>,
    pub report: Report,
    /// The folder of the SQLite files. It is in the target folder, because the system's temporary folder may be in memory.
    folder: TempDir,
    postgres: Option<Cluster>,
    databases: usize,
}

impl Bench {
    /// Runs the benchmarks of these names, or all if there are none.
    pub fn new(selected: Vec<String>) -> Bench {
        machine::raise_nofile_limit();
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let folder = target.with_file_name("bench");
        fs::create_dir_all(&folder).unwrap();
        Bench {
            selected,
            folder: tempfile::tempdir_in(&folder).unwrap(),
            report: Report::new(folder),
            postgres: None,
            databases: 0,
        }
    }

    pub fn is_selected(&self, name: &str) -> bool {
        let selected = self.selected.is_empty() || self.selected.iter().any(|other| other == name);
        if selected {
            eprintln!("measuring {name}");
        }
        selected
    }

    /// A file that is deleted at the end.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The URL of a SQLite database with the demo board.
    pub fn demo(&self) -> String {
        let url = format!("sqlite:{}", self.file("demo.db").display());
        seed_demo(&url);
        url
    }

    /// The URL of a new database with a board. Acknowledged changes are on disk.
    pub async fn seeded(&mut self, backend: Backend, board: BoardSize) -> String {
        let url = self.empty(backend).await;
        board.seed(&url);
        url
    }

    /// The URL of a new database without tables.
    pub async fn empty(&mut self, backend: Backend) -> String {
        self.databases += 1;
        let name = format!("bench_{}", self.databases);
        match backend {
            Backend::Sqlite => {
                let file = self.file(&format!("{name}.db"));
                format!("sqlite:{}", file.display())
            }
            Backend::Postgres => {
                let sql = format!("CREATE DATABASE {name}");
                self.postgres().run("postgres", &sql).await.unwrap();
                self.postgres().url(&name)
            }
        }
    }

    /// SAVT with a board, on a new database.
    pub async fn savt(&mut self, backend: Backend, board: BoardSize) -> Process {
        Process::savt(&self.seeded(backend, board).await)
    }

    /// Runs a benchmark against SAVT on each database, and against the bare server.
    pub async fn run_on_all<R>(
        &mut self,
        board: BoardSize,
        run: impl AsyncFn(&Process) -> R,
    ) -> (Vec<(&'static str, R)>, R) {
        let mut runs = Vec::new();
        for backend in BACKENDS {
            let savt = self.savt(backend, board).await;
            runs.push((backend_name(backend), run(&savt).await));
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

pub fn backend_name(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    }
}
