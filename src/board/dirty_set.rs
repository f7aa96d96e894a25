//! What a sequence of changes made outdated in a rendered board. Knows nothing of markup.

use std::collections::BTreeSet;

use crate::model::{
    Board, BrowserId, Change, Edit, Feature, FeatureId, Item, ItemId, ParticipantId, Setting,
    SettingKey,
};

/// Everything whose markup a sequence of changes may have altered. Includes what ended up as it was before, because a
/// response may have shown a state in between.
#[derive(Default)]
pub(super) struct DirtySet {
    pub(super) items: BTreeSet<ItemId>,
    pub(super) features: BTreeSet<FeatureId>,
    /// The items that were added, deleted or restored: a page may lack the card, so it is sent in full.
    pub(super) full_cards: BTreeSet<ItemId>,
    /// The features that were live before one of the changes: a page may have their rows.
    pub(super) existing_features: BTreeSet<FeatureId>,
    /// The participants who are new or were renamed.
    pub(super) participants: BTreeSet<ParticipantId>,
    /// The browsers whose participant changed, each with the participant before and the one after.
    pub(super) browsers: BTreeSet<(BrowserId, ParticipantId)>,
    /// The participants whose consent changed, or who were set aside or brought back.
    pub(super) consents: BTreeSet<ParticipantId>,
    pub(super) settings: BTreeSet<SettingKey>,
    /// The events that were undone: a page may have a toast about one, which offers to undo it.
    pub(super) undone: BTreeSet<i64>,
}

impl DirtySet {
    /// Whether the board was closed or reopened, or its deadline changed.
    pub(super) fn changes_closing(&self) -> bool {
        self.settings.contains(&SettingKey::Closing)
            || self.settings.contains(&SettingKey::Deadline)
    }

    /// Whether participants are new or were renamed.
    pub(super) fn renames_people(&self) -> bool {
        !self.participants.is_empty()
    }

    /// `board` is the board after all changes.
    pub(super) fn from_changes<'c>(
        changes: impl IntoIterator<Item = &'c Change>,
        board: &Board,
    ) -> DirtySet {
        let mut dirty = DirtySet::default();
        for change in changes {
            dirty.add(change, board);
        }
        dirty
    }

    /// Whether what the page says about consent may have changed. `board` is the board after all changes.
    pub(super) fn may_alter_consent(&self, board: &Board) -> bool {
        board.has_consents() || !self.consents.is_empty() || self.changes_closing()
    }

    fn add(&mut self, change: &Change, board: &Board) {
        for edit in &change.items {
            let id = edit.latest().map(|item| item.id);
            self.items.extend(id);
            let is_live = |item: &Option<Item>| item.as_ref().is_some_and(Item::is_live);
            if !is_live(&edit.before) || !is_live(&edit.after) {
                self.full_cards.extend(id);
            }
        }
        for edit in &change.features {
            let id = edit.latest().map(|feature| feature.id);
            self.features.extend(id);
            if edit.before.as_ref().is_some_and(Feature::is_live) {
                self.existing_features.extend(id);
            }
        }
        let vetoes = change.vetoes.iter().filter_map(Edit::latest);
        self.features.extend(vetoes.map(|veto| veto.feature));
        for edit in &change.participants {
            let Some(participant) = edit.latest() else {
                continue;
            };
            self.participants.insert(participant.id);
            // A new name shows at each veto of the participant; a new participant has no vetoes yet.
            if edit.before.is_some() {
                self.features.extend(board.vetoed_by(participant.id));
            }
        }
        let consents = change.consents.iter().filter_map(Edit::latest);
        self.consents
            .extend(consents.map(|consent| consent.participant));
        let settings = change.settings.iter().filter_map(Edit::latest);
        self.settings.extend(settings.map(Setting::key));
        // The cards of chosen items say so.
        for edit in &change.settings {
            for setting in edit.before.iter().chain(&edit.after) {
                if let Setting::Closing(closing) = setting {
                    self.items.extend(&closing.outcome.chosen);
                }
            }
        }
        let edits = change.browsers.iter();
        let before_and_after = edits.flat_map(|edit| edit.before.iter().chain(&edit.after));
        self.browsers
            .extend(before_and_after.map(|browser| (browser.id.clone(), browser.participant)));
    }
}
