//! What tests stand on: databases of their own that vanish with them.

pub mod databases;
pub mod postgres;
