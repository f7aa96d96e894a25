//! The rules of a board, by their numbers, tested on the pure functions: no database, no HTTP, no clock.

mod board_fixture;
mod board_text;
mod claim;
mod conflict;
mod create_items;
mod delete;
mod edit_conflict;
mod feature;
mod invariant_checker;
mod invariants;
mod item;
mod large_boards;
mod last_change;
mod limits;
mod merge;
mod move_feature;
mod participant;
mod press;
mod properties;
mod random_commands;
mod same_names;
mod split;
mod undo;
mod veto;
mod veto_of_a_renamed_feature;
