//! A copy of a fixture with its expected content. Knows nothing of the tests.

use std::{fmt::Display, fs, path::PathBuf};

use chrono::NaiveDateTime;
use savt::db::{Backend, Database};

use crate::harness::{
    databases::{Fresh, FromDatabase},
    postgres::Cluster,
};

/// A copy of a fixture, migrated to today's schema.
pub(super) struct OldDatabase {
    pub(super) fresh: Fresh,
    pub(super) database: Database,
    /// The expected content as text.
    expected: String,
}

impl FromDatabase for OldDatabase {
    async fn from_database(migrated: Fresh) -> OldDatabase {
        let backend = migrated.open().await.backend();
        let fresh = Fresh::empty(backend).await;
        let expected = match backend {
            Backend::Sqlite => {
                let file = fresh.url().strip_prefix("sqlite:").unwrap();
                fs::copy(fixture("schema-0003.db"), file).unwrap();
                "schema-0003.sqlite.txt"
            }
            Backend::Postgres => {
                let sql = fs::read_to_string(fixture("schema-0003.sql")).unwrap();
                Cluster::shared().run(fresh.name(), &sql).await.unwrap();
                "schema-0003.postgres.txt"
            }
        };
        let database = fresh.open().await;
        database.migrate().await.unwrap();
        OldDatabase {
            fresh,
            database,
            expected: fs::read_to_string(fixture(expected)).unwrap(),
        }
    }
}

fn fixture(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/product/fixtures");
    PathBuf::from(folder).join(name)
}

impl OldDatabase {
    /// The lines below a heading, up to an empty one.
    pub(super) fn expected(&self, heading: &str) -> Vec<&str> {
        let mut lines = self.expected.lines();
        lines
            .find(|line| line.starts_with(&format!("{heading}: ")))
            .unwrap();
        lines.take_while(|line| !line.is_empty()).collect()
    }

    /// The columns of each event: board, number, at, actor, name of the actor, action, change, undone event.
    pub(super) fn expected_events(&self) -> Vec<[&str; 8]> {
        let lines = self.expected("events").into_iter();
        lines
            .map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
            .collect()
    }

    pub(super) fn assert_rows(&self, heading: &str, rows: &[String]) {
        assert_eq!(rows, self.expected(heading), "{heading}");
    }
}

pub(super) fn line(columns: &[&dyn Display]) -> String {
    let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
    columns.join("\t")
}

pub(super) fn time(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

pub(super) fn or_null<T: Display>(value: &Option<T>) -> String {
    value.as_ref().map_or("NULL".to_owned(), T::to_string)
}
