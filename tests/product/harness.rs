//! Test support: servers, clients, browsers and temporary databases.

pub mod app;
pub mod browser;
pub mod client;
pub mod consistency;
pub mod databases;
pub mod exposition;
pub mod follower;
pub mod machine;
pub mod memory_folder;
pub mod page;
pub mod port;
pub mod postgres;
pub mod process;
pub mod program;
pub mod proxy;
pub mod qr;
pub mod receiver;
pub mod relay;
pub mod signature;
pub mod soak;
pub mod stream;
pub mod tools;
