//! Why a file was not imported.

use super::damage::{Damage, ReadError};
use crate::{db, model::Slug};

/// Why a file was not imported. Nothing has become visible.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    File(#[from] ReadError),
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error(
        "there is a board {} already; --replace replaces it, and --new-address imports it beside", .0.as_str()
    )]
    Taken(Slug),
    #[error("the file has two boards {}", .0.as_str())]
    Twice(Slug),
}

impl From<Damage> for ImportError {
    fn from(damage: Damage) -> ImportError {
        ImportError::File(damage.into())
    }
}
