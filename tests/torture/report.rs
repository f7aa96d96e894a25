//! What a run came to.

use std::{fmt::Write, time::Duration};

use savt::db::Backend;

use crate::ledger::Tally;

/// What became of the full disk.
pub enum Full {
    /// It could not be mounted.
    Untried,
    /// So many changes were refused.
    Refused(u64),
}

pub struct Figures {
    pub backend: Backend,
    pub time: Duration,
    pub rounds: u32,
    pub savt_killed: u32,
    pub killed_at_start: u32,
    pub server_stopped: u32,
    pub server_killed: u32,
    pub wishes: Tally,
    pub lost: u64,
    /// Each thing that is not as it has to be.
    pub wrong: Vec<String>,
    pub full: Full,
    pub slowest_start: Duration,
    pub slowest_back: Duration,
}

impl Figures {
    pub fn of(backend: Backend) -> Figures {
        Figures {
            backend,
            time: Duration::ZERO,
            rounds: 0,
            savt_killed: 0,
            killed_at_start: 0,
            server_stopped: 0,
            server_killed: 0,
            wishes: Tally::default(),
            lost: 0,
            wrong: Vec::new(),
            full: Full::Untried,
            slowest_start: Duration::ZERO,
            slowest_back: Duration::ZERO,
        }
    }

    pub fn fine(&self) -> bool {
        self.lost == 0 && self.wrong.is_empty()
    }
}

/// All figures side by side, and all that was wrong.
pub fn table(all: &[Figures], seed: u64) -> String {
    let mut table = String::new();
    let mut row = |title: &str, value: &dyn Fn(&Figures) -> String| {
        let values: String = all.iter().map(|of| format!("{:>14}", value(of))).collect();
        let _ = writeln!(table, "{title:<44}{values}");
    };
    row(&format!("torture --seed {seed}"), &|of| {
        match of.backend {
            Backend::Sqlite => "SQLite",
            Backend::Postgres => "PostgreSQL",
        }
        .to_owned()
    });
    row("minutes", &|of| {
        format!("{:.1}", of.time.as_secs_f64() / 60.0)
    });
    row("rounds", &|of| of.rounds.to_string());
    row("SAVT killed", &|of| of.savt_killed.to_string());
    row("SAVT killed while it started", &|of| {
        of.killed_at_start.to_string()
    });
    row("server stopped at once", &|of| {
        of.server_stopped.to_string()
    });
    row("server killed", &|of| of.server_killed.to_string());
    row("changes answered: done", &|of| of.wishes.done.to_string());
    row("  lost", &|of| of.lost.to_string());
    row("changes answered: nothing was changed", &|of| {
        of.wishes.nothing.to_string()
    });
    row("changes without an answer, or perhaps done", &|of| {
        of.wishes.perhaps.to_string()
    });
    row("  of them done", &|of| of.wishes.kept.to_string());
    row("refused on a full disk", &|of| match of.full {
        Full::Untried => "not tried".to_owned(),
        Full::Refused(refused) => refused.to_string(),
    });
    row("slowest start", &|of| {
        format!("{} ms", of.slowest_start.as_millis())
    });
    row("slowest until changes were granted again", &|of| {
        format!("{} ms", of.slowest_back.as_millis())
    });
    row("wrong", &|of| of.wrong.len().to_string());
    for wrong in all.iter().flat_map(|of| &of.wrong) {
        let _ = writeln!(table, "{wrong}");
    }
    table
}
