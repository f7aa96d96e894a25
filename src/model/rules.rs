//! The rules of a board, one file per noun. Each reads and writes a `BoardEdit` and returns an `Effect` or a `Rejection`.

pub(super) mod claim;
pub(super) mod closing;
pub(super) mod consent;
pub(super) mod effect;
pub(super) mod feature;
mod field;
pub(super) mod fill;
pub(super) mod identity;
pub(super) mod item;
pub(super) mod limit;
pub(super) mod participant;
pub(super) mod press;
pub(super) mod settings;
pub(super) mod undo;
pub(super) mod veto;
