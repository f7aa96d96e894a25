//! Checks that tables, log, memory and pages hold the same board.

use std::time::Duration;

use savt::{
    db::Database,
    model::{Board, Slug},
    store,
};

use super::{app::Savt, page::BoardContent};

/// Asserts that the tables, the replayed log, the board in every server's memory and every page agree.
pub async fn assert_consistent(savts: &[&Savt]) {
    let stored = load_and_replay(savts[0].database()).await;
    for savt in savts {
        assert_eq!(board_at_version(savt, stored.version()).await, stored);
        let page = savt.person().page().await;
        assert_eq!(page.shown, BoardContent::from_board(&stored));
        assert_eq!(page.stats, stats_text(&stored));
    }
}

/// Loads the board `main` from its tables and asserts that its log replays to the same state.
pub async fn load_and_replay(database: &Database) -> Board {
    let board = store::load(database, &Slug::main()).await.unwrap().unwrap();
    let events = store::events_after(database, board.id, 0, usize::MAX);
    let events = events.await.unwrap().unwrap();
    let mut replayed = Board::new(board.id, board.slug.clone(), board.created_as().clone());
    replayed.epoch = board.epoch;
    for (event, number) in events.iter().zip(1..) {
        assert_eq!(event.number, number, "event numbers must be gapless");
        let was_agreed = replayed.is_agreed();
        replayed.apply(event);
        let makes_agreed = !was_agreed && replayed.is_agreed();
        assert_eq!(event.makes_agreed, makes_agreed, "event {number}");
    }
    assert_eq!(replayed, board);
    board
}

/// The board in a server's memory, once it has reached this version.
async fn board_at_version(savt: &Savt, version: i64) -> Board {
    for _ in 0..30 {
        let board = savt.board_in_memory().await;
        if board.version() >= version {
            return board;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    savt.board_in_memory().await
}

fn stats_text(board: &Board) -> String {
    let stats = board.stats();
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    };
    format!(
        "{}, {}, {} vetoed, {}",
        count(stats.items, "pizza", "pizzas"),
        count(stats.features, "topping", "toppings"),
        stats.vetoed,
        count(stats.people, "person", "people"),
    )
}
