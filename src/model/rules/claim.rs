//! Rule 12: a browser becomes an existing participant, by "That's me" or by a personal link. If the browser acted before, as a
//! participant whom nobody named and who uses no other browser, what it did becomes the existing participant's.

use super::participant::{decision, record_event, rename};
use crate::model::{
    action::Action,
    board::{Board, BoardEdit},
    consent::{Consent, ConsentState},
    decision::Decision,
    event::Actor,
    feature::Feature,
    id::{ParticipantId, Timestamp},
    item::Item,
    name::Name,
    participant::{Browser, BrowserId, Participant},
    personal_link::PersonalLink,
    rejection::Rejection,
    veto::Veto,
};

impl Board {
    /// The participant behind a browser, if nobody has named it and no other browser is it: it exists only because the browser
    /// acted before its user said who they are.
    pub fn unnamed_participant(&self, browser: &BrowserId) -> Option<&Participant> {
        let participant = self.participant(self.participant_for(browser)?)?;
        let is_only = self.browsers_of(participant.id).nth(1).is_none();
        (is_only && Participant::is_default_name(&participant.name)).then_some(participant)
    }
}

/// Makes the browser the existing participant of this name. If no participant has the name, this is a rename.
pub(in crate::model) fn claim(
    board: &Board,
    by: &BrowserId,
    name: &Name,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    let Some(claimed) = board.participant_named(name) else {
        return rename(board, by, name, at);
    };
    Ok(become_participant(board, by, claimed, at))
}

/// Makes the browser the participant of a personal link. Opening the link again has no effect.
pub(in crate::model) fn use_personal_link(
    board: &Board,
    by: &BrowserId,
    link: &PersonalLink,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    if link.belongs_to(board.participant_for(by)) {
        return Ok(decision(board.clone(), Vec::new()));
    }
    let holder = link.holder(board, at).ok_or(Rejection::LinkInvalid)?;
    Ok(become_participant(board, by, holder, at))
}

/// The browser's previous participant stays on the board if somebody named it, or uses it in another browser.
fn become_participant(
    board: &Board,
    by: &BrowserId,
    claimed: &Participant,
    at: Timestamp,
) -> Decision {
    let name = claimed.name.clone();
    let mut edit = BoardEdit::new(board);
    edit.put(Browser {
        id: by.clone(),
        participant: claimed.id,
    });
    let actor = board.actor(by);
    let unnamed = board.unnamed_participant(by);
    let action = match unnamed.filter(|unnamed| unnamed.id != claimed.id) {
        Some(unnamed) => {
            hand_over(&mut edit, unnamed.id, claimed.id);
            Action::HandedOver {
                name,
                was: unnamed.name.clone(),
            }
        }
        None => Action::Claimed {
            name,
            was: actor.as_ref().map(|actor| actor.name.clone()),
        },
    };
    let actor = actor.unwrap_or(Actor {
        id: claimed.id,
        name: claimed.name.clone(),
    });
    record_event(edit, actor, action, at)
}

/// Makes everything that a participant did another one's, and removes it. If both vetoed a feature, the veto of `to` is kept,
/// with its reason or else the other's.
fn hand_over(edit: &mut BoardEdit, from: ParticipantId, to: ParticipantId) {
    let items = edit.all_items().filter(|item| item.author == from);
    for item in items.cloned().collect::<Vec<_>>() {
        edit.put(Item { author: to, ..item });
    }
    let features = edit.all_features().filter(|row| row.author == from);
    for feature in features.cloned().collect::<Vec<_>>() {
        edit.put(Feature {
            author: to,
            ..feature
        });
    }
    for feature in edit.vetoed_by(from).collect::<Vec<_>>() {
        let Some(veto) = edit.veto_by(from, feature).cloned() else {
            continue;
        };
        let existing = edit.veto_by(to, feature).cloned();
        edit.remove::<Veto>(&(feature, from));
        edit.put(match existing {
            Some(existing) => Veto {
                reason: existing.reason.or(veto.reason),
                // One of them was given to what the feature is called now.
                given_to: existing.given_to.filter(|_| veto.given_to.is_some()),
                ..existing
            },
            None => Veto {
                participant: to,
                ..veto
            },
        });
    }
    hand_over_consent(edit, from, to);
    edit.remove::<Participant>(&from);
}

/// The later of both consents holds. Whether the others set one of the two aside says nothing: who becomes another participant
/// takes part.
fn hand_over_consent(edit: &mut BoardEdit, from: ParticipantId, to: ParticipantId) {
    if edit.consent(from).is_none() {
        return;
    }
    let as_of = |id| match edit.consent(id) {
        Some(ConsentState::Fine { as_of }) => Some(as_of),
        _ => None,
    };
    let latest = as_of(from).max(as_of(to));
    edit.remove::<Consent>(&from);
    match latest {
        Some(as_of) => edit.put(Consent {
            participant: to,
            state: ConsentState::Fine { as_of },
        }),
        None => edit.remove::<Consent>(&to),
    }
}
