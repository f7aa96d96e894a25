//! The rows of a board: how each is found and set, with the indexes that are made of it.

use imbl::OrdMap;

use super::{Board, Counters};
use crate::model::{
    Browser, Change, Feature, FeatureId, Item, ItemId, Participant, ParticipantId, Token, Veto,
    change::{Edit, Row},
};

/// All rows of a board, as they are stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub participants: Vec<Participant>,
    pub browsers: Vec<Browser>,
    pub items: Vec<Item>,
    pub features: Vec<Feature>,
    pub vetoes: Vec<Veto>,
}

impl Board {
    /// A board as it was stored: its rows at a version.
    pub fn restored(self, version: i64, last: Counters, rows: Rows) -> Board {
        let mut board = self;
        for row in rows.participants {
            Participant::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.browsers {
            Browser::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.items {
            Item::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.features {
            Feature::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.vetoes {
            Veto::set(&mut board, &row.key(), Some(row));
        }
        board.version = version;
        board.last = last;
        board
    }

    /// All rows as they are to be stored, each sort in the order of its keys.
    pub fn rows(&self) -> Rows {
        let browser = |(token, participant): (&Token, &ParticipantId)| Browser {
            token: token.clone(),
            participant: *participant,
        };
        Rows {
            participants: self.participants.values().cloned().collect(),
            browsers: self.browsers.iter().map(browser).collect(),
            items: self.items.values().cloned().collect(),
            features: self.features.values().cloned().collect(),
            vetoes: self.vetoes.values().cloned().collect(),
        }
    }
}

/// Writes a row into its map, or takes it out.
fn store<K: Ord + Clone, V: Clone>(map: &mut OrdMap<K, V>, key: &K, row: Option<V>) {
    match row {
        Some(row) => map.insert(key.clone(), row),
        None => map.remove(key),
    };
}

impl Row for Participant {
    type Key = ParticipantId;

    fn key(&self) -> ParticipantId {
        self.id
    }

    fn find(board: &Board, key: &ParticipantId) -> Option<Participant> {
        board.participants.get(key).cloned()
    }

    fn set(board: &mut Board, key: &ParticipantId, row: Option<Participant>) {
        if let Some(old) = board.participants.get(key) {
            board.people_by_name.remove(&old.name.key());
        }
        if let Some(new) = &row {
            board.people_by_name.insert(new.name.key(), *key);
            board.last.participant = board.last.participant.max(key.0);
        }
        store(&mut board.participants, key, row);
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Participant>> {
        &mut change.participants
    }
}

impl Row for Browser {
    type Key = Token;

    fn key(&self) -> Token {
        self.token.clone()
    }

    fn find(board: &Board, key: &Token) -> Option<Browser> {
        board.browsers.get(key).map(|participant| Browser {
            token: key.clone(),
            participant: *participant,
        })
    }

    fn set(board: &mut Board, key: &Token, row: Option<Browser>) {
        store(
            &mut board.browsers,
            key,
            row.map(|browser| browser.participant),
        );
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Browser>> {
        &mut change.browsers
    }
}

impl Row for Item {
    type Key = ItemId;

    fn key(&self) -> ItemId {
        self.id
    }

    fn find(board: &Board, key: &ItemId) -> Option<Item> {
        board.items.get(key).cloned()
    }

    fn set(board: &mut Board, key: &ItemId, row: Option<Item>) {
        if let Some(old) = board.items.get(key).filter(|item| item.lives()) {
            board.items_by_name.remove(&old.name.key());
        }
        if let Some(new) = &row {
            if new.lives() {
                board.items_by_name.insert(new.name.key(), *key);
            }
            board.last.item = board.last.item.max(key.0);
        }
        store(&mut board.items, key, row);
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Item>> {
        &mut change.items
    }
}

impl Row for Feature {
    type Key = FeatureId;

    fn key(&self) -> FeatureId {
        self.id
    }

    fn find(board: &Board, key: &FeatureId) -> Option<Feature> {
        board.features.get(key).cloned()
    }

    fn set(board: &mut Board, key: &FeatureId, row: Option<Feature>) {
        board.counting(*key, |board| {
            if let Some(old) = board.features.get(key).filter(|old| old.lives()) {
                board.features_by_name.remove(&(old.item, old.name.key()));
                board.features_by_item.remove(&(old.item, *key));
            }
            if let Some(new) = &row {
                if new.lives() {
                    let name = (new.item, new.name.key());
                    board.features_by_name.insert(name, *key);
                    board.features_by_item.insert((new.item, *key));
                }
                board.last.feature = board.last.feature.max(key.0);
            }
            store(&mut board.features, key, row);
        });
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Feature>> {
        &mut change.features
    }
}

impl Row for Veto {
    type Key = (FeatureId, ParticipantId);

    fn key(&self) -> Self::Key {
        (self.feature, self.participant)
    }

    fn find(board: &Board, key: &Self::Key) -> Option<Veto> {
        board.vetoes.get(key).cloned()
    }

    fn set(board: &mut Board, key: &Self::Key, row: Option<Veto>) {
        let (feature, participant) = *key;
        board.counting(feature, |board| {
            match row {
                Some(_) => board.vetoes_by_person.insert((participant, feature)),
                None => board.vetoes_by_person.remove(&(participant, feature)),
            };
            store(&mut board.vetoes, key, row);
        });
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Veto>> {
        &mut change.vetoes
    }
}
