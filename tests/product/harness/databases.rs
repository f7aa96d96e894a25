//! A separate database for each test, on either backend.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use savt::db::{Backend, Database, Settings};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::{machine, memory_folder::memory_folder, postgres::Cluster};

/// An argument of a test: a fresh database, or something created from one.
pub trait FromDatabase {
    async fn from_database(fresh: Fresh) -> Self;
}

impl FromDatabase for Fresh {
    async fn from_database(fresh: Fresh) -> Fresh {
        fresh
    }
}

/// Runs a test, an `async fn` with one [`FromDatabase`] argument, on each database: as `name::sqlite` and
/// `name::postgres`.
macro_rules! db_test {
    ($test:ident) => {
        mod $test {
            use crate::harness::databases;
            use savt::db::Backend;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                databases::run(Backend::Sqlite, super::$test).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                databases::run(Backend::Postgres, super::$test).await;
            }
        }
    };
}
pub(crate) use db_test;

/// Runs a test on one backend.
pub async fn run<G: FromDatabase, Test: Future<Output = ()>>(
    backend: Backend,
    test: fn(G) -> Test,
) {
    let fresh = Fresh::migrated(backend).await;
    test(G::from_database(fresh).await).await;
}

/// A database for one test, removed when dropped.
pub struct Fresh {
    url: String,
    storage: Storage,
}

enum Storage {
    Folder { _kept: TempDir },
    Cluster { name: String },
}

impl Fresh {
    /// A database with the current schema.
    pub async fn migrated(backend: Backend) -> Fresh {
        machine::share().await;
        match backend {
            Backend::Sqlite => {
                let fresh = Fresh::empty(backend).await;
                fresh.open().await.migrate().await.unwrap();
                fresh
            }
            Backend::Postgres => Fresh::in_cluster(template().await).await,
        }
    }

    /// A database without any tables.
    pub async fn empty(backend: Backend) -> Fresh {
        machine::share().await;
        match backend {
            Backend::Sqlite => {
                let folder = memory_folder();
                Fresh {
                    url: format!("sqlite:{}", folder.path().join("savt.db").display()),
                    storage: Storage::Folder { _kept: folder },
                }
            }
            Backend::Postgres => Fresh::in_cluster("template0").await,
        }
    }

    async fn in_cluster(template: &str) -> Fresh {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let cluster = Cluster::shared();
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        cluster.run("postgres", &sql).await.unwrap();
        Fresh {
            url: cluster.url(&name),
            storage: Storage::Cluster { name },
        }
    }

    /// Its URL, in the form that `--database-url` accepts.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name in the shared cluster. Panics on SQLite.
    pub fn name(&self) -> &str {
        match &self.storage {
            Storage::Cluster { name } => name,
            Storage::Folder { .. } => panic!("a SQLite file has no name in the cluster"),
        }
    }

    /// The default settings for it.
    pub fn settings(&self) -> Settings {
        Settings::new(self.url().parse().unwrap())
    }

    /// Opens a new pool with the default settings, as another process would.
    pub async fn open(&self) -> Database {
        Database::open(&self.settings()).await.unwrap()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let Storage::Cluster { name } = &self.storage else {
            return;
        };
        // A destructor cannot block on the test's runtime, so it uses a temporary one. A failure only costs disk space
        // until the cluster is removed.
        let sql = format!("DROP DATABASE {name} WITH (FORCE)");
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let _ =
                runtime.map(|runtime| runtime.block_on(Cluster::shared().run("postgres", &sql)));
        });
        let _ = dropped.join();
    }
}

/// A migrated database that serves as template: copying is faster than migrating for each test.
async fn template() -> &'static str {
    const NAME: &str = "migrated";
    static CREATED: OnceCell<()> = OnceCell::const_new();
    CREATED
        .get_or_init(|| async {
            let cluster = Cluster::shared();
            cluster
                .run("postgres", "CREATE DATABASE migrated")
                .await
                .unwrap();
            let settings = Settings::new(cluster.url(NAME).parse().unwrap());
            Database::open(&settings)
                .await
                .unwrap()
                .migrate()
                .await
                .unwrap();
            // PostgreSQL copies a template only while it has no connections.
            let others = "SELECT FROM pg_stat_activity WHERE datname = 'migrated'";
            let postgres = cluster.connect("postgres").await;
            while !postgres.query(others, &[]).await.unwrap().is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    NAME
}
