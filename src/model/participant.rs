//! Participants and browsers as rows of a board. Their rules are in `rules::participant`.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    id::{ParticipantId, Timestamp},
    name::Name,
};

/// A person on one board, using one or more browsers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    pub id: ParticipantId,
    pub name: Name,
    pub joined: Timestamp,
}

/// A browser's id: a hash of the random token in its cookie, never the token itself. It is secret as well, because personal links
/// are signed with it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BrowserId(Arc<str>);

impl BrowserId {
    /// The id from the hash of a cookie's token.
    pub fn from_hash(hash: String) -> BrowserId {
        BrowserId(hash.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Shows only a prefix, because the id is secret.
impl fmt::Debug for BrowserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BrowserId({:.6}…)", self.0)
    }
}

/// Which participant a browser is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Browser {
    #[serde(rename = "token")]
    pub id: BrowserId,
    pub participant: ParticipantId,
}
