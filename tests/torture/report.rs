//! The results of a run.

use std::time::Duration;

use savt::db::Backend;

use crate::{
    administration::counts::AdministrationCounts, keyed_requests::counts::KeyCounts,
    ledger::OutcomeCounts,
};

/// The result of the test with a full disk.
pub enum FullDisk {
    /// The disk could not be mounted.
    NotTested,
    /// The number of rejected changes.
    Rejected(u64),
}

pub struct Results {
    pub backend: Backend,
    pub time: Duration,
    pub rounds: u32,
    pub savt_killed: u32,
    pub killed_at_start: u32,
    pub server_stopped: u32,
    pub server_killed: u32,
    pub commands: OutcomeCounts,
    pub lost: u64,
    /// Every inconsistency and unexpected response.
    pub errors: Vec<String>,
    pub full_disk: FullDisk,
    pub slowest_start: Duration,
    pub slowest_recovery: Duration,
    pub keys: KeyCounts,
    pub administration: AdministrationCounts,
}

impl Results {
    pub fn new(backend: Backend) -> Results {
        Results {
            backend,
            time: Duration::ZERO,
            rounds: 0,
            savt_killed: 0,
            killed_at_start: 0,
            server_stopped: 0,
            server_killed: 0,
            commands: OutcomeCounts::default(),
            lost: 0,
            errors: Vec::new(),
            full_disk: FullDisk::NotTested,
            slowest_start: Duration::ZERO,
            slowest_recovery: Duration::ZERO,
            keys: KeyCounts::default(),
            administration: AdministrationCounts::default(),
        }
    }

    pub fn passed(&self) -> bool {
        self.lost == 0 && self.errors.is_empty()
    }
}
