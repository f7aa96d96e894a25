//! What SAVT promises, tried from outside, on both databases. One binary: it links once and shares one
//! throw-away PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

mod away;
mod backup;
mod board;
mod boards;
mod browser;
mod check;
mod command;
mod crowd;
mod database;
mod feature;
mod fragment;
mod harness;
mod history;
mod install;
mod item;
mod language;
mod live;
mod load;
mod monitor;
mod outage;
mod overload;
mod pace;
mod participant;
mod password;
mod personal_link;
mod pinned;
mod rules;
mod serve;
mod share;
mod storm;
mod veto;
mod wall;
mod why;
mod wrong;
