//! `savt boards delete`: deletes boards with everything on them.

use std::io::Write;

use super::{
    super::{error::Error, output::output},
    confirm::confirm,
    summary::{self, count},
};
use crate::{
    board,
    cli::DeleteBoards,
    db::Database,
    model::Slug,
    store::{self, DeletionReason},
};

pub(super) async fn delete(database: &Database, options: DeleteBoards) -> Result<(), Error> {
    let mut found = Vec::new();
    let mut slugs = options.slugs;
    slugs.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    slugs.dedup();
    for slug in &slugs {
        found.extend(store::board_head(database, slug).await?);
    }
    if !found.is_empty() {
        if !options.yes {
            summary::write(&mut std::io::stderr(), &found)?;
        }
        let question = format!("Delete {} with everything on them?", count(found.len()));
        confirm(options.yes, &question)?;
    }
    let missing = delete_all(database, &slugs, DeletionReason::Requested).await?;
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Error::NoBoards(missing)),
    }
}

/// Deletes boards and says so; returns the addresses of those that do not exist, or that there is no reason to delete any more.
pub(in crate::commands) async fn delete_all(
    database: &Database,
    slugs: &[Slug],
    reason: DeletionReason,
) -> Result<Vec<String>, Error> {
    let mut out = output();
    let mut missing = Vec::new();
    for slug in slugs {
        let address = slug.as_str();
        match board::delete(database, slug, reason).await? {
            Some(deleted) if deleted.is_replaced => {
                writeln!(out, "emptied {address}, which always exists")?;
            }
            Some(_) => writeln!(out, "deleted {address}")?,
            None => missing.push(address.to_owned()),
        }
    }
    Ok(missing)
}
