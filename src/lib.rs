//! SAVT, the Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it.
//!
//! A board is an event log with a single writer. To read the code, follow a veto: [`web`] (for a program, [`api`]) parses the request, [`board`]
//! queues it as a command, [`model`] decides it, [`store`] commits the event through [`db`], and [`view`] renders the
//! fragments that every open page receives.

pub mod api;
pub mod assets;
pub mod board;
pub mod chart;
pub mod cli;
pub mod commands;
pub mod db;
pub mod http;
pub mod load;
pub mod log;
pub mod metrics;
pub mod model;
pub mod monitor;
pub mod open_files;
pub mod runtime;
pub mod seed;
pub mod server;
pub mod signals;
pub mod store;
pub mod tls;
pub mod transfer;
pub mod view;
pub mod web;
pub mod webhook;
