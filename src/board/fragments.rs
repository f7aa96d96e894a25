//! A change as the fragments that bring a page from before it to after it.
//!
//! Each says what is, not what to do: a row stands in this list, a row is not there any more. So a page may get the same
//! twice, from its own answer and from the stream, and a page that knows it already loses nothing.

use std::collections::BTreeSet;

use super::{rendering::Rendering, snapshot::Touched};
use crate::{
    model::{Change, FeatureId, ItemId, ParticipantId, Token},
    view::{Fragment, Swap, board::stats, item::features_id},
};

impl Rendering {
    /// What changed on the page of one viewer: rows and cards that came, went, moved or look different, and the figures.
    /// `changes` led to this snapshot, one after the other.
    pub fn fragments<'c>(
        &self,
        changes: impl IntoIterator<Item = &'c Change>,
        viewer: &Token,
    ) -> Vec<Fragment> {
        self.fragments_for(&Touched::by(changes, &self.board), viewer)
    }

    /// The same of what was touched. Where the viewer became somebody else, all that either of them vetoed is another row.
    pub(super) fn fragments_for(&self, touched: &Touched, viewer: &Token) -> Vec<Fragment> {
        let browsers = touched.browsers.iter();
        let was_and_is = browsers.filter(|(browser, _)| browser == viewer);
        let other_eyes = was_and_is.flat_map(|(_, person)| self.board.vetoed_by(*person));
        let features = touched.features.iter().copied().chain(other_eyes).collect();
        self.fragments_with(&features, touched, self.board.participant_at(viewer))
    }

    pub(super) fn fragments_of(
        &self,
        touched: &Touched,
        viewer: Option<ParticipantId>,
    ) -> Vec<Fragment> {
        self.fragments_with(&touched.features, touched, viewer)
    }

    fn fragments_with(
        &self,
        features: &BTreeSet<FeatureId>,
        touched: &Touched,
        viewer: Option<ParticipantId>,
    ) -> Vec<Fragment> {
        let mut fragments = Vec::new();
        for feature in features {
            self.row_fragments(*feature, touched, viewer, &mut fragments);
        }
        for item in &touched.items {
            self.card_fragments(*item, touched, viewer, &mut fragments);
        }
        let figures = stats(self.board.stats(), &self.site).into_string();
        fragments.push(Fragment::new("#stats", Swap::Morph, figures));
        fragments
    }

    fn row_fragments(
        &self,
        id: FeatureId,
        touched: &Touched,
        viewer: Option<ParticipantId>,
        out: &mut Vec<Fragment>,
    ) {
        let Some(placed) = self.placed(id, viewer) else {
            out.push(Fragment::gone(format!("feature-{id}")));
            return;
        };
        let owner = self.board.feature(id).and_then(|feature| feature.item);
        // A card that is new brings its rows along; where they were, they go first.
        if owner.is_some_and(|item| touched.came.contains(&item)) {
            if touched.seen.contains(&id) {
                out.push(Fragment::gone(format!("feature-{id}")));
            }
            return;
        }
        out.push(placed);
    }

    /// A row as it is, where it is; none if the feature does not live.
    pub fn placed(&self, id: FeatureId, viewer: Option<ParticipantId>) -> Option<Fragment> {
        let owner = self.board.living_feature(id).ok()?.item;
        let html = self.row(id, viewer)?.to_owned();
        let list = format!("#{}", features_id(owner));
        Some(Fragment::new(list, Swap::Place, html))
    }

    fn card_fragments(
        &self,
        id: ItemId,
        touched: &Touched,
        viewer: Option<ParticipantId>,
        out: &mut Vec<Fragment>,
    ) {
        out.push(match self.head(id) {
            None => Fragment::gone(format!("item-{id}")),
            Some(head) if !touched.came.contains(&id) => {
                Fragment::new(format!("#item-{id}-head"), Swap::Morph, head.to_owned())
            }
            Some(_) => Fragment::new("#items", Swap::Place, self.card(id, viewer)),
        });
    }
}
