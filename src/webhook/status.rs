//! What is known about each endpoint, for the monitor.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::endpoint::Endpoint;
use crate::store::webhooks::Backlog;

/// What this process does for an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Starting,
    Delivering,
    /// Another process delivers.
    Standby,
    /// Nobody delivers, for this reason.
    Disabled(String),
}

/// What is known about an endpoint.
#[derive(Clone, Debug)]
pub struct Status {
    pub id: String,
    pub host: String,
    pub format: &'static str,
    pub state: State,
    pub backlog: Backlog,
    /// Of this process.
    pub deliveries: u64,
    /// Of this process.
    pub failures: u64,
    /// The last failure of this process.
    pub last_failure: Option<String>,
}

/// All endpoints, in the order of the options.
pub(super) struct Statuses(Mutex<Vec<Status>>);

impl Statuses {
    pub(super) fn new(endpoints: &[Endpoint]) -> Statuses {
        let status = |endpoint: &Endpoint| Status {
            id: endpoint.id().to_owned(),
            host: endpoint.host().to_owned(),
            format: endpoint.format().name(),
            state: State::Starting,
            backlog: Backlog::default(),
            deliveries: 0,
            failures: 0,
            last_failure: None,
        };
        Statuses(Mutex::new(endpoints.iter().map(status).collect()))
    }

    pub(super) fn all(&self) -> Vec<Status> {
        self.lock().clone()
    }

    pub(super) fn set_state(&self, id: &str, state: State) {
        self.change(id, |status| status.state = state);
    }

    pub(super) fn set_backlog(&self, id: &str, backlog: &Backlog) {
        self.change(id, |status| status.backlog = backlog.clone());
    }

    pub(super) fn set_failure(&self, id: &str, why: &str) {
        self.change(id, |status| status.last_failure = Some(why.to_owned()));
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Status)) {
        if let Some(status) = self.lock().iter_mut().find(|status| status.id == id) {
            change(status);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Status>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
