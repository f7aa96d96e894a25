//! Ids and versions as members of a body.

use serde::Deserialize;

/// The id of a row: at least 1.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "i64")]
pub(in crate::api) struct RowId(pub(in crate::api) i64);

impl TryFrom<i64> for RowId {
    type Error = &'static str;

    fn try_from(id: i64) -> Result<RowId, &'static str> {
        match id {
            1.. => Ok(RowId(id)),
            _ => Err("must be at least 1"),
        }
    }
}
