//! SAVT, the Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it.

pub mod assets;
pub mod board;
pub mod cli;
pub mod commands;
pub mod db;
pub mod figures;
pub mod load;
pub mod log;
pub mod model;
pub mod monitor;
pub mod open_files;
pub mod runtime;
pub mod seed;
pub mod store;
pub mod view;
pub mod web;
