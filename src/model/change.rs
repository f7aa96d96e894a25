//! A change is data: every touched row before and after. Turned round, it is its own undo.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Board, Browser, Feature, Item, Participant, Veto};

/// One row before and after: made if there was none, removed if there is none any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit<R> {
    pub before: Option<R>,
    pub after: Option<R>,
}

/// Every row one event touched: of each sort in the order of their keys, each once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Edit<Participant>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub browsers: Vec<Edit<Browser>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Edit<Item>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Edit<Feature>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vetoes: Vec<Edit<Veto>>,
}

/// A row of a board: where it stands in a board and in a change.
pub(super) trait Row: Clone + PartialEq {
    type Key: Ord + Clone;

    fn key(&self) -> Self::Key;
    fn find(board: &Board, key: &Self::Key) -> Option<Self>;
    fn set(board: &mut Board, key: &Self::Key, row: Option<Self>);
    fn edits(change: &mut Change) -> &mut Vec<Edit<Self>>;
}

impl<R> Edit<R> {
    /// The row as it is if it is there, otherwise as it was.
    pub fn latest(&self) -> Option<&R> {
        self.after.as_ref().or(self.before.as_ref())
    }

    fn turned_round(&self) -> Edit<R>
    where
        R: Clone,
    {
        Edit {
            before: self.after.clone(),
            after: self.before.clone(),
        }
    }
}

/// The key of an edit's row; none only for an edit that is empty on both sides.
pub(super) fn key<R: Row>(edit: &Edit<R>) -> Option<R::Key> {
    edit.latest().map(R::key)
}

impl Change {
    pub fn is_empty(&self) -> bool {
        self.participants.is_empty()
            && self.browsers.is_empty()
            && self.items.is_empty()
            && self.features.is_empty()
            && self.vetoes.is_empty()
    }

    /// The change that takes this one back.
    pub fn turned_round(&self) -> Change {
        fn turn<R: Clone>(edits: &[Edit<R>]) -> Vec<Edit<R>> {
            edits.iter().map(Edit::turned_round).collect()
        }
        Change {
            participants: turn(&self.participants),
            browsers: turn(&self.browsers),
            items: turn(&self.items),
            features: turn(&self.features),
            vetoes: turn(&self.vetoes),
        }
    }

    /// What several changes, one after the other, come to: each row once, as it was before the first
    /// and is after the last; rows that are again what they were are left out.
    pub fn net<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Change {
        let mut all = Change::default();
        for change in changes {
            all.participants.extend_from_slice(&change.participants);
            all.browsers.extend_from_slice(&change.browsers);
            all.items.extend_from_slice(&change.items);
            all.features.extend_from_slice(&change.features);
            all.vetoes.extend_from_slice(&change.vetoes);
        }
        all.fold()
    }

    /// Folds edits of the same row, in the order they were made, into one.
    pub(super) fn fold(self) -> Change {
        fn fold<R: Row>(edits: Vec<Edit<R>>) -> Vec<Edit<R>> {
            let mut rows: BTreeMap<R::Key, Edit<R>> = BTreeMap::new();
            for edit in edits {
                let Some(key) = key(&edit) else { continue };
                match rows.get_mut(&key) {
                    Some(earlier) => earlier.after = edit.after,
                    None => {
                        rows.insert(key, edit);
                    }
                }
            }
            rows.into_values()
                .filter(|edit| edit.before != edit.after)
                .collect()
        }
        Change {
            participants: fold(self.participants),
            browsers: fold(self.browsers),
            items: fold(self.items),
            features: fold(self.features),
            vetoes: fold(self.vetoes),
        }
    }
}
