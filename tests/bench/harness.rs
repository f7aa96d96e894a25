//! What measurements stand on: servers as processes, databases that vanish, people and listeners that cost little,
//! and the report.

pub mod apart;
pub mod bare;
pub mod bench;
pub mod clock;
pub mod connection;
pub mod crowd;
pub mod database;
pub mod machine;
pub mod person;
#[path = "../product/harness/port.rs"]
#[expect(dead_code, reason = "the tests ask more of it")]
pub mod port;
#[path = "../product/harness/postgres.rs"]
#[expect(dead_code, reason = "the tests ask more of it")]
pub mod postgres;
pub mod process;
pub mod receipts;
pub mod report;
pub mod spread;
pub mod team;
