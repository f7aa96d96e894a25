//! Measures SAVT as users run it, each figure beside a limit met in the same run: a bare server, a bare database, an
//! easier case. Nothing is judged by its time; only what is lost or fails makes this fail.
//!
//! A figure to add is a file beside this one, and a line below.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on should stop"
)]
#![allow(unreachable_pub, reason = "a bench binary exports nothing")]

mod cache;
mod fan_out;
mod growth;
mod harness;
mod idle;
mod memory;
mod overload;
mod pages;
mod processes;
mod silent;
mod start;
mod storm;
mod watched;
mod writes;

use std::process::ExitCode;

use harness::{bare, bench::Bench};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, what] = &arguments[..]
        && command == bare::COMMAND
    {
        return bare::run(what);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    // Cargo adds an option of its own; the rest names what is wanted, all if nothing is.
    let wanted = arguments.into_iter().filter(|word| !word.starts_with('-'));
    runtime
        .unwrap()
        .block_on(measure(Bench::new(wanted.collect())))
}

async fn measure(mut bench: Bench) -> ExitCode {
    if bench.wants("pages") {
        pages::measure(&mut bench).await;
    }
    if bench.wants("writes") {
        writes::measure(&mut bench).await;
    }
    if bench.wants("start") {
        start::measure(&mut bench).await;
    }
    if bench.wants("growth") {
        growth::measure(&mut bench).await;
    }
    if bench.wants("fan-out") {
        fan_out::measure(&mut bench).await;
    }
    if bench.wants("memory") {
        memory::measure(&mut bench).await;
    }
    if bench.wants("silent") {
        silent::measure(&mut bench).await;
    }
    if bench.wants("idle") {
        idle::measure(&mut bench).await;
    }
    if bench.wants("overload") {
        overload::measure(&mut bench).await;
    }
    if bench.wants("storm") {
        storm::measure(&mut bench).await;
    }
    if bench.wants("watched") {
        watched::measure(&mut bench).await;
    }
    if bench.wants("cache") {
        cache::measure(&mut bench).await;
    }
    if bench.wants("processes") {
        processes::measure(&mut bench).await;
    }
    bench.report.finish()
}
