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

impl Participant {
    /// The name of a participant who has not chosen one: `User-7`. Numbers of more than 18 digits are not assigned.
    pub(super) fn default_name(number: u64) -> Name {
        Name::from_stored(DEFAULT_NAME.to_owned()).numbered(number)
    }

    /// Whether this is a name that SAVT assigns. Nobody can tell it from the same name chosen by hand, so that counts too.
    pub fn is_default_name(name: &Name) -> bool {
        let number = name.as_str().strip_prefix(DEFAULT_NAME);
        let number = number.and_then(|number| number.strip_prefix('-'));
        number.is_some_and(|number| {
            let digits = number.bytes().all(|byte| byte.is_ascii_digit());
            digits && (1..=18).contains(&number.len()) && !number.starts_with('0')
        })
    }
}

/// What precedes the number in a default name.
const DEFAULT_NAME: &str = "User";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_names_are_recognized() {
        for number in [1, 7, 10, 999_999_999_999_999_999] {
            let name = Participant::default_name(number);
            assert!(Participant::is_default_name(&name), "{name}");
        }
        for name in [
            "User", "User-", "User-0", "User-07", "user-7", "User-7a", "User-1-2", "A User-7",
        ] {
            let name = Name::from_stored(name.to_owned());
            assert!(!Participant::is_default_name(&name), "{name}");
        }
        let long = Name::from_stored(format!("User-{}", "1".repeat(60)));
        assert!(!Participant::is_default_name(&long));
    }
}
