//! `savt boards`: lists boards, and does what only the operator may do with them. Servers may use the database meanwhile.

mod close;
mod confirm;
mod delete;
mod expire;
mod forget;
mod list;
mod summary;
mod table;

pub(super) use delete::delete_all;

use super::{database, error::Error, schema::require_current};
use crate::{
    cli::{Boards, BoardsTask, DatabaseOptions, ListBoards},
    db::Database,
};

pub(super) async fn boards(options: Boards) -> Result<(), Error> {
    if options.task.is_some() && options.list != ListBoards::default() {
        return Err(Error::MisplacedListOptions);
    }
    let database = open(&options.database).await?;
    match options.task {
        None => list::list(&database, &options.list).await,
        Some(BoardsTask::List(list)) => list::list(&database, &list).await,
        Some(BoardsTask::Delete(delete)) => delete::delete(&database, delete).await,
        Some(BoardsTask::Expire(expire)) => expire::expire(&database, &expire).await,
        Some(BoardsTask::Close(close)) => close::close(database, close).await,
        Some(BoardsTask::Forget(forget)) => forget::forget(&database, forget).await,
    }
}

/// Opens a database that exists and has the current schema.
pub(super) async fn open(options: &DatabaseOptions) -> Result<Database, Error> {
    let settings = database::settings(options)?;
    let open = || Database::open_existing(&settings);
    let database = database::when_ready(options.db_start_wait, open).await?;
    require_current(&database).await?;
    Ok(database)
}
