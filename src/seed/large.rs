//! A board of a given size, to measure with.

use super::seeder::{Error, Seeder, name_of, suggest};
use crate::{
    board::Boards,
    model::{BoardAction, Command, Limit, Limits},
};

/// One feature in this many gets a veto.
const FEATURES_PER_VETO: usize = 10;

/// How large the board is to be.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub items: u32,
    /// Features per item.
    pub features: u32,
    pub people: u32,
}

impl Size {
    /// Compares the size with the limits of a board, before anything is written.
    fn check(self, limits: &Limits) -> Result<(), Error> {
        let items = self.items as usize;
        let sizes = [
            ("items", items, Limit::Items),
            (
                "features",
                items.saturating_mul(self.features as usize),
                Limit::Features,
            ),
            ("participants", self.people as usize, Limit::Participants),
        ];
        for (what, number, limit) in sizes {
            let max = limits.max(limit);
            if number > max {
                return Err(Error::TooLarge(format!(
                    "the board would have {number} {what}, and the limit is {max}: ask for less, or raise --max-{what} here and for `savt serve`"
                )));
            }
        }
        Ok(())
    }
}

/// Fills the board `main` up to this size. Keeps what it has already. Returns how many events were written.
pub async fn large(boards: &Boards, size: Size) -> Result<usize, Error> {
    size.check(boards.limits())?;
    let seeder = Seeder::open(boards).await?;
    let before = seeder.version().await;
    let person = |n: u32| format!("Person {}", n % size.people + 1);
    let names = (0..size.people).map(person);
    let renames = names.map(|name| (name.clone(), Command::Rename(name_of(&name))));
    seeder.execute_all(renames.collect()).await?;

    let snapshot = seeder.snapshot().await;
    let missing = (0..size.items)
        .map(|n| (n, name_of(&format!("{} {}", seeder.item_word, n + 1))))
        .filter(|(_, name)| snapshot.board.item_named(name).is_none());
    let items = missing.map(|(n, name)| {
        let kind = ["vegan", "vegetarian", "with meat"][n as usize % 3];
        (person(n), seeder.new_item(name, kind))
    });
    seeder.execute_all(items.collect()).await?;

    let snapshot = seeder.snapshot().await;
    let mut suggestions = Vec::new();
    for n in 0..size.items {
        let name = name_of(&format!("{} {}", seeder.item_word, n + 1));
        let Some(item) = snapshot.board.item_named(&name) else {
            continue;
        };
        for m in 0..size.features {
            let name = format!("{} {}", seeder.feature_word, m + 1);
            let existing = snapshot.board.feature_named(Some(item.id), &name_of(&name));
            if existing.is_none() {
                let suggestion = suggest(&name, i64::from(m % 3) + 1, Some(item.id));
                suggestions.push((person(n + m), suggestion.into()));
            }
        }
    }
    seeder.execute_all(suggestions).await?;

    let board = &seeder.snapshot().await.board;
    let features = board
        .items()
        .flat_map(|item| board.features_of(Some(item.id)));
    let vetoes = features
        .step_by(FEATURES_PER_VETO)
        .zip(0..)
        .map(|(feature, n)| (person(n), BoardAction::Veto(feature.id).into()));
    seeder.execute_all(vetoes.collect()).await?;
    Ok((seeder.version().await - before) as usize)
}
