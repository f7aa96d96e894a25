//! Compares what clients were answered with what happened.

use std::collections::BTreeMap;

use diesel::prelude::*;
use savt::{
    db::{Database, Settings, schema::boards},
    model::Slug,
    store,
};

use super::effect;

/// How often something was answered, and how often it happened.
type Tally = BTreeMap<String, [u64; 2]>;

/// Compares the effects on each board with its log, and the boards that were made with those that exist.
pub async fn compare(
    url: &str,
    effects: &BTreeMap<String, Vec<String>>,
    made: Vec<(String, String)>,
    errors: &mut Vec<String>,
) {
    let settings = Settings::new(url.parse().unwrap());
    let database = Database::open(&settings).await.unwrap();
    for (slug, effects) in effects {
        let slug = Slug::parse(slug).expect("SAVT chose the slug");
        let board = store::load(&database, &slug).await.unwrap();
        let board = board.expect("the board of the clients exists");
        let log = store::events_after(&database, board.id, 0, usize::MAX);
        let log = log.await.unwrap().unwrap();
        let happened = log.iter().map(effect::of_event);
        let place = format!("board {}", board.id);
        compare_effects(&place, effects.iter().cloned(), happened, errors);
    }
    let mut conn = database.read().await.unwrap();
    let all = boards::table.select((boards::name, boards::slug));
    let mut all: Vec<(String, String)> = conn.load(all).await.unwrap();
    all.retain(|(_, slug)| slug != Slug::main().as_str() && !effects.contains_key(slug));
    let describe = |(name, slug): (String, String)| format!("{name} at {slug}");
    let (made, all) = (
        made.into_iter().map(describe),
        all.into_iter().map(describe),
    );
    compare_effects("boards", made, all, errors);
}

fn compare_effects(
    place: &str,
    answered: impl Iterator<Item = String>,
    happened: impl Iterator<Item = String>,
    errors: &mut Vec<String>,
) {
    let mut tally = Tally::new();
    for effect in answered {
        tally.entry(effect).or_default()[0] += 1;
    }
    for effect in happened {
        tally.entry(effect).or_default()[1] += 1;
    }
    for (effect, [answered, happened]) in tally {
        if answered != happened {
            errors.push(format!(
                "{place}: {effect}: answered {answered} times, happened {happened} times"
            ));
        }
    }
}
