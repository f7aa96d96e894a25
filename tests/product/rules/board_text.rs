//! A board as a few lines of text, for readable expectations in tests:
//! `Margherita (vegan): Basil×2, Olives vetoed by Ann (too salty) and Bob, when Capers`.

use savt::model::{Board, Feature, ItemId};

pub(super) fn lines(board: &Board) -> Vec<String> {
    let items = board.items().map(|item| {
        let kind = item.kind.as_ref();
        let kind = kind.map_or(String::new(), |kind| format!(" ({kind})"));
        line(board, Some(item.id), format!("{}{kind}", item.name))
    });
    let without_item = board.features_of(None).next();
    let without_item = without_item.map(|_| line(board, None, "free".to_owned()));
    items.chain(without_item).collect()
}

fn line(board: &Board, owner: Option<ItemId>, head: String) -> String {
    let features: Vec<String> = board
        .features_of(owner)
        .map(|feature| feature_text(board, feature))
        .collect();
    match features.is_empty() {
        true => head,
        false => format!("{head}: {}", features.join(", ")),
    }
}

fn feature_text(board: &Board, feature: &Feature) -> String {
    let amount = match feature.amount.get() {
        1 => String::new(),
        more => format!("×{more}"),
    };
    let vetoes = board.vetoers(feature.id).zip(board.vetoes_of(feature.id));
    let vetoers: Vec<String> = vetoes
        .map(|(participant, veto)| {
            let mut text = participant.name.to_string();
            if let Some(reason) = &veto.reason {
                text += &format!(" ({reason})");
            }
            if let Some(name) = &veto.given_to {
                text += &format!(", when {name}");
            }
            text
        })
        .collect();
    let vetoed = match vetoers.is_empty() {
        true => String::new(),
        false => format!(" vetoed by {}", vetoers.join(" and ")),
    };
    format!("{}{amount}{vetoed}", feature.name)
}
