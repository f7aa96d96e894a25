//! The fragments that bring a page from one version of a board to a later one.
//!
//! A fragment describes a state, not an action: a row belongs in this list, or a row does not exist. A page may therefore get
//! the same change twice, from its own response and from the stream, and a page that has it already loses nothing.

use std::collections::BTreeSet;

use super::{
    super::{clock::now, dirty_set::DirtySet},
    rendering::Rendering,
};
use crate::{
    model::{BrowserId, Change, FeatureId, ItemId, ParticipantId, SettingKey},
    view::{
        Fragment, Swap,
        board::stats,
        consent::{self, ConsentPanel},
        item::features_id,
        outcome, settings, toast,
    },
};

impl Rendering {
    /// What changed on one viewer's page: rows and cards that were added, removed, moved or altered, and the statistics.
    /// `changes` led to this version, one after the other.
    pub fn fragments<'c>(
        &self,
        changes: impl IntoIterator<Item = &'c Change>,
        browser: &BrowserId,
    ) -> Vec<Fragment> {
        let dirty = DirtySet::from_changes(changes, &self.board);
        self.fragments_for_browser(&dirty, browser)
    }

    /// The fragments for one browser. If it became another participant, the rows that either participant vetoed change too.
    pub(in crate::board) fn fragments_for_browser(
        &self,
        dirty: &DirtySet,
        browser: &BrowserId,
    ) -> Vec<Fragment> {
        let before_and_after = dirty.browsers.iter().filter(|(dirty, _)| dirty == browser);
        let vetoed =
            before_and_after.flat_map(|(_, participant)| self.board.vetoed_by(*participant));
        let features = dirty.features.iter().copied().chain(vetoed).collect();
        let viewer = self.board.participant_for(browser);
        let may_alter = dirty.may_alter_consent(&self.board);
        let panel = may_alter.then(|| ConsentPanel::of(&self.board, viewer, now()));
        self.build_fragments(&features, dirty, viewer, panel.as_ref())
    }

    /// The fragments for a viewer whose participant did not change; `None` is a browser without a participant. `panel` is what the
    /// page says about consent, if that changed.
    pub(in crate::board) fn fragments_for_participant(
        &self,
        dirty: &DirtySet,
        viewer: Option<ParticipantId>,
        panel: Option<&ConsentPanel>,
    ) -> Vec<Fragment> {
        self.build_fragments(&dirty.features, dirty, viewer, panel)
    }

    fn build_fragments(
        &self,
        features: &BTreeSet<FeatureId>,
        dirty: &DirtySet,
        viewer: Option<ParticipantId>,
        panel: Option<&ConsentPanel>,
    ) -> Vec<Fragment> {
        let mut fragments = Vec::new();
        for feature in features {
            fragments.extend(self.row_update(*feature, dirty, viewer));
        }
        for item in &dirty.items {
            fragments.push(self.card_update(*item, dirty, viewer));
        }
        if dirty.settings.iter().any(|setting| in_header(*setting)) {
            fragments.extend(self.header_update());
        }
        let has_outcome = || self.board.closed(now()).is_some();
        if dirty.changes_closing() || dirty.renames_people() && has_outcome() {
            fragments.push(outcome::fragment(&self.board, now(), &self.context));
        }
        fragments.extend(dirty.undone.iter().map(|event| toast::removal(*event)));
        let stats = stats(self.board.stats(), &self.context).into_string();
        fragments.push(Fragment::new("#stats", Swap::Morph, stats));
        let version = self.board.version();
        fragments.extend(panel.map(|panel| consent::fragment(panel, version, &self.context)));
        fragments
    }

    /// The name and the purpose of the board, and the title of the page.
    fn header_update(&self) -> [Fragment; 3] {
        let title = settings::page_title(&self.board).into_string();
        let name = settings::name(&self.board).into_string();
        let purpose = settings::purpose(&self.board, &self.context).into_string();
        [
            Fragment::new("title", Swap::Fill, title),
            Fragment::new("#board-name", Swap::Morph, name),
            Fragment::new("#purpose", Swap::Morph, purpose),
        ]
    }

    fn row_update(
        &self,
        id: FeatureId,
        dirty: &DirtySet,
        viewer: Option<ParticipantId>,
    ) -> Option<Fragment> {
        let removal = || Fragment::removal(format!("feature-{id}"));
        let Some(row) = self.row_fragment(id, viewer) else {
            return Some(removal());
        };
        let item = self.board.feature(id).and_then(|feature| feature.item);
        if item.is_some_and(|item| dirty.full_cards.contains(&item)) {
            // The card brings the row with it. Remove the row from where it was before.
            return dirty.existing_features.contains(&id).then(removal);
        }
        Some(row)
    }

    /// The fragment that puts a row into its list; none if the feature does not exist.
    pub fn row_fragment(&self, id: FeatureId, viewer: Option<ParticipantId>) -> Option<Fragment> {
        let item = self.board.live_feature(id).ok()?.item;
        let html = self.row(id, viewer)?.to_owned();
        let list = format!("#{}", features_id(item));
        Some(Fragment::new(list, Swap::Place, html))
    }

    fn card_update(&self, id: ItemId, dirty: &DirtySet, viewer: Option<ParticipantId>) -> Fragment {
        match self.head(id) {
            None => Fragment::removal(format!("item-{id}")),
            Some(_) if dirty.full_cards.contains(&id) => {
                Fragment::new("#items", Swap::Place, self.card(id, viewer))
            }
            Some(head) => Fragment::new(format!("#item-{id}-head"), Swap::Morph, head.to_owned()),
        }
    }
}

/// Whether the header of the page shows a setting.
fn in_header(setting: SettingKey) -> bool {
    matches!(
        setting,
        SettingKey::Name | SettingKey::Purpose | SettingKey::Reasons
    )
}
