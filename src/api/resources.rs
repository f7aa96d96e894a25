//! The resources: what the API answers with, and what it accepts. One file for each noun, each with its schema.

pub(super) mod action;
pub(super) mod board;
pub(super) mod changed_rows;
pub(super) mod event;
pub(super) mod feature;
pub(super) mod item;
pub(super) mod participant;
pub(super) mod problem;
pub(super) mod row_id;
pub(super) mod terminology;
pub(super) mod time;
