//! The parts of the product tests' harness that this test uses.

#[path = "../product/harness/client.rs"]
#[expect(dead_code, reason = "only the product tests use all of it")]
pub mod client;
#[path = "../product/harness/page.rs"]
#[expect(dead_code, reason = "only the product tests use all of it")]
pub mod page;
#[path = "../product/harness/port.rs"]
pub mod port;
#[path = "../product/harness/postgres.rs"]
#[expect(dead_code, reason = "only the product tests use all of it")]
pub mod postgres;
#[path = "../product/harness/process.rs"]
#[expect(dead_code, reason = "only the product tests use all of it")]
pub mod process;
#[path = "../product/harness/receiver.rs"]
#[expect(dead_code, reason = "only the product tests use all of it")]
pub mod receiver;
#[path = "../product/harness/signature.rs"]
pub mod signature;
