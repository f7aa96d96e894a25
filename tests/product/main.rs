//! The guarantees of SAVT, tested from outside on both databases. All in one binary, which links once and shares one
//! temporary PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

mod absence;
mod backup;
mod board;
mod boards;
mod browser;
mod check;
mod command;
mod concurrency;
mod cookies;
mod database;
mod edit_conflicts;
mod epoch;
mod errors;
mod feature;
mod file_access;
mod fragment;
mod harness;
mod history;
mod hosts;
mod install;
mod item;
mod language;
mod limits;
mod live;
mod load;
mod logs;
mod monitor;
mod outage;
mod overload;
mod participant;
mod password;
mod personal_link;
mod pinned;
mod projector;
mod proxies;
mod random_load;
mod rate_limits;
mod reasons;
mod rules;
mod same_names;
mod secrets;
mod serve;
mod share;
mod veto;
mod veto_of_a_renamed_feature;
