//! What happened to the requests with a key, in numbers.

use std::{ops::AddAssign, time::Duration};

use crate::servers::Kills;

/// Counts of a run, or of one client.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyCounts {
    pub time: Duration,
    /// Requests, each with a key of its own.
    pub requests: u64,
    /// How often they were sent, in whole or in part.
    pub sent: u64,
    /// Of them: the client cut the connection.
    pub cut: u64,
    /// Two copies of a request at the same time.
    pub pairs: u64,
    /// Refused connections, and those that ended without a whole answer.
    pub lost: u64,
    /// Answers that ask to try again: 503.
    pub unavailable: u64,
    /// Final answers that refuse a request: 4xx.
    pub refused: u64,
    /// Requests that were sent again after their final answer, which they got again.
    pub repeated: u64,
    pub savt_killed: u64,
    pub server_stopped: u64,
    pub server_killed: u64,
}

impl AddAssign for KeyCounts {
    fn add_assign(&mut self, other: KeyCounts) {
        self.time += other.time;
        self.requests += other.requests;
        self.sent += other.sent;
        self.cut += other.cut;
        self.pairs += other.pairs;
        self.lost += other.lost;
        self.unavailable += other.unavailable;
        self.refused += other.refused;
        self.repeated += other.repeated;
        self.savt_killed += other.savt_killed;
        self.server_stopped += other.server_stopped;
        self.server_killed += other.server_killed;
    }
}

impl AddAssign<Kills> for KeyCounts {
    fn add_assign(&mut self, kills: Kills) {
        self.savt_killed += kills.savt;
        self.server_stopped += kills.server_stopped;
        self.server_killed += kills.server_killed;
    }
}
