//! Webhooks: tells other programs and chats what happens on the boards, from the logs themselves. See `README.md` in this folder.
//!
//! A [`worker`] holds the lease of one endpoint and starts a [`delivery`] for each board that has new events.

mod address;
mod client;
mod deadline;
mod decision;
mod delivery;
mod endpoint;
mod failure;
mod filter;
mod lease;
mod maintenance;
mod message;
mod metrics;
mod queue;
mod resolver;
mod schedule;
mod sending;
mod session;
mod settings;
mod signature;
mod status;
mod target;
mod test_message;
mod text;
mod webhooks;
mod worker;

pub use client::Client;
pub use endpoint::{Endpoint, Format, ids_of};
pub use failure::Failure;
pub use filter::EventFilter;
pub use lease::without_process;
pub use resolver::Resolver;
pub use settings::{Settings, Timing};
pub use signature::Secret;
pub use status::{State, Status};
pub use test_message::send_test;
pub use webhooks::Webhooks;
