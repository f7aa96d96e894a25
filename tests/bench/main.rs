//! Measures the SAVT program, each value with a limit from the same run: a bare server, a bare database, or an easier
//! case. Slow results do not fail the run; lost changes and failed requests do.
//!
//! To add a benchmark, add a file next to this one and a line to `measure`.
#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that cannot continue should stop"
)]
#![allow(unreachable_pub, reason = "a bench binary exports nothing")]

mod api;
mod cache;
mod fan_out;
mod growth;
mod harness;
mod hostile;
mod idle;
mod memory;
mod overload;
mod pages;
mod processes;
mod stalled;
mod start;
mod storm;
mod watched;
mod webhooks;
mod writes;

use std::process::ExitCode;

use harness::{bare_server, bench::Bench, webhook_receiver};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, argument] = &arguments[..]
        && command == bare_server::COMMAND
    {
        return bare_server::run(argument);
    }
    if arguments == [webhook_receiver::COMMAND] {
        return webhook_receiver::run();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    // Cargo adds an option; the other arguments are the names of benchmarks.
    let selected = arguments
        .into_iter()
        .filter(|argument| !argument.starts_with('-'));
    runtime
        .unwrap()
        .block_on(measure(Bench::new(selected.collect())))
}

async fn measure(mut bench: Bench) -> ExitCode {
    if bench.is_selected("pages") {
        pages::measure(&mut bench).await;
    }
    if bench.is_selected("writes") {
        writes::measure(&mut bench).await;
    }
    if bench.is_selected("webhooks") {
        webhooks::measure(&mut bench).await;
    }
    if bench.is_selected("api") {
        api::measure(&mut bench).await;
    }
    if bench.is_selected("start") {
        start::measure(&mut bench).await;
    }
    if bench.is_selected("growth") {
        growth::measure(&mut bench).await;
    }
    if bench.is_selected("fan-out") {
        fan_out::measure(&mut bench).await;
    }
    if bench.is_selected("api-fan-out") {
        fan_out::measure_api(&mut bench).await;
    }
    if bench.is_selected("memory") {
        memory::measure(&mut bench).await;
    }
    if bench.is_selected("stalled") {
        stalled::measure(&mut bench).await;
    }
    if bench.is_selected("hostile") {
        hostile::measure(&mut bench).await;
    }
    if bench.is_selected("idle") {
        idle::measure(&mut bench).await;
    }
    if bench.is_selected("overload") {
        overload::measure(&mut bench).await;
    }
    if bench.is_selected("storm") {
        storm::measure(&mut bench).await;
    }
    if bench.is_selected("watched") {
        watched::measure(&mut bench).await;
    }
    if bench.is_selected("cache") {
        cache::measure(&mut bench).await;
    }
    if bench.is_selected("processes") {
        processes::measure(&mut bench).await;
    }
    bench.report.finish()
}
