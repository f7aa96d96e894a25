//! The address of a database, as typed and as parsed. Opens nothing.

mod address;
mod invalid;
mod postgres;

pub(super) use address::Address;
pub use address::Url;
pub(super) use postgres::{PostgresAddress, Trust};
