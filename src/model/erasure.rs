//! Rule 18: takes the name and the reasons of a participant out of the log, so that it replays as before.

use std::collections::{BTreeSet, HashSet};

use super::{
    action::Action,
    board::Board,
    change::{Change, Edit},
    event::Event,
    id::ParticipantId,
    name::Name,
    participant::{Browser, BrowserId, Participant},
    rules::participant::next_user_name,
    setting::Setting,
};

/// What is taken out of a log: to be applied to all events in order, and to the settings.
///
/// The participant is called by one default name, in all events. Its browsers are no more: they become other participants if they
/// act again. What others wrote is not touched, and neither are the items and features that the participant named.
pub struct Erasure {
    /// The participant, and those whose actions became its own.
    people: BTreeSet<ParticipantId>,
    participant: ParticipantId,
    name: Name,
    browsers: HashSet<BrowserId>,
    /// The names that the participant had up to the last event.
    former_names: HashSet<Name>,
}

impl Erasure {
    /// Erases this participant of a board as it is now; none if there is no such participant.
    pub fn new(board: &Board, participant: ParticipantId) -> Option<Erasure> {
        let person = board.participant(participant)?;
        let name = match Participant::is_default_name(&person.name) {
            true => person.name.clone(),
            false => next_user_name(board, participant),
        };
        Some(Erasure {
            people: BTreeSet::from([participant]),
            participant,
            name,
            browsers: board.browsers_of(participant).cloned().collect(),
            former_names: HashSet::from([person.name.clone()]),
        })
    }

    /// The new name of the participant.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// All browsers of the participant.
    pub fn browsers(&self) -> impl Iterator<Item = &BrowserId> {
        self.browsers.iter()
    }

    /// Learns from an event whose former actions became the participant's, so that their reasons are too. To be called for all events that
    /// hand over what somebody did, the last one first, with the board as it is now.
    pub fn add_handed_over(&mut self, board: &Board, event: &Event) {
        let Action::HandedOver { name, .. } = origin(&event.action) else {
            return;
        };
        let became = event.change.browsers.iter();
        let became = became.filter_map(|edit| edit.after.as_ref());
        let became: Vec<ParticipantId> = became.map(|row| row.participant).collect();
        // The browser may have been erased with another participant.
        let is_own = match became.is_empty() {
            true => self.former_names.contains(name),
            false => became.iter().any(|id| self.people.contains(id)),
        };
        if is_own {
            let removed = event.change.participants.iter();
            let removed = removed.filter(|edit| edit.after.is_none());
            let removed = removed.filter_map(|edit| Some(edit.before.as_ref()?.id));
            // Who exists is somebody else: it was undone.
            let gone = removed.filter(|id| board.participant(*id).is_none());
            self.people.extend(gone);
        }
    }

    /// Takes the participant out of the next event.
    pub fn erase(&mut self, event: &mut Event) {
        for edit in &event.change.participants {
            let rows = [&edit.before, &edit.after].into_iter().flatten();
            let own = rows.filter(|row| row.id == self.participant);
            self.former_names.extend(own.map(|row| row.name.clone()));
        }
        if event.actor.id == self.participant {
            self.former_names.insert(event.actor.name.clone());
            event.actor.name = self.name.clone();
        }
        let is_own_action = self.people.contains(&event.actor.id);
        self.erase_from_action(&mut event.action, &event.change, is_own_action, false);
        self.erase_from_change(&mut event.change);
    }

    /// The same for a setting as it is now.
    pub fn erase_from_setting(&self, setting: &mut Setting) {
        match setting {
            Setting::Deadline(deadline) if deadline.by == self.participant => {
                deadline.name = self.name.clone();
            }
            Setting::Closing(closing) if closing.by == self.participant => {
                closing.name = self.name.clone();
            }
            _ => {}
        }
    }

    fn erase_from_change(&self, change: &mut Change) {
        rows(&mut change.participants, |row| {
            if row.id == self.participant {
                row.name = self.name.clone();
            }
        });
        change.browsers.retain(|edit| {
            edit.latest()
                .is_none_or(|row| !self.browsers.contains(&row.id))
        });
        rows(&mut change.vetoes, |row| {
            if self.people.contains(&row.participant) {
                row.reason = None;
            }
        });
        rows(&mut change.settings, |row| self.erase_from_setting(row));
    }

    /// The change still has the rows that say whom the action concerns. `is_undo` says that they are the other way round.
    fn erase_from_action(
        &self,
        action: &mut Action,
        change: &Change,
        is_own_action: bool,
        is_undo: bool,
    ) {
        let replace = |name: &mut Name, is_own: bool| {
            if is_own {
                *name = self.name.clone();
            }
        };
        let was_named = |name: &Name| self.former_names.contains(name);
        match action {
            Action::Undid { what, .. } => self.erase_from_action(what, change, is_own_action, true),
            Action::Redid { what, .. } => {
                self.erase_from_action(what, change, is_own_action, false)
            }
            Action::Renamed { from, to } => {
                let mut people = change.participants.iter().filter_map(Edit::latest);
                let is_own = people.any(|row| row.id == self.participant);
                replace(from, is_own);
                replace(to, is_own);
            }
            Action::Claimed { name, was } => {
                let (before, after) = browser_of(change);
                let (of_was, of_name) = match is_undo {
                    true => (after, before),
                    false => (before, after),
                };
                // Without a browser, whose name it is can only be told by the name: the browser was erased with another participant.
                let is_own = |id: Option<ParticipantId>, name: &Name| match (before, after) {
                    (None, None) => was_named(name),
                    _ => id == Some(self.participant),
                };
                let is_own_name = is_own(of_name, name);
                replace(name, is_own_name);
                if let Some(was) = was {
                    let is_own_name = is_own(of_was, was);
                    replace(was, is_own_name);
                }
            }
            Action::HandedOver { name, was } => {
                let is_own_name = was_named(name);
                replace(name, is_own_name);
                let is_own_name = was_named(was);
                replace(was, is_own_name);
            }
            Action::SetAside { name } | Action::BroughtBack { name } => {
                let mut people = change.consents.iter().filter_map(Edit::latest);
                let is_own = people.any(|row| row.participant == self.participant);
                replace(name, is_own);
            }
            Action::Vetoed { reason, .. } | Action::GaveReason { reason, .. } => {
                let mut vetoes = change.vetoes.iter().filter_map(Edit::latest);
                if is_own_action || vetoes.any(|row| self.people.contains(&row.participant)) {
                    *reason = None;
                }
            }
            _ => {}
        }
    }
}

/// What was done in the first place.
fn origin(action: &Action) -> &Action {
    match action {
        Action::Undid { what, .. } | Action::Redid { what, .. } => origin(what),
        action => action,
    }
}

/// Whose the browser of a change was before and after.
fn browser_of(change: &Change) -> (Option<ParticipantId>, Option<ParticipantId>) {
    let edit = change.browsers.first();
    let owner = |row: &Browser| row.participant;
    let before = edit.and_then(|edit| edit.before.as_ref()).map(owner);
    let after = edit.and_then(|edit| edit.after.as_ref()).map(owner);
    (before, after)
}

/// Changes the rows before and after.
fn rows<R>(edits: &mut [Edit<R>], change: impl Fn(&mut R)) {
    for edit in edits {
        edit.before.iter_mut().for_each(&change);
        edit.after.iter_mut().for_each(&change);
    }
}
