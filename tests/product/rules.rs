//! The rules of a board, by their numbers, on the pure functions: no database, no HTTP, no clock.

mod delete;
mod drift;
mod feature;
mod item;
mod large;
mod merge;
mod moving;
mod participant;
mod picture;
mod play;
mod properties;
mod split;
mod table;
mod undo;
mod veto;
mod watch;
mod whole;
