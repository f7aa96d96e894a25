//! Rule 14: how each participant stands to the decision, and whether the board is agreed. Every change updates the counts of the
//! participants it concerns, so that nothing here takes longer on a larger board.

use super::state::{Board, set_count};
use crate::model::{
    consent::{ConsentState, Renewal, Renewals, Standing},
    id::{BoardObject, ItemId, ParticipantId},
    participant::Participant,
};

/// How many rows that were added since a consent are looked at, so that nobody has to wait on a board that has changed entirely.
const MAX_LOOKED_AT: usize = 1_000;

/// How many participants the decision needs, and how many of them are fine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConsentCount {
    /// Participants whose consent holds.
    pub fine: usize,
    /// The same, and all others whose consent the decision needs.
    pub of: usize,
}

impl Board {
    pub fn renewals(&self) -> Renewals {
        self.renewals.0
    }

    pub fn consent(&self, participant: ParticipantId) -> Option<ConsentState> {
        self.consents.get(&participant).copied()
    }

    pub fn standing(&self, participant: ParticipantId) -> Standing {
        match self.consent(participant) {
            None => Standing::NotYet,
            Some(ConsentState::NotTakingPart) => Standing::NotTakingPart,
            Some(ConsentState::Fine { as_of }) => match self.renewals.0.outdate(participant, as_of)
            {
                true => Standing::Outdated,
                false => Standing::Fine,
            },
        }
    }

    /// Whether the decision needs the consent of a participant: one who has a name, or has vetoed or suggested anything, and was
    /// not set aside.
    pub fn is_needed(&self, participant: ParticipantId) -> bool {
        self.needed.contains(&participant)
    }

    pub fn consent_count(&self) -> ConsentCount {
        ConsentCount {
            fine: self.fine.len(),
            of: self.needed.len() + self.fine.len() - self.needed_and_fine,
        }
    }

    /// Whether there is any row about a consent. Without one nobody is fine, and nobody was set aside.
    pub fn has_consents(&self) -> bool {
        !self.consents.is_empty()
    }

    /// The live items and features that others than `participant` added after an event, in order: the last ones, at most `most`.
    pub fn added_by_others(
        &self,
        participant: ParticipantId,
        after: i64,
        most: usize,
    ) -> Vec<BoardObject> {
        // The ids of rows ascend with the events that added them.
        let items = self.items.values().rev();
        let items = items.take_while(|item| item.added_by_event > after);
        let items = items.take(MAX_LOOKED_AT).filter(|item| item.is_live());
        let items = items.filter(|item| item.author != participant);
        let items = items.map(|item| (item.added_by_event, BoardObject::Item(item.id)));
        let features = self.features.values().rev();
        let features = features.take_while(|feature| feature.added_by_event > after);
        let features = features.take(MAX_LOOKED_AT);
        let features = features.filter(|feature| feature.is_live());
        let features = features.filter(|feature| feature.author != participant);
        let features =
            features.map(|feature| (feature.added_by_event, BoardObject::Feature(feature.id)));
        let mut added: Vec<_> = items.take(most).chain(features.take(most)).collect();
        added.sort_unstable();
        let first = added.len().saturating_sub(most);
        let last = added.split_off(first);
        last.into_iter().map(|(_, object)| object).collect()
    }

    /// Whether everybody whose consent is needed is fine, and at least one item has no vetoed feature.
    pub fn is_agreed(&self) -> bool {
        !self.needed.is_empty()
            && self.needed_and_fine == self.needed.len()
            && self.vetoed_by_item.len() < self.stats().items
    }

    /// Whether everybody can live with a live item: it has no vetoed feature.
    pub fn is_acceptable(&self, item: ItemId) -> bool {
        !self.vetoed_by_item.contains_key(&item)
    }

    /// Updates how a participant counts, after a row that concerns the participant changed.
    pub(super) fn update_standing(&mut self, id: ParticipantId) {
        let standing = self.standing(id);
        let person = self.participants.get(&id);
        let has_name = person.is_some_and(|person| !Participant::is_default_name(&person.name));
        let counts = person.is_some() && standing != Standing::NotTakingPart;
        let is_needed = counts && (has_name || self.has_vetoed_or_created(id));
        let is_fine = person.is_some() && standing == Standing::Fine;
        let was_both = self.needed.contains(&id) && self.fine.contains(&id);
        match is_needed {
            true => self.needed.insert(id),
            false => self.needed.remove(&id),
        };
        match is_fine {
            true => self.fine.insert(id),
            false => self.fine.remove(&id),
        };
        let is_both = is_needed && is_fine;
        self.needed_and_fine = self.needed_and_fine + usize::from(is_both) - usize::from(was_both);
    }

    /// Updates how the authors of a row before and after a change count.
    pub(super) fn update_authors(&mut self, [before, after]: [Option<ParticipantId>; 2]) {
        if before == after {
            return;
        }
        if let Some(before) = before {
            set_count(&mut self.created_by, before, |count| {
                count.saturating_sub(1)
            });
            self.update_standing(before);
        }
        if let Some(after) = after {
            set_count(&mut self.created_by, after, |count| count + 1);
            self.update_standing(after);
        }
    }

    /// Adds a renewal: nobody's consent holds any more but that of its actor, which only another one's renewal outdates.
    pub(super) fn renew(&mut self, renewal: Renewal) {
        self.renewals.0.add(renewal);
        self.fine.clear();
        self.needed_and_fine = 0;
        self.update_standing(renewal.by);
    }
}
