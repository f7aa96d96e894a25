//! What tests stand on: a SAVT, people at browsers of both kinds, and databases of their own that vanish with them.

pub mod agreement;
pub mod app;
pub mod browser;
pub mod client;
pub mod databases;
pub mod exposition;
pub mod follower;
pub mod machine;
pub mod page;
pub mod port;
pub mod postgres;
pub mod process;
pub mod qr;
pub mod soak;
pub mod stream;
