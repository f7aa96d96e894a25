//! A change is data: every affected row before and after. Its inverse is the undo. Knows no board.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    consent::Consent,
    feature::Feature,
    id::{FeatureId, ItemId, ParticipantId},
    item::Item,
    participant::{Browser, BrowserId, Participant},
    setting::{Setting, SettingKey},
    veto::Veto,
};

/// One row before and after. No `before` means it was inserted, no `after` that it was removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit<R> {
    pub before: Option<R>,
    pub after: Option<R>,
}

/// All rows that one event changed: each row once, each kind in key order.
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<Edit<Consent>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Edit<Setting>>,
}

/// A row with a primary key within its board.
pub(super) trait Keyed: Clone + PartialEq {
    type Key: Ord + Clone;

    fn key(&self) -> Self::Key;
}

impl Keyed for Participant {
    type Key = ParticipantId;

    fn key(&self) -> ParticipantId {
        self.id
    }
}

impl Keyed for Browser {
    type Key = BrowserId;

    fn key(&self) -> BrowserId {
        self.id.clone()
    }
}

impl Keyed for Item {
    type Key = ItemId;

    fn key(&self) -> ItemId {
        self.id
    }
}

impl Keyed for Feature {
    type Key = FeatureId;

    fn key(&self) -> FeatureId {
        self.id
    }
}

impl Keyed for Veto {
    type Key = (FeatureId, ParticipantId);

    fn key(&self) -> Self::Key {
        (self.feature, self.participant)
    }
}

impl Keyed for Consent {
    type Key = ParticipantId;

    fn key(&self) -> ParticipantId {
        self.participant
    }
}

impl Keyed for Setting {
    type Key = SettingKey;

    fn key(&self) -> SettingKey {
        Setting::key(self)
    }
}

impl<R> Edit<R> {
    /// The row after the edit, or before it if the edit removed it.
    pub fn latest(&self) -> Option<&R> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// The key of the row; `None` only if the edit is empty on both sides.
    pub(super) fn key(&self) -> Option<R::Key>
    where
        R: Keyed,
    {
        self.latest().map(R::key)
    }

    fn inverse(&self) -> Edit<R>
    where
        R: Clone,
    {
        Edit {
            before: self.after.clone(),
            after: self.before.clone(),
        }
    }
}

impl Change {
    pub fn is_empty(&self) -> bool {
        self.participants.is_empty()
            && self.browsers.is_empty()
            && self.items.is_empty()
            && self.features.is_empty()
            && self.vetoes.is_empty()
            && self.consents.is_empty()
            && self.settings.is_empty()
    }

    /// Whether all rows are the same before and after: what it changed was erased.
    pub(super) fn is_without_effect(&self) -> bool {
        fn are_same<R: PartialEq>(edits: &[Edit<R>]) -> bool {
            edits.iter().all(|edit| edit.before == edit.after)
        }
        are_same(&self.participants)
            && are_same(&self.browsers)
            && are_same(&self.items)
            && are_same(&self.features)
            && are_same(&self.vetoes)
            && are_same(&self.consents)
            && are_same(&self.settings)
    }

    /// Whether the change adds, renames or brings back an item or a feature, or gives a feature more amount: it then outdates the
    /// consent of all but its actor.
    pub(super) fn is_renewal(&self) -> bool {
        let items = self
            .items
            .iter()
            .any(|edit| match (&edit.before, &edit.after) {
                (_, None) => false,
                (None, Some(after)) => after.is_live(),
                (Some(before), Some(after)) => {
                    after.is_live() && (!before.is_live() || before.name != after.name)
                }
            });
        let features = || {
            self.features
                .iter()
                .any(|edit| match (&edit.before, &edit.after) {
                    (_, None) => false,
                    (None, Some(after)) => after.is_live(),
                    (Some(before), Some(after)) => {
                        let is_more = before.name != after.name || before.amount < after.amount;
                        after.is_live() && (!before.is_live() || is_more)
                    }
                })
        };
        items || features()
    }

    /// Whether the change concerns nothing but when the board closes, or whether it is closed.
    pub fn is_closing_only(&self) -> bool {
        let settings = self.settings.iter().filter_map(Edit::key);
        let mut others =
            settings.filter(|key| !matches!(key, SettingKey::Closing | SettingKey::Deadline));
        let rows = self.participants.len()
            + self.browsers.len()
            + self.items.len()
            + self.features.len()
            + self.vetoes.len()
            + self.consents.len();
        rows == 0 && !self.settings.is_empty() && others.next().is_none()
    }

    /// The change that undoes this one.
    pub fn inverse(&self) -> Change {
        fn inverses<R: Clone>(edits: &[Edit<R>]) -> Vec<Edit<R>> {
            edits.iter().map(Edit::inverse).collect()
        }
        Change {
            participants: inverses(&self.participants),
            browsers: inverses(&self.browsers),
            items: inverses(&self.items),
            features: inverses(&self.features),
            vetoes: inverses(&self.vetoes),
            consents: inverses(&self.consents),
            settings: inverses(&self.settings),
        }
    }

    /// The net effect of consecutive changes: each row once, as before the first and after the last
    /// change. Rows that end as they began are omitted.
    pub fn net<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Change {
        let mut all = Change::default();
        for change in changes {
            all.participants.extend_from_slice(&change.participants);
            all.browsers.extend_from_slice(&change.browsers);
            all.items.extend_from_slice(&change.items);
            all.features.extend_from_slice(&change.features);
            all.vetoes.extend_from_slice(&change.vetoes);
            all.consents.extend_from_slice(&change.consents);
            all.settings.extend_from_slice(&change.settings);
        }
        all.fold()
    }

    /// Folds consecutive edits of the same row into one.
    pub(super) fn fold(self) -> Change {
        fn fold<R: Keyed>(edits: Vec<Edit<R>>) -> Vec<Edit<R>> {
            let mut rows: BTreeMap<R::Key, Edit<R>> = BTreeMap::new();
            for edit in edits {
                let Some(key) = edit.key() else { continue };
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
            consents: fold(self.consents),
            settings: fold(self.settings),
        }
    }
}
