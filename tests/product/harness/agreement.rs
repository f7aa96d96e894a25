//! Whether everything that holds a board says the same of it.

use std::time::Duration;

use savt::{
    db::Database,
    model::{Board, Slug},
    store,
};

use super::{app::Savt, page::Shown};

/// The tables read afresh, the log replayed from empty, the board in every SAVT's memory, and every page agree.
pub async fn agree(savts: &[&Savt]) {
    let stored = stored_whole(savts[0].database()).await;
    for savt in savts {
        assert_eq!(up_to_date(savt, stored.version()).await, stored);
        let page = savt.person().page().await;
        assert_eq!(page.shown, Shown::of(&stored));
        assert_eq!(page.stats, figures(&stored));
    }
}

/// The board at `/` out of its tables, which say what its log says.
pub async fn stored_whole(database: &Database) -> Board {
    let board = store::load(database, &Slug::main()).await.unwrap().unwrap();
    let events = store::events_after(database, board.id, 0).await.unwrap();
    let mut replayed = Board::new(board.id, board.slug.clone(), board.name.clone());
    for (event, number) in events.iter().zip(1..) {
        assert_eq!(event.number, number, "the numbers have a gap");
        replayed.apply(event);
    }
    assert_eq!(replayed, board);
    board
}

/// What a SAVT remembers, once it has heard of what others did.
async fn up_to_date(savt: &Savt, version: i64) -> Board {
    for _ in 0..30 {
        let board = savt.remembered().await;
        if board.version() >= version {
            return board;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    savt.remembered().await
}

fn figures(board: &Board) -> String {
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
