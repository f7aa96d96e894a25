//! The results of all databases, side by side.

use std::fmt::Write;

use savt::db::Backend;

use crate::{
    administration::counts::AdministrationCounts,
    report::{FullDisk, Results},
};

/// One column for each database.
struct Table<'a> {
    columns: &'a [Results],
    text: String,
}

/// The table, followed by the errors.
pub fn table(all_results: &[Results], seed: u64) -> String {
    let mut table = Table {
        columns: all_results,
        text: String::new(),
    };
    table.row(&format!("torture --seed {seed}"), |results| {
        match results.backend {
            Backend::Sqlite => "SQLite",
            Backend::Postgres => "PostgreSQL",
        }
    });
    if all_results.iter().any(|results| results.rounds > 0) {
        table.add_rounds();
    }
    if all_results.iter().any(|results| results.keys.requests > 0) {
        table.add_keyed_requests();
    }
    if all_results
        .iter()
        .any(|results| results.administration.commands > 0)
    {
        table.add_administration();
    }
    table.row("slowest start", |results| {
        format!("{} ms", results.slowest_start.as_millis())
    });
    table.row("errors", |results| results.errors.len());
    for error in all_results.iter().flat_map(|results| &results.errors) {
        let _ = writeln!(table.text, "{error}");
    }
    table.text
}

impl Table<'_> {
    fn row<V: ToString>(&mut self, title: &str, value: impl Fn(&Results) -> V) {
        let values = self
            .columns
            .iter()
            .map(|results| value(results).to_string());
        let values: String = values.map(|value| format!("{value:>14}")).collect();
        let _ = writeln!(self.text, "{title:<44}{values}");
    }

    fn add_rounds(&mut self) {
        self.row("minutes", |results| {
            format!("{:.1}", results.time.as_secs_f64() / 60.0)
        });
        self.row("rounds", |results| results.rounds);
        self.row("SAVT killed", |results| results.savt_killed);
        self.row("SAVT killed while it started", |results| {
            results.killed_at_start
        });
        self.row("server stopped immediately", |results| {
            results.server_stopped
        });
        self.row("server killed", |results| results.server_killed);
        self.row("changes acknowledged", |results| results.commands.applied);
        self.row("  lost", |results| results.lost);
        self.row("changes reported as not applied", |results| {
            results.commands.not_applied
        });
        self.row("changes with an unknown outcome", |results| {
            results.commands.unknown
        });
        self.row("  of them applied", |results| {
            results.commands.unknown_applied
        });
        self.row("rejected on a full disk", |results| {
            match results.full_disk {
                FullDisk::NotTested => "not tested".to_owned(),
                FullDisk::Rejected(count) => count.to_string(),
            }
        });
        self.row("longest time until changes were accepted", |results| {
            format!("{} ms", results.slowest_recovery.as_millis())
        });
    }

    fn add_keyed_requests(&mut self) {
        self.row("requests with a key", |results| results.keys.requests);
        self.row("  minutes", |results| {
            format!("{:.1}", results.keys.time.as_secs_f64() / 60.0)
        });
        self.row("  SAVT killed", |results| results.keys.savt_killed);
        self.row("  server stopped immediately", |results| {
            results.keys.server_stopped
        });
        self.row("  server killed", |results| results.keys.server_killed);
        self.row("  sent", |results| results.keys.sent);
        self.row("  of them cut by the client", |results| results.keys.cut);
        self.row("  of them without a whole answer", |results| {
            results.keys.lost
        });
        self.row("  of them answered with 503", |results| {
            results.keys.unavailable
        });
        self.row("  two copies at once", |results| results.keys.pairs);
        self.row("  refused by the rules", |results| results.keys.refused);
        self.row("  answered again with the same bytes", |results| {
            results.keys.repeated
        });
    }

    fn add_administration(&mut self) {
        self.row("commands of the operator", |results| {
            results.administration.commands
        });
        self.row("  minutes", |results| {
            format!("{:.1}", results.administration.time.as_secs_f64() / 60.0)
        });
        type Count = fn(&AdministrationCounts) -> u64;
        let counts: [(&str, Count); 17] = [
            ("  done", |counts| counts.done),
            ("  refused", |counts| counts.refused),
            ("  killed", |counts| counts.killed),
            ("  failed with the database", |counts| counts.failed),
            ("  boards deleted", |counts| counts.deleted),
            ("  boards imported", |counts| counts.imported),
            ("  participants forgotten", |counts| counts.forgotten),
            ("  SAVT killed", |counts| counts.kills.savt),
            ("  server stopped immediately", |counts| {
                counts.kills.server_stopped
            }),
            ("  server killed", |counts| counts.kills.server_killed),
            ("  receiver killed", |counts| counts.receiver_killed),
            ("  changes acknowledged", |counts| counts.changes.applied),
            ("    lost", |counts| counts.lost),
            ("  changes reported as not applied", |counts| {
                counts.changes.not_applied
            }),
            ("  changes with an unknown outcome", |counts| {
                counts.changes.unknown
            }),
            ("  messages received", |counts| counts.received),
            ("    without repetitions", |counts| counts.messages),
        ];
        for (title, count) in counts {
            self.row(title, |results| count(&results.administration));
        }
    }
}
