//! `savt boards forget`: erases a participant of a board.

use std::io::Write;

use super::{
    super::{error::Error, output::output},
    confirm::confirm,
};
use crate::{
    board,
    cli::ForgetParticipant,
    db::Database,
    store::{self, Whom},
};

/// What the command cannot reach.
const NOT_REACHED: &str = "not reached: backups, exports and messages that were sent before, pages that browsers have kept, and what others \
     wrote: names of items and features, purposes, notes, outcomes, reasons";

pub(super) async fn forget(database: &Database, options: ForgetParticipant) -> Result<(), Error> {
    let ForgetParticipant { slug, name, yes } = options;
    let Some(head) = store::board_head(database, &slug).await? else {
        return Err(Error::NoBoards(vec![slug.as_str().to_owned()]));
    };
    let question = format!(
        "Forget {name} on {}, in all of its {} events? This cannot be undone.",
        head.name, head.events
    );
    confirm(yes, &question)?;
    let forgotten = board::forget(database, head.id, Whom::Named(name)).await?;
    let forgotten = forgotten.ok_or(Error::NoParticipant)?;
    let events = match forgotten.events {
        1 => "1 event was".to_owned(),
        events => format!("{events} events were"),
    };
    let mut out = output();
    writeln!(
        out,
        "the participant is {} now; {events} rewritten",
        forgotten.name
    )?;
    writeln!(out, "{NOT_REACHED}")?;
    Ok(())
}
