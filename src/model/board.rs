//! A board in memory: its rows and indexes, how events apply to it, and the edit that a rule makes.

mod edit;
mod event_log;
mod names;
mod paging;
mod people;
mod recent;
mod row;
mod rows;
mod settings;
mod standing;
mod state;
mod vetoes;

pub(super) use edit::BoardEdit;
pub(super) use row::Row;
pub use rows::BoardRows;
pub use settings::Closed;
pub use standing::ConsentCount;
pub use state::{Board, Counters, KeptRows, Stats};
