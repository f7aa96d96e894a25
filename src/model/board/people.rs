//! Who is behind a browser, and what a participant has done.

use super::state::Board;
use crate::model::{event::Actor, id::ParticipantId, participant::BrowserId};

impl Board {
    /// The participant behind a browser; `None` if the browser has not acted on this board yet.
    pub fn actor(&self, browser: &BrowserId) -> Option<Actor> {
        let participant = self.participants.get(&self.participant_for(browser)?)?;
        Some(Actor {
            id: participant.id,
            name: participant.name.clone(),
        })
    }

    /// The id of the participant behind a browser; `None` if the browser has not acted on this board yet.
    pub fn participant_for(&self, browser: &BrowserId) -> Option<ParticipantId> {
        self.browsers.get(browser).copied()
    }

    /// The browsers of a participant.
    pub fn browsers_of(&self, participant: ParticipantId) -> impl Iterator<Item = &BrowserId> {
        let own = move |(id, owner): (_, &ParticipantId)| (*owner == participant).then_some(id);
        self.browsers.iter().filter_map(own)
    }

    /// Whether a participant vetoed, created or consented to anything, or has a browser.
    pub(in crate::model) fn has_participated(&self, id: ParticipantId) -> bool {
        self.has_vetoed_or_created(id)
            || self.consents.contains_key(&id)
            || self.browsers.values().any(|participant| *participant == id)
    }

    /// Whether a participant has vetoed anything, or created an item or a feature.
    pub(super) fn has_vetoed_or_created(&self, id: ParticipantId) -> bool {
        self.created_by.contains_key(&id) || self.vetoed_by(id).next().is_some()
    }
}
