//! Boards that are being imported: they are written in many short transactions, so that nobody waits. Until they become visible
//! together, each has a slug that no address can have.

use diesel::prelude::*;

use super::{
    commit::{VersionUpdate, add_events, add_rows},
    epoch::new_epoch,
};
use crate::{
    db::{CommitOutcome, Database, Error, StatementBatch, schema::boards},
    model::{Board, BoardId, BoardRows, Change, Edit, Event, Slug, Timestamp},
};

/// What the slugs of boards begin with that are being imported or discarded. No address contains it.
const PREFIX: &str = "~";

/// The pattern of these slugs.
pub(super) const STAGED: &str = "~%";

/// A slug for such a board.
pub(super) fn staged_slug() -> String {
    format!("{PREFIX}{}", Slug::secret(rand::random()).as_str())
}

/// Whether a slug can be given to a board that is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlugState {
    Free,
    /// It is that of the board `main`, on which nothing has happened: every database has it.
    Untouched,
    /// It is that of a board that was deleted not long ago.
    Deleted,
    Taken,
}

pub async fn slug_state(database: &Database, slug: &Slug) -> Result<SlugState, Error> {
    let query = boards::table
        .filter(boards::slug.eq(slug.as_str().to_owned()))
        .select((boards::version, boards::deleted_at.is_not_null()));
    let found = database.read().await?.get::<(i64, bool), _>(query).await?;
    Ok(match found {
        None => SlugState::Free,
        Some((_, true)) => SlugState::Deleted,
        Some((0, false)) if slug.is_main() => SlugState::Untouched,
        Some(_) => SlugState::Taken,
    })
}

/// A board that is not visible yet. It is deleted some time after its last change unless it becomes visible.
pub struct StagedBoard {
    pub(super) id: BoardId,
    pub(super) slug: String,
}

impl StagedBoard {
    pub async fn create(database: &Database, at: Timestamp) -> Result<StagedBoard, Error> {
        let slug = staged_slug();
        let row = (
            boards::slug.eq(slug.clone()),
            boards::name.eq(String::new()),
            boards::created_at.eq(at),
            boards::epoch.eq(new_epoch().0),
        );
        let mut conn = database.write().await?;
        let insert = diesel::insert_into(boards::table).values(row);
        let id: Option<i64> = conn.get(insert.returning(boards::id)).await?;
        let id = id.ok_or_else(|| Error::Unusable("the new board has no id".to_owned()))?;
        conn.commit().await?;
        Ok(StagedBoard {
            id: BoardId(id),
            slug,
        })
    }

    pub fn id(&self) -> BoardId {
        self.id
    }

    /// Adds the next events to the log, in one transaction.
    pub async fn add_events(
        &self,
        database: &Database,
        events: &[Event],
        at: Timestamp,
    ) -> Result<(), Error> {
        let mut batch = StatementBatch::default();
        add_events(&mut batch, self.id.0, events)?;
        self.write(database, batch, at).await
    }

    /// Adds rows, in one transaction. Those that they refer to have to be there.
    pub async fn add_rows(
        &self,
        database: &Database,
        rows: &BoardRows,
        at: Timestamp,
    ) -> Result<(), Error> {
        let mut batch = StatementBatch::default();
        add_rows(&mut batch, self.id.0, [&insertion(rows)])?;
        self.write(database, batch, at).await
    }

    /// Sets what the table of boards says about the last event.
    pub async fn finish(&self, database: &Database, board: &Board) -> Result<(), Error> {
        let row = boards::table.filter(
            boards::id
                .eq(self.id.0)
                .and(boards::slug.eq(self.slug.clone())),
        );
        let mut conn = database.write().await?;
        let update = diesel::update(row).set(VersionUpdate::new(board));
        if conn.execute(update).await? != 1 {
            conn.rollback().await?;
            return Err(was_discarded());
        }
        conn.commit().await
    }

    /// Writes a batch and the time, by which other imports know that this one goes on.
    async fn write(
        &self,
        database: &Database,
        batch: StatementBatch,
        at: Timestamp,
    ) -> Result<(), Error> {
        let row = boards::table.filter(
            boards::id
                .eq(self.id.0)
                .and(boards::slug.eq(self.slug.clone())),
        );
        let guard = diesel::update(row).set(boards::created_at.eq(at));
        match database.transact(guard, batch).await? {
            CommitOutcome::Committed => Ok(()),
            CommitOutcome::GuardFailed => Err(was_discarded()),
            // Not as unavailable: the same batch must not be written again.
            CommitOutcome::Unknown(error) => Err(Error::Unusable(format!(
                "the database did not confirm a commit: {error}"
            ))),
        }
    }
}

pub(super) fn was_discarded() -> Error {
    let reason =
        "the import was interrupted for so long that another one has discarded it: run it again";
    Error::Unusable(reason.to_owned())
}

/// The change that inserts these rows.
fn insertion(rows: &BoardRows) -> Change {
    fn inserted<R: Clone>(rows: &[R]) -> Vec<Edit<R>> {
        let edits = rows.iter().map(|row| Edit {
            before: None,
            after: Some(row.clone()),
        });
        edits.collect()
    }
    Change {
        participants: inserted(&rows.participants),
        browsers: inserted(&rows.browsers),
        items: inserted(&rows.items),
        features: inserted(&rows.features),
        vetoes: inserted(&rows.vetoes),
        consents: inserted(&rows.consents),
        settings: inserted(&rows.settings),
    }
}
