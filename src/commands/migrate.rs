//! `savt migrate`: applies, lists or reverts database migrations.

use std::io::Write;

use super::{database, error::Error, output::output};
use crate::{
    board,
    cli::{Migrate, MigrateTask},
    db::MigrationState,
};

pub(super) async fn migrate(options: Migrate) -> Result<(), Error> {
    let database = database::open(&options.database).await?;
    let mut out = output();
    match options.task.unwrap_or(MigrateTask::Up) {
        MigrateTask::Up => {
            let applied = database.migrate().await?;
            for migration in &applied {
                writeln!(out, "applied {}", migration.name)?;
            }
            if applied.is_empty() {
                writeln!(out, "the schema is up to date")?;
            }
        }
        MigrateTask::Status => {
            for migration in database.migration_status().await? {
                let state = match migration.state {
                    MigrationState::Applied => "applied",
                    MigrationState::Pending => "pending",
                    MigrationState::Unknown => "unknown to this version of savt",
                };
                writeln!(out, "{}  {state}", migration.name)?;
            }
        }
        MigrateTask::Down => match database.revert_last().await? {
            Some(migration) => writeln!(out, "reverted {}", migration.name)?,
            None => writeln!(out, "there is no migration to revert")?,
        },
        MigrateTask::Epoch => {
            let boards = board::renew_epochs(&database).await?;
            writeln!(out, "boards with a new epoch: {boards}")?;
        }
    }
    Ok(())
}
