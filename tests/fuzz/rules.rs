//! People who wish what they like of a board in memory, by whatever number: what is refused changes nothing, and what holds
//! after each wish of the drawn players (`tests/product/rules/`) holds here too.

#[path = "../product/rules/picture.rs"]
#[allow(dead_code)]
mod picture;
#[path = "../product/rules/table.rs"]
#[allow(dead_code)]
mod table;
mod turn;
#[path = "../product/rules/watch.rs"]
mod watch;
#[path = "../product/rules/whole.rs"]
mod whole;

use savt::model::{Deed, Kind, Name, Reason, Rows, Wish, decide};

use table::{Table, browser};
pub use turn::Turns;
use turn::{Turn, Want};
use watch::Watch;

/// Plays them, on a new board.
pub fn run(turns: Turns) {
    let mut table = Table::empty();
    let mut elsewhere = Table::empty();
    let mut watch = Watch::default();
    let mut links = Vec::new();
    for turn in turns.0 {
        if let Want::UndoForeign(number) = turn.want {
            undo_foreign(&table, &elsewhere, &turn, number);
            continue;
        }
        let Some(wish) = turn.wish(&table, &mut links) else {
            continue;
        };
        let who = turn.who();
        if turn.elsewhere {
            // Of what comes of it there only the events are wanted.
            let _ = elsewhere.wish(who, wish);
            continue;
        }
        let before = table.board.clone();
        let said = table.wish(who, wish.clone());
        watch.see(&before, &table, &wish, &said);
    }
    watch.end(&table);
    all_is_readable(&table.rows());
}

/// An event of another board: no promise is made of what comes of it, but that the board stays whole.
fn undo_foreign(table: &Table, elsewhere: &Table, turn: &Turn, number: u8) {
    let Some(event) = turn::pick(&elsewhere.events, number) else {
        return;
    };
    let wish = Wish::Do(Deed::Undo(Box::new(event.clone())));
    if let Ok(decision) = decide(&table.board, &browser(turn.who()), &wish, table.now()) {
        let events = [&table.events[..], &decision.events].concat();
        whole::check(&decision.board, &events);
    }
}

/// Rule 1: whatever the rules made of what was typed, it can be typed.
fn all_is_readable(rows: &Rows) {
    let people = rows.participants.iter().map(|row| &row.name);
    let items = rows.items.iter().map(|row| &row.name);
    let features = rows.features.iter().map(|row| &row.name);
    for name in people.chain(items).chain(features) {
        assert_eq!(Name::parse(name.as_str()).as_ref(), Ok(name));
    }
    for kind in rows.items.iter().filter_map(|row| row.kind.as_ref()) {
        assert_eq!(Kind::parse(kind.as_str()), Ok(Some(kind.clone())));
    }
    for reason in rows.vetoes.iter().filter_map(|row| row.reason.as_ref()) {
        assert_eq!(Reason::parse(reason.as_str()), Ok(Some(reason.clone())));
    }
}
