//! Rule 12 in its two readings: whether a name is anybody's who says so, or belongs to the browser that took it.

use super::{Deed, Event, Name, ParticipantId, Refusal, Wish, change::Edit, draft::Draft};

/// How far people are believed when they say who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Identity {
    /// "That's me" is enough.
    #[default]
    Open,
    /// A name belongs to the browser that took it, and moves by a personal link alone.
    Claimed,
}

impl Identity {
    /// What "That's me" comes to.
    pub fn claim(self, name: Name) -> Wish {
        match self {
            Identity::Open => Wish::Claim(name),
            Identity::Claimed => Wish::Call(name),
        }
    }

    /// What Undo comes to.
    pub fn undo(self, event: Event) -> Deed {
        let event = Box::new(event);
        match self {
            Identity::Open => Deed::Undo(event),
            Identity::Claimed => Deed::UndoAsOneself(event),
        }
    }
}

/// Whether this participant may undo what says who somebody is: else a name could be had by undoing that it is another's. Those
/// may whom it is about, as long as that makes nobody somebody else again who has ceased to be.
pub(super) fn may_undo(draft: &Draft, event: &Event, by: ParticipantId) -> Result<(), Refusal> {
    let change = &event.change;
    let mut left = Vec::new();
    let mut found = Vec::new();
    for edit in &change.participants {
        left.extend(Edit::latest(edit).map(|row| row.id));
        found.extend(edit.before.as_ref().map(|row| row.id));
    }
    for edit in &change.browsers {
        left.extend(Edit::latest(edit).map(|row| row.participant));
        found.extend(edit.before.as_ref().map(|row| row.participant));
    }
    if event.undoes.is_some() {
        left.extend(found);
    }
    match left.into_iter().find(|about| *about != by) {
        None => Ok(()),
        Some(other) => {
            let other = draft.participant(other);
            let name = other.map_or_else(|| event.actor.name.clone(), |other| other.name.clone());
            Err(Refusal::OnlyThemselves(name))
        }
    }
}
