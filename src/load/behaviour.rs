//! The scenarios that a virtual user can follow, with their defaults.

use clap::ValueEnum;

use super::{schedule::ThinkTime, target::Targets};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Behaviour {
    /// Open the page and its live stream; then veto and withdraw vetoes, reload the page, add features and items
    #[default]
    Room,
    /// Create an item, add a feature to it, load the page
    Plan,
    /// Decide together, again and again: suggest and veto, become fine one after another, close, and open the board again
    Decide,
    /// What `room` does, by programs through the JSON API: join, read the board, veto and withdraw vetoes, add features and items
    Api,
}

impl Behaviour {
    pub(super) fn name(self) -> &'static str {
        match self {
            Behaviour::Room => "room",
            Behaviour::Plan => "plan",
            Behaviour::Decide => "decide",
            Behaviour::Api => "api",
        }
    }

    /// The default think time.
    pub fn think_time(self) -> ThinkTime {
        match self {
            Behaviour::Room | Behaviour::Api => ThinkTime::between_ms(200, 4_000),
            Behaviour::Plan => ThinkTime::between_ms(2_000, 8_000),
            // Of the group: one acts after the other.
            Behaviour::Decide => ThinkTime::between_ms(5, 50),
        }
    }

    /// The default number of items that a board has before the test.
    pub fn items(self) -> usize {
        match self {
            Behaviour::Room | Behaviour::Api => 20,
            Behaviour::Plan => 0,
            Behaviour::Decide => 5,
        }
    }

    /// The default targets.
    pub(super) fn targets(self) -> Targets {
        match self {
            Behaviour::Room | Behaviour::Plan | Behaviour::Api => Targets::default(),
            Behaviour::Decide => Targets::default().with_agreement(),
        }
    }
}
