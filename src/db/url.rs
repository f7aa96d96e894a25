//! The address of a database, as typed and as parsed. Opens nothing.

mod address;
mod environment;
mod invalid;
mod postgres;
mod uri;

pub(super) use address::Address;
pub use address::Url;
pub use environment::Environment;
pub(super) use postgres::{ClientCertificate, PostgresAddress, TlsOptions, Trust};
