//! How webhooks are sent.

use std::time::Duration;

use super::client::Client;
use crate::{http::origin::Origin, view::Language};

/// How webhooks are sent.
#[derive(Clone)]
pub struct Settings {
    pub client: Client,
    /// The address of the links to boards; without it there are none.
    pub public_url: Option<Origin>,
    /// The language of messages as text.
    pub language: Language,
    pub timing: Timing,
}

/// How often what happens.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// How long a process that does not answer keeps its endpoints.
    pub lease: Duration,
    /// How often a process says that it is there.
    pub renew: Duration,
    /// How long delivered events may be unsaved: a process that is killed sends them again.
    pub save: Duration,
    /// How often to look for boards that nobody reported, at least.
    pub scan: Duration,
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            lease: Duration::from_secs(20),
            renew: Duration::from_secs(4),
            save: Duration::from_millis(500),
            scan: Duration::from_secs(5),
        }
    }
}
