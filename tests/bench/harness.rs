//! What the benchmarks share: server processes, temporary databases, cheap HTTP and stream clients, and the report.

pub mod bare_server;
pub mod bench;
pub mod clock;
pub mod closed_loop;
pub mod connection;
pub mod cpu_times;
pub mod database;
pub mod direct_client;
pub mod isolated_runtime;
pub mod machine;
pub mod percentiles;
#[path = "../product/harness/port.rs"]
#[expect(dead_code, reason = "only the product tests use all of it")]
pub mod port;
#[path = "../product/harness/postgres.rs"]
#[expect(dead_code, reason = "only the product tests use all of it")]
pub mod postgres;
pub mod process;
pub mod receipts;
pub mod report;
pub mod stream_clients;
pub mod test_client;
pub mod webhook_receiver;
