//! A board as a few lines of text, so that a test can show what it means:
//! `Margherita (vegan): Basil×2, Olives vetoed by Ann (too salty) and Bob`.

use savt::model::{Board, Feature, ItemId};

pub(super) fn of(board: &Board) -> Vec<String> {
    let items = board.items().map(|item| {
        let kind = item.kind.as_ref();
        let kind = kind.map_or(String::new(), |kind| format!(" ({kind})"));
        line(board, Some(item.id), format!("{}{kind}", item.name))
    });
    let free = board.features_of(None).next();
    let free = free.map(|_| line(board, None, "free".to_owned()));
    items.chain(free).collect()
}

fn line(board: &Board, owner: Option<ItemId>, head: String) -> String {
    let features: Vec<String> = board
        .features_of(owner)
        .map(|feature| one(board, feature))
        .collect();
    match features.is_empty() {
        true => head,
        false => format!("{head}: {}", features.join(", ")),
    }
}

fn one(board: &Board, feature: &Feature) -> String {
    let amount = match feature.amount.get() {
        1 => String::new(),
        more => format!("×{more}"),
    };
    let people = board.vetoers(feature.id).zip(board.vetoes_of(feature.id));
    let vetoers: Vec<String> = people
        .map(|(person, veto)| match &veto.reason {
            Some(reason) => format!("{} ({reason})", person.name),
            None => person.name.to_string(),
        })
        .collect();
    let vetoed = match vetoers.is_empty() {
        true => String::new(),
        false => format!(" vetoed by {}", vetoers.join(" and ")),
    };
    format!("{}{amount}{vetoed}", feature.name)
}
