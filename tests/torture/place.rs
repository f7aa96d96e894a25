//! A database that is killed, and the SAVT on it.

use std::{
    path::{Path, PathBuf},
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
    report::Figures,
};

pub struct Place {
    pub url: String,
    store: Store,
    process: Option<Process>,
}

enum Store {
    Folder(TempDir),
    Cluster(Box<Cluster>, String),
}

impl Place {
    /// With nothing in it, on a disk, by a PostgreSQL that is there already if there is one.
    pub async fn new(backend: Backend, cluster: Option<Box<Cluster>>) -> Place {
        match backend {
            Backend::Sqlite => {
                Place::in_folder(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
            }
            Backend::Postgres => {
                static NUMBER: AtomicU32 = AtomicU32::new(1);
                let cluster = cluster.unwrap_or_else(durable_server);
                let name = format!("torture_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
                let sql = format!("CREATE DATABASE {name}");
                cluster.run("postgres", &sql).await.unwrap();
                Place {
                    url: cluster.url(&name),
                    store: Store::Cluster(cluster, name),
                    process: None,
                }
            }
        }
    }

    fn in_folder(folder: TempDir) -> Place {
        Place {
            url: url_in(folder.path()),
            store: Store::Folder(folder),
            process: None,
        }
    }

    /// Starts SAVT, and kills it before it may have come far.
    pub fn start_and_kill(&self, after_ms: u64, figures: &mut Figures) {
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
        figures.killed_at_start += 1;
    }

    /// The SAVT that runs here, started if none does.
    pub fn savt(&mut self, figures: &mut Figures) -> &Process {
        let url = &self.url;
        self.process.get_or_insert_with(|| {
            let begun = Instant::now();
            let process = Process::serve(url);
            figures.slowest_start = figures.slowest_start.max(begun.elapsed());
            process
        })
    }

    pub fn kill_savt(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// The server under SAVT, where there is one.
    pub fn server(&mut self) -> Option<&mut Cluster> {
        match &mut self.store {
            Store::Folder(_) => None,
            Store::Cluster(cluster, _) => Some(cluster),
        }
    }

    /// Ends, and takes all away, unless something was wrong and somebody wants to look. Gives the server back.
    pub async fn end(mut self, fine: bool) -> Option<Box<Cluster>> {
        self.kill_savt();
        match self.store {
            Store::Folder(folder) if fine => drop(folder),
            Store::Folder(folder) => eprintln!("kept: {}", folder.keep().display()),
            Store::Cluster(cluster, name) => {
                let sql = format!("DROP DATABASE {name} WITH (FORCE)");
                cluster.run("postgres", &sql).await.unwrap();
                return Some(cluster);
            }
        }
        None
    }
}

/// A PostgreSQL that writes to the disk at each commit.
pub fn durable_server() -> Box<Cluster> {
    let durable = Options {
        durable: true,
        ..Options::default()
    };
    Box::new(Cluster::start(&durable))
}

/// The address of a database in a folder.
fn url_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("savt.db").display())
}

/// A disk that is soon full: some megabytes of memory.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// None where this may not be mounted.
    pub fn mount() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]);
        let mounted = mount.arg(folder.path()).stderr(Stdio::null()).status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(SmallDisk { folder })
    }

    /// The address of a new database on it, with nothing in it: a file, or one of this server.
    pub async fn database(&self, server: Option<&Cluster>) -> String {
        let Some(server) = server else {
            return url_in(self.folder.path());
        };
        let tables = self.folder.path().join("tables");
        std::fs::create_dir(&tables).unwrap();
        server.own(&tables);
        let place = tables.display();
        for sql in [
            format!("CREATE TABLESPACE small LOCATION '{place}'"),
            "CREATE DATABASE small TABLESPACE small".to_owned(),
        ] {
            server.run("postgres", &sql).await.unwrap();
        }
        server.url("small")
    }

    /// Takes the database away, on which nothing may run any more.
    pub async fn end(self, server: Option<&Cluster>) {
        if let Some(server) = server {
            for sql in ["DROP DATABASE small WITH (FORCE)", "DROP TABLESPACE small"] {
                server.run("postgres", sql).await.unwrap();
            }
        }
    }

    /// Leaves so many bytes free.
    pub fn fill_up_to(&self, free: u64) {
        let disk = rustix::fs::statvfs(self.folder.path()).unwrap();
        let ballast = (disk.f_bavail * disk.f_frsize).saturating_sub(free);
        // Writers may have been quicker: then it is full already.
        let _ = std::fs::write(self.ballast(), vec![1; ballast as usize]);
    }

    pub fn make_room(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let mut umount = std::process::Command::new("umount");
        // Lazily: what still has a file open there ends soon.
        let _ = umount.arg("--lazy").arg(self.folder.path()).status();
    }
}
