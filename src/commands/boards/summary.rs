//! Says which boards a command is about.

use std::io::{self, Write};

use super::table::{self, Align};
use crate::{model::Timestamp, store::BoardHead};

/// Writes a line for each board.
pub(super) fn write(out: &mut impl Write, boards: &[BoardHead]) -> io::Result<()> {
    let rows: Vec<_> = boards.iter().map(row).collect();
    let columns = [
        ("slug", Align::Left),
        ("name", Align::Left),
        ("events", Align::Right),
        ("last change", Align::Left),
    ];
    table::write(out, columns, &rows)
}

fn row(board: &BoardHead) -> [String; 4] {
    [
        board.slug.clone(),
        board.name.to_string(),
        board.events.to_string(),
        to_the_minute(board.changed),
    ]
}

/// A time in UTC.
pub(super) fn to_the_minute(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// `1 board`, `2 boards`.
pub(super) fn count(boards: usize) -> String {
    match boards {
        1 => "1 board".to_owned(),
        _ => format!("{boards} boards"),
    }
}
