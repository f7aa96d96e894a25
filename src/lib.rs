//! SAVT, the Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it.
pub mod assets;
pub mod log;
pub mod web;
