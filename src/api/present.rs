//! Members of a merge patch (RFC 7396), where absent and null are not the same.

use serde::{Deserialize, Deserializer};

/// Reads a member that may be absent, null or have a value: `None`, `Some(None)` and `Some(Some(value))`.
pub(super) fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
