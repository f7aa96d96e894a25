//! The results of a run, and their table.

use std::{fmt::Write, time::Duration};

use savt::db::Backend;

use crate::ledger::OutcomeCounts;

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
        }
    }

    pub fn passed(&self) -> bool {
        self.lost == 0 && self.errors.is_empty()
    }
}

/// All results side by side, followed by the errors.
pub fn table(all_results: &[Results], seed: u64) -> String {
    let mut table = String::new();
    let mut row = |title: &str, value: &dyn Fn(&Results) -> String| {
        let values: String = all_results
            .iter()
            .map(|results| format!("{:>14}", value(results)))
            .collect();
        let _ = writeln!(table, "{title:<44}{values}");
    };
    row(&format!("torture --seed {seed}"), &|results| {
        match results.backend {
            Backend::Sqlite => "SQLite",
            Backend::Postgres => "PostgreSQL",
        }
        .to_owned()
    });
    row("minutes", &|results| {
        format!("{:.1}", results.time.as_secs_f64() / 60.0)
    });
    row("rounds", &|results| results.rounds.to_string());
    row("SAVT killed", &|results| results.savt_killed.to_string());
    row("SAVT killed while it started", &|results| {
        results.killed_at_start.to_string()
    });
    row("server stopped immediately", &|results| {
        results.server_stopped.to_string()
    });
    row("server killed", &|results| {
        results.server_killed.to_string()
    });
    row("changes acknowledged", &|results| {
        results.commands.applied.to_string()
    });
    row("  lost", &|results| results.lost.to_string());
    row("changes reported as not applied", &|results| {
        results.commands.not_applied.to_string()
    });
    row("changes with an unknown outcome", &|results| {
        results.commands.unknown.to_string()
    });
    row("  of them applied", &|results| {
        results.commands.unknown_applied.to_string()
    });
    row(
        "rejected on a full disk",
        &|results| match results.full_disk {
            FullDisk::NotTested => "not tested".to_owned(),
            FullDisk::Rejected(count) => count.to_string(),
        },
    );
    row("slowest start", &|results| {
        format!("{} ms", results.slowest_start.as_millis())
    });
    row("longest time until changes were accepted", &|results| {
        format!("{} ms", results.slowest_recovery.as_millis())
    });
    row("errors", &|results| results.errors.len().to_string());
    for error in all_results.iter().flat_map(|results| &results.errors) {
        let _ = writeln!(table, "{error}");
    }
    table
}
