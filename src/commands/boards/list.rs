//! `savt boards list`: what there is.

use std::io::Write;

use chrono::TimeDelta;
use serde_json::json;

use super::{
    super::{error::Error, output::output},
    summary::to_the_minute,
    table::{self, Align},
};
use crate::{
    board::{idle_since, now},
    cli::{ListBoards, ListedState, SortBoards},
    db::Database,
    model::Timestamp,
    store::{self, BoardState, ListedBoard},
};

const COLUMNS: [(&str, Align); 8] = [
    ("slug", Align::Left),
    ("name", Align::Left),
    ("state", Align::Left),
    ("people", Align::Right),
    ("items", Align::Right),
    ("events", Align::Right),
    ("bytes", Align::Right),
    ("last change", Align::Left),
];

pub(super) async fn list(database: &Database, options: &ListBoards) -> Result<(), Error> {
    let mut boards = store::board_list(database, now()).await?;
    boards.retain(|board| is_listed(board, options));
    sort(&mut boards, options.sort);
    if options.reverse {
        boards.reverse();
    }
    let mut out = output();
    if options.json {
        let boards = boards.iter().map(to_json).collect();
        writeln!(out, "{:#}", serde_json::Value::Array(boards))?;
    } else {
        let rows: Vec<_> = boards.iter().map(row).collect();
        table::write(&mut out, COLUMNS, &rows)?;
    }
    Ok(())
}

fn is_listed(board: &ListedBoard, options: &ListBoards) -> bool {
    let state = match options.state {
        None => true,
        Some(ListedState::Open) => board.state == BoardState::Open,
        Some(ListedState::Agreed) => board.state == BoardState::Agreed,
        Some(ListedState::Closed) => board.state == BoardState::Closed,
    };
    let idle = options.idle.is_none_or(|idle| {
        let idle = TimeDelta::from_std(idle).unwrap_or(TimeDelta::MAX);
        board.head.changed < idle_since(idle)
    });
    let name = options.name.as_ref().is_none_or(|part| {
        let name = board.head.name.as_str().to_lowercase();
        name.contains(&part.to_lowercase())
    });
    state && idle && name
}

/// Boards that are equal keep the order in which they were created.
fn sort(boards: &mut [ListedBoard], by: SortBoards) {
    match by {
        SortBoards::Created => {}
        SortBoards::Slug => boards.sort_by(|one, other| one.head.slug.cmp(&other.head.slug)),
        SortBoards::Name => {
            boards.sort_by_cached_key(|board| board.head.name.as_str().to_lowercase())
        }
        SortBoards::State => boards.sort_by_key(|board| board.state),
        SortBoards::People => boards.sort_by_key(|board| board.people),
        SortBoards::Items => boards.sort_by_key(|board| board.items),
        SortBoards::Events => boards.sort_by_key(|board| board.head.events),
        SortBoards::Bytes => boards.sort_by_key(|board| board.bytes),
        SortBoards::Changed => boards.sort_by_key(|board| board.head.changed),
    }
}

fn row(board: &ListedBoard) -> [String; 8] {
    let head = &board.head;
    [
        head.slug.clone(),
        head.name.to_string(),
        board.state.name().to_owned(),
        board.people.to_string(),
        board.items.to_string(),
        head.events.to_string(),
        board.bytes.to_string(),
        to_the_minute(head.changed),
    ]
}

fn to_json(board: &ListedBoard) -> serde_json::Value {
    let time = |at: Timestamp| {
        at.and_utc()
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    };
    let head = &board.head;
    json!({
        "slug": head.slug,
        "name": head.name.as_str(),
        "state": board.state.name(),
        "people": board.people,
        "items": board.items,
        "events": head.events,
        "bytes": board.bytes,
        "created": time(head.created),
        "changed": time(head.changed),
    })
}
