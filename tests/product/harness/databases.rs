//! A database for one test: fresh, migrated, its own, on either backend.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use savt::db::{Backend, Database, Settings};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::{machine, postgres::Cluster};

/// What a test starts from: a fresh database, or something that stands on one.
pub trait Given {
    async fn given(fresh: Fresh) -> Self;
}

impl Given for Fresh {
    async fn given(fresh: Fresh) -> Fresh {
        fresh
    }
}

/// Runs a test, an `async fn` of something [`Given`], once on each database: as `name::sqlite` and `name::postgres`.
macro_rules! on_both {
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
pub(crate) use on_both;

/// Runs a test on one of them.
pub async fn run<G: Given, Test: Future<Output = ()>>(backend: Backend, test: fn(G) -> Test) {
    let fresh = Fresh::migrated(backend).await;
    test(G::given(fresh).await).await;
}

/// A database of its own, removed when dropped.
pub struct Fresh {
    url: String,
    place: Place,
}

enum Place {
    Folder { _kept: TempDir },
    Cluster { name: String },
}

impl Fresh {
    /// One with SAVT's tables.
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

    /// One with nothing in it.
    pub async fn empty(backend: Backend) -> Fresh {
        machine::share().await;
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                Fresh {
                    url: format!("sqlite:{}", folder.path().join("savt.db").display()),
                    place: Place::Folder { _kept: folder },
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
            place: Place::Cluster { name },
        }
    }

    /// Its address, as a user would give it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name in the shared cluster; the test is for PostgreSQL.
    pub fn name(&self) -> &str {
        match &self.place {
            Place::Cluster { name } => name,
            Place::Folder { .. } => panic!("a file has no name in the cluster"),
        }
    }

    /// The usual settings for it.
    pub fn settings(&self) -> Settings {
        Settings::new(self.url().parse().unwrap())
    }

    /// Opens it with the usual settings, as another process would, each time.
    pub async fn open(&self) -> Database {
        Database::open(&self.settings()).await.unwrap()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let Place::Cluster { name } = &self.place else {
            return;
        };
        // A destructor cannot wait inside the test's runtime: it takes another, for a moment. What goes
        // wrong here costs disk space until the cluster is removed.
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

/// A migrated database to copy: that is faster than migrating one for each test.
async fn template() -> &'static str {
    const NAME: &str = "migrated";
    static MADE: OnceCell<()> = OnceCell::const_new();
    MADE.get_or_init(|| async {
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
        // PostgreSQL copies only what nobody is connected to.
        let others = "SELECT FROM pg_stat_activity WHERE datname = 'migrated'";
        let postgres = cluster.connect("postgres").await;
        while !postgres.query(others, &[]).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    NAME
}
