//! Brings the database schema to the version that this program needs, or checks that it has it.

use super::error::Error;
use crate::db::{Database, Migration, MigrationState};

/// Applies the missing migrations. A schema that is newer than this program is an error and stays as it is.
pub(super) async fn migrate_to_latest(database: &Database) -> Result<(), Error> {
    for migration in database.migrate().await? {
        tracing::info!(migration = migration.name, "applied a migration");
    }
    require_current(database).await
}

pub(super) async fn require_current(database: &Database) -> Result<(), Error> {
    check(&database.migration_status().await?)
}

/// The same over a connection that only reads.
pub(super) async fn require_current_read_only(database: &Database) -> Result<(), Error> {
    check(&database.migration_status_read_only().await?)
}

fn check(migrations: &[Migration]) -> Result<(), Error> {
    let any = |state| migrations.iter().any(|migration| migration.state == state);
    if any(MigrationState::Pending) {
        Err(Error::OldSchema)
    } else if any(MigrationState::Unknown) {
        Err(Error::NewerSchema)
    } else {
        Ok(())
    }
}
