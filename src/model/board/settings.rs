//! The settings of a board, with their defaults, and whether it is closed.

use super::state::Board;
use crate::model::{
    id::{ItemId, ParticipantId, Timestamp},
    name::Name,
    setting::{BoardTerminology, Closing, Deadline, Outcome, ReasonPolicy, Setting, SettingKey},
    text::Purpose,
};

/// That a board is closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    pub at: Timestamp,
    /// Who closed it, or set the deadline.
    pub by: Name,
    /// Whether the deadline closed it.
    pub by_deadline: bool,
    pub outcome: Outcome,
}

impl Board {
    pub fn name(&self) -> &Name {
        match self.settings.get(&SettingKey::Name) {
            Some(Setting::Name(name)) => name,
            _ => &self.created_as,
        }
    }

    /// The name that the board was created with.
    pub fn created_as(&self) -> &Name {
        &self.created_as
    }

    pub fn purpose(&self) -> Option<&Purpose> {
        match self.settings.get(&SettingKey::Purpose)? {
            Setting::Purpose(purpose) => Some(purpose),
            _ => None,
        }
    }

    /// None for that of the program.
    pub fn terminology(&self) -> Option<&BoardTerminology> {
        match self.settings.get(&SettingKey::Terminology)? {
            Setting::Terminology(terminology) => Some(terminology),
            _ => None,
        }
    }

    /// Whether a veto has to say why.
    pub fn reasons(&self) -> ReasonPolicy {
        match self.settings.get(&SettingKey::Reasons) {
            Some(Setting::Reasons(reasons)) => *reasons,
            _ => ReasonPolicy::default(),
        }
    }

    pub fn deadline(&self) -> Option<&Deadline> {
        match self.settings.get(&SettingKey::Deadline)? {
            Setting::Deadline(deadline) => Some(deadline),
            _ => None,
        }
    }

    /// How the board was closed by hand.
    pub(in crate::model) fn closing(&self) -> Option<&Closing> {
        match self.settings.get(&SettingKey::Closing)? {
            Setting::Closing(closing) => Some(closing),
            _ => None,
        }
    }

    /// Whether the board is closed at a time, by hand or because the deadline has passed.
    pub fn closed(&self, at: Timestamp) -> Option<Closed> {
        if let Some(closing) = self.closing() {
            return Some(Closed {
                at: closing.at,
                by: self.current_name(closing.by, &closing.name),
                by_deadline: false,
                outcome: closing.outcome.clone(),
            });
        }
        let deadline = self.deadline().filter(|deadline| deadline.at <= at)?;
        Some(Closed {
            at: deadline.at,
            by: self.current_name(deadline.by, &deadline.name),
            by_deadline: true,
            outcome: Outcome::default(),
        })
    }

    /// Whether the board was closed with this item chosen.
    pub fn is_chosen(&self, item: ItemId) -> bool {
        let closing = self.closing();
        closing.is_some_and(|closing| closing.outcome.chosen.binary_search(&item).is_ok())
    }

    /// The name of a participant, or the one from before the participant became another one.
    fn current_name(&self, id: ParticipantId, then: &Name) -> Name {
        let person = self.participant(id);
        person.map_or(then, |person| &person.name).clone()
    }
}
