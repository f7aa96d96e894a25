//! Boards that were read, first out of sight, and then visible all at once.

use super::{import_error::ImportError, patience::patiently};
use crate::{
    db::{Database, Notification},
    model::{BoardId, Slug, Timestamp},
    store::{self, Publication, PublishError},
};

/// A board that was imported, or would be.
pub struct Imported {
    /// The slug in the file.
    pub from: Slug,
    pub to: Slug,
    pub events: i64,
    /// Whether it replaces a board on which something has happened.
    pub replaces: bool,
    /// Whether people are recognized by their browsers.
    pub has_browsers: bool,
}

/// A file that was read and checked. Nothing of it is visible yet.
pub struct Prepared {
    pub boards: Vec<Imported>,
    pub(super) publications: Vec<Publication>,
}

/// Boards that have become visible.
pub struct Published {
    pub boards: Vec<Imported>,
    /// Boards that are no longer visible.
    replaced: Vec<BoardId>,
}

impl Prepared {
    /// Makes all boards visible, in one transaction. If that replaces boards, the processes that serve them get the notification with it.
    ///
    /// # Errors
    /// A slug was taken meanwhile, or the database fails. Then none becomes visible, and what was written is deleted.
    pub async fn publish(
        self,
        database: &Database,
        now: fn() -> Timestamp,
        notification: &Notification,
    ) -> Result<Published, ImportError> {
        let Prepared {
            boards,
            publications,
        } = self;
        let published = match patiently(|| database.write()).await {
            Ok(transaction) => {
                store::publish(transaction, &publications, now(), notification).await
            }
            Err(error) => Err(error.into()),
        };
        match published {
            Ok(replaced) => Ok(Published { boards, replaced }),
            Err(error) => {
                let staged = publications.iter();
                discard(database, staged.map(|publication| publication.staged.id())).await;
                Err(match error {
                    PublishError::Taken(index) => {
                        ImportError::Taken(publications[index].slug.clone())
                    }
                    PublishError::Database(error) => error.into(),
                })
            }
        }
    }
}

impl Published {
    /// Deletes the boards that were replaced.
    pub async fn discard_replaced(&self, database: &Database) {
        discard(database, self.replaced.iter().copied()).await;
    }
}

/// Deletes boards that are not visible. The next import deletes what remains.
pub(super) async fn discard(database: &Database, boards: impl Iterator<Item = BoardId>) {
    for board in boards {
        let discarded = patiently(|| store::discard_board(database, board)).await;
        if let Err(error) = discarded {
            tracing::warn!(%board, %error, "cannot delete what is no longer needed; the next import does");
        }
    }
}
