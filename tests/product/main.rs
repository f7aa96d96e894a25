//! What SAVT promises, tried from outside, on both databases. One binary: it links once and shares one
//! throw-away PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

mod browser;
mod database;
mod harness;
mod rules;
