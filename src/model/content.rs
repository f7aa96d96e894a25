//! What a board is filled with: what another board holds, or a template. No people, no vetoes and no history.

use super::{
    amount::Amount,
    board::Board,
    feature::Feature,
    id::ItemId,
    name::{Kind, Name},
    setting::BoardTerminology,
    text::{Note, Purpose},
};

/// The content of a board that other boards can start from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardContent {
    /// The name of the board that this is a copy of.
    pub from: Option<Name>,
    pub purpose: Option<Purpose>,
    /// None for that of the program.
    pub terminology: Option<BoardTerminology>,
    pub items: Vec<ItemContent>,
    /// The features that belong to no item.
    pub features: Vec<FeatureContent>,
}

/// An item with its features.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemContent {
    pub name: Name,
    pub kind: Option<Kind>,
    pub note: Option<Note>,
    pub features: Vec<FeatureContent>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FeatureContent {
    pub name: Name,
    pub amount: Amount,
}

impl Board {
    /// What is on the board, in order of creation.
    pub fn content(&self) -> BoardContent {
        let features = |item: Option<ItemId>| {
            let features = self.features_of(item);
            features.map(FeatureContent::from).collect()
        };
        let items = self.items().map(|item| ItemContent {
            name: item.name.clone(),
            kind: item.kind.clone(),
            note: item.note.clone(),
            features: features(Some(item.id)),
        });
        BoardContent {
            from: None,
            purpose: self.purpose().cloned(),
            terminology: self.terminology().cloned(),
            items: items.collect(),
            features: features(None),
        }
    }
}

impl From<&Feature> for FeatureContent {
    fn from(feature: &Feature) -> FeatureContent {
        FeatureContent {
            name: feature.name.clone(),
            amount: feature.amount,
        }
    }
}
