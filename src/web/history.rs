//! The history of a board, and undo.

use poem::{Response, Result, handler};

use super::{
    answer::{self, name_today},
    error::Problem,
    visit::Visit,
};
use crate::{
    model::{Refusal, Target},
    store,
    view::{self, history::Entry},
};

/// Events on one page of the history.
const PAGE: usize = 50;

#[handler]
pub(super) async fn show(visit: Visit) -> Result<Response> {
    let snapshot = visit.read().await;
    let before = visit.query("before").and_then(|number| number.parse().ok());
    let before = before.unwrap_or(i64::MAX);
    let database = visit.app.boards.database();
    let found = store::events_before(database, snapshot.board.id, before, PAGE as i64 + 1).await;
    let mut found = found.map_err(|error| Problem::of_database(&error))?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let older = found.last().filter(|_| more).map(|last| last.event.number);
    let entries: Vec<Entry> = found
        .into_iter()
        .map(|entry| Entry {
            by: name_today(&snapshot, &entry.event),
            event: entry.event,
            undone_by: entry.undone_by,
        })
        .collect();
    let page = view::history::page(&snapshot.board, &entries, older, &snapshot.site);
    Ok(answer::page(page.into_string()))
}

#[handler]
pub(super) async fn undo(visit: Visit) -> Result<Response> {
    let number = visit.id()?;
    let board = visit.read().await.board.id;
    let event = store::event(visit.app.boards.database(), board, number)
        .await
        .map_err(|error| Problem::of_database(&error))?
        .ok_or_else(|| {
            let unknown = Refusal::Unknown(Target::Event(number));
            Problem::of_refusal(&unknown)
        })?;
    let done = visit.wish(visit.app.identity.undo(event)).await?;
    Ok(answer::done(&visit, &done, None))
}
