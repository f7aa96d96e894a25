//! What happened in this part, in numbers.

use std::{ops::AddAssign, time::Duration};

use super::command::{Outcome, Ran};
use crate::{ledger::OutcomeCounts, servers::Kills};

#[derive(Clone, Copy, Debug, Default)]
pub struct AdministrationCounts {
    pub time: Duration,
    pub commands: u64,
    /// Of the commands: done, refused, killed, and ended by a failure of the database.
    pub done: u64,
    pub refused: u64,
    pub killed: u64,
    pub failed: u64,
    /// Changes of people.
    pub changes: OutcomeCounts,
    /// Acknowledged changes that are missing.
    pub lost: u64,
    /// What commands reported as done; participants also by themselves.
    pub deleted: u64,
    pub forgotten: u64,
    pub imported: u64,
    pub kills: Kills,
    pub receiver_killed: u64,
    /// Messages that were received, with and without repetitions.
    pub received: u64,
    pub messages: u64,
}

impl AdministrationCounts {
    /// Adds a command that has ended.
    pub fn add(&mut self, ran: &Ran) {
        self.commands += 1;
        match ran.outcome {
            Outcome::Done => self.done += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Unknown if ran.is_killed => self.killed += 1,
            Outcome::Unknown => self.failed += 1,
        }
        if ran.outcome == Outcome::Done {
            let has_begun = |with: &str| ran.command.starts_with(with);
            self.deleted += u64::from(has_begun("boards delete"));
            self.imported += u64::from(has_begun("import"));
        }
    }
}

impl AddAssign for AdministrationCounts {
    fn add_assign(&mut self, other: AdministrationCounts) {
        self.time += other.time;
        self.commands += other.commands;
        self.done += other.done;
        self.refused += other.refused;
        self.killed += other.killed;
        self.failed += other.failed;
        self.changes += other.changes;
        self.lost += other.lost;
        self.deleted += other.deleted;
        self.forgotten += other.forgotten;
        self.imported += other.imported;
        self.kills += other.kills;
        self.receiver_killed += other.receiver_killed;
        self.received += other.received;
        self.messages += other.messages;
    }
}
