//! How each kind of row is found and written on a board, including the indexes derived from it.

use imbl::OrdMap;

use super::state::Board;
use crate::model::{
    change::{Change, Edit, Keyed},
    consent::Consent,
    feature::Feature,
    id::{FeatureId, ItemId, ParticipantId},
    item::Item,
    participant::{Browser, BrowserId, Participant},
    setting::{Setting, SettingKey},
    veto::Veto,
};

/// A kind of row: where its rows are on a board and in a change.
pub(in crate::model) trait Row: Keyed {
    fn find(board: &Board, key: &Self::Key) -> Option<Self>;
    fn set(board: &mut Board, key: &Self::Key, row: Option<Self>);
    fn edits(change: &mut Change) -> &mut Vec<Edit<Self>>;
}

/// Inserts a row into its map, or removes it.
fn store<K: Ord + Clone, V: Clone>(map: &mut OrdMap<K, V>, key: &K, row: Option<V>) {
    match row {
        Some(row) => map.insert(key.clone(), row),
        None => map.remove(key),
    };
}

impl Row for Participant {
    fn find(board: &Board, key: &ParticipantId) -> Option<Participant> {
        board.participants.get(key).cloned()
    }

    fn set(board: &mut Board, key: &ParticipantId, row: Option<Participant>) {
        if let Some(old) = board.participants.get(key) {
            for name in old.name.look_alike_keys() {
                board.participants_by_name.remove(&(name, *key));
            }
        }
        if let Some(new) = &row {
            for name in new.name.look_alike_keys() {
                board.participants_by_name.insert((name, *key));
            }
            board.counters.participant = board.counters.participant.max(key.0);
        }
        store(&mut board.participants, key, row);
        board.update_standing(*key);
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Participant>> {
        &mut change.participants
    }
}

impl Row for Browser {
    fn find(board: &Board, key: &BrowserId) -> Option<Browser> {
        board.browsers.get(key).map(|participant| Browser {
            id: key.clone(),
            participant: *participant,
        })
    }

    fn set(board: &mut Board, key: &BrowserId, row: Option<Browser>) {
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
    fn find(board: &Board, key: &ItemId) -> Option<Item> {
        board.items.get(key).cloned()
    }

    fn set(board: &mut Board, key: &ItemId, row: Option<Item>) {
        if let Some(old) = board.items.get(key).filter(|item| item.is_live()) {
            board.items_by_name.remove(&(old.name.key(), *key));
        }
        let authors = [board.items.get(key), row.as_ref()].map(|item| item.map(|item| item.author));
        if let Some(new) = &row {
            if new.is_live() {
                board.items_by_name.insert((new.name.key(), *key));
            }
            board.counters.item = board.counters.item.max(key.0);
        }
        store(&mut board.items, key, row);
        board.update_authors(authors);
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Item>> {
        &mut change.items
    }
}

impl Row for Feature {
    fn find(board: &Board, key: &FeatureId) -> Option<Feature> {
        board.features.get(key).cloned()
    }

    fn set(board: &mut Board, key: &FeatureId, row: Option<Feature>) {
        let authors =
            [board.features.get(key), row.as_ref()].map(|feature| feature.map(|row| row.author));
        board.with_veto_count(*key, |board| {
            if let Some(old) = board.features.get(key).filter(|old| old.is_live()) {
                let name = (old.item, old.name.key(), *key);
                board.features_by_name.remove(&name);
                board.features_by_item.remove(&(old.item, *key));
            }
            if let Some(new) = &row {
                if new.is_live() {
                    let name = (new.item, new.name.key(), *key);
                    board.features_by_name.insert(name);
                    board.features_by_item.insert((new.item, *key));
                }
                board.counters.feature = board.counters.feature.max(key.0);
            }
            store(&mut board.features, key, row);
        });
        board.update_authors(authors);
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Feature>> {
        &mut change.features
    }
}

impl Row for Veto {
    fn find(board: &Board, key: &(FeatureId, ParticipantId)) -> Option<Veto> {
        board.vetoes.get(key).cloned()
    }

    fn set(board: &mut Board, key: &(FeatureId, ParticipantId), row: Option<Veto>) {
        let (feature, participant) = *key;
        board.with_veto_count(feature, |board| {
            match row {
                Some(_) => board.vetoes_by_participant.insert((participant, feature)),
                None => board.vetoes_by_participant.remove(&(participant, feature)),
            };
            store(&mut board.vetoes, key, row);
        });
        board.update_standing(participant);
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Veto>> {
        &mut change.vetoes
    }
}

impl Row for Consent {
    fn find(board: &Board, key: &ParticipantId) -> Option<Consent> {
        let state = *board.consents.get(key)?;
        Some(Consent {
            participant: *key,
            state,
        })
    }

    fn set(board: &mut Board, key: &ParticipantId, row: Option<Consent>) {
        store(&mut board.consents, key, row.map(|consent| consent.state));
        board.update_standing(*key);
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Consent>> {
        &mut change.consents
    }
}

impl Row for Setting {
    fn find(board: &Board, key: &SettingKey) -> Option<Setting> {
        board.settings.get(key).cloned()
    }

    fn set(board: &mut Board, key: &SettingKey, row: Option<Setting>) {
        store(&mut board.settings, key, row);
    }

    fn edits(change: &mut Change) -> &mut Vec<Edit<Setting>> {
        &mut change.settings
    }
}
