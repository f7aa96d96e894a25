//! `savt boards expire`: deletes the boards on which nothing changes any more.

use std::io::Write;

use chrono::TimeDelta;

use super::{
    super::{error::Error, output::output},
    confirm::confirm,
    delete::delete_all,
    summary::{self, count},
};
use crate::{
    board::idle_since,
    cli::ExpireBoards,
    db::Database,
    model::{BoardId, Slug},
    store::{self, BoardHead, DeletionReason},
};

/// How many boards one query returns.
const BOARDS_PER_QUERY: i64 = 1_000;

pub(super) async fn expire(database: &Database, options: &ExpireBoards) -> Result<(), Error> {
    let idle = TimeDelta::from_std(options.idle).unwrap_or(TimeDelta::MAX);
    let since = idle_since(idle);
    let mut boards: Vec<BoardHead> = Vec::new();
    loop {
        let after = boards.last().map_or(BoardId(i64::MIN), |board| board.id);
        let page = store::idle_boards(database, since, after, BOARDS_PER_QUERY).await?;
        if page.is_empty() {
            break;
        }
        boards.extend(page);
    }
    if boards.is_empty() {
        writeln!(output(), "no board is idle for that long")?;
        return Ok(());
    }
    if options.dry_run {
        summary::write(&mut output(), &boards)?;
        return Ok(());
    }
    if !options.yes {
        summary::write(&mut std::io::stderr(), &boards)?;
    }
    let question = format!("Delete {} with everything on them?", count(boards.len()));
    confirm(options.yes, &question)?;
    let slugs = boards.iter().filter_map(|board| Slug::parse(&board.slug));
    let slugs: Vec<Slug> = slugs.collect();
    // A board that was changed meanwhile stays.
    delete_all(database, &slugs, DeletionReason::IdleSince(since)).await?;
    Ok(())
}
