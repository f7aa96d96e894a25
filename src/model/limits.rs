//! How large a board and an event may become, as data. The rule is in `rules::limit`.

use super::setting::Outcome;

/// How many rows of a kind a board keeps for each one it may have: deleted items and features are kept, so that they can be
/// restored. Without this bound, creating and deleting in turn would grow a board for ever.
const KEPT_PER_ROW: usize = 10;

/// The maximum size of a board and of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Items that are not deleted.
    pub items: usize,
    /// Features that are not deleted.
    pub features: usize,
    pub participants: usize,
    /// Bytes of an event's change, as it is stored. An event and its undo have the same size, so what was accepted can be undone.
    pub event_bytes: usize,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Items,
    Features,
    Participants,
    /// Items including deleted ones.
    KeptItems,
    /// Features including deleted ones.
    KeptFeatures,
    /// Vetoes, including those on deleted features.
    Vetoes,
    /// Browsers of all participants.
    Browsers,
    /// Items that one outcome chooses.
    Chosen,
    /// Bytes of one event.
    EventBytes,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            items: 2_000,
            features: 10_000,
            participants: 5_000,
            event_bytes: 256 * 1_024,
        }
    }
}

impl Limits {
    /// No limits.
    pub const UNLIMITED: Limits = Limits {
        items: usize::MAX,
        features: usize::MAX,
        participants: usize::MAX,
        event_bytes: usize::MAX,
    };

    /// The highest count that a limit allows.
    pub fn max(&self, limit: Limit) -> usize {
        match limit {
            Limit::Items => self.items,
            Limit::Features => self.features,
            Limit::Participants => self.participants,
            Limit::KeptItems => self.items.saturating_mul(KEPT_PER_ROW),
            Limit::KeptFeatures | Limit::Vetoes => self.features.saturating_mul(KEPT_PER_ROW),
            Limit::Browsers => self.participants.saturating_mul(KEPT_PER_ROW),
            Limit::Chosen => Outcome::MAX_CHOSEN,
            Limit::EventBytes => self.event_bytes,
        }
    }
}
