//! What tests stand on: databases of their own and a browser, that vanish with them.

pub mod browser;
pub mod databases;
pub mod postgres;
