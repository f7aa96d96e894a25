//! A board as lists of rows, which is how it is stored.

use super::{
    row::Row,
    state::{Board, Counters, KeptRenewals},
};
use crate::model::{
    change::Keyed,
    consent::{Consent, ConsentState, Renewals},
    feature::Feature,
    id::{ParticipantId, Timestamp},
    item::Item,
    participant::{Browser, BrowserId, Participant},
    setting::Setting,
    veto::Veto,
};

/// All rows of a board, live and deleted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardRows {
    pub participants: Vec<Participant>,
    pub browsers: Vec<Browser>,
    pub items: Vec<Item>,
    pub features: Vec<Feature>,
    pub vetoes: Vec<Veto>,
    pub consents: Vec<Consent>,
    pub settings: Vec<Setting>,
}

impl Board {
    /// Fills an empty board with stored rows at a version.
    pub fn with_rows(
        self,
        version: i64,
        counters: Counters,
        renewals: Renewals,
        rows: BoardRows,
    ) -> Board {
        let mut board = self;
        board.renewals = KeptRenewals(renewals);
        for row in rows.participants {
            Participant::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.browsers {
            Browser::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.items {
            Item::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.features {
            Feature::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.vetoes {
            Veto::set(&mut board, &row.key(), Some(row));
        }
        for row in rows.consents {
            Consent::set(&mut board, &Keyed::key(&row), Some(row));
        }
        for row in rows.settings {
            Setting::set(&mut board, &row.key(), Some(row));
        }
        board.was_agreed = board.is_agreed();
        board.version = version;
        board.counters = counters;
        board
    }

    /// Sets when the last event of stored rows happened.
    pub fn with_last_event_at(self, at: Option<Timestamp>) -> Board {
        let mut board = self;
        board.last_event_at = at;
        board
    }

    /// All rows, each kind in key order.
    pub fn rows(&self) -> BoardRows {
        let browser = |(id, participant): (&BrowserId, &ParticipantId)| Browser {
            id: id.clone(),
            participant: *participant,
        };
        let consent = |(participant, state): (&ParticipantId, &ConsentState)| Consent {
            participant: *participant,
            state: *state,
        };
        BoardRows {
            participants: self.participants.values().cloned().collect(),
            browsers: self.browsers.iter().map(browser).collect(),
            items: self.items.values().cloned().collect(),
            features: self.features.values().cloned().collect(),
            vetoes: self.vetoes.values().cloned().collect(),
            consents: self.consents.iter().map(consent).collect(),
            settings: self.settings.values().cloned().collect(),
        }
    }
}
