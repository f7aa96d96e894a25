//! The database, either a SQLite file or PostgreSQL, behind one interface: pools, connections, transactions, migrations,
//! and LISTEN/NOTIFY. Knows diesel and both databases; knows nothing of SAVT except the tables in [`schema`].

mod backend;
mod commit_outcome;
mod conn;
mod connect_error;
mod database;
mod error;
mod file_access;
mod group_commit;
mod listener;
mod metrics;
mod migrate;
mod notifier;
mod notify_connection;
mod outages;
mod password_file;
mod pool;
mod postgres;
mod postgres_check;
mod query;
pub mod schema;
mod session;
mod settings;
mod sqlite;
pub mod sqlite_file;
mod sqlstate;
mod statement_batch;
mod tls;
mod url;

pub use backend::Backend;
pub use commit_outcome::CommitOutcome;
pub use conn::{Conn, Transaction};
pub use database::Database;
pub use error::Error;
pub use listener::{ListenerEvent, NotificationListener};
pub use metrics::Metrics;
pub use migrate::{Migration, MigrationState};
pub use notifier::{Notification, Notifier};
pub use outages::Outages;
pub use pool::PoolState;
pub use query::{RowQuery, Statement, columns};
pub use settings::Settings;
pub use statement_batch::{Deferred, Prepared, StatementBatch};
pub use url::{Environment, Url};
