//! The commands that clients sent and their responses, to be compared with the log. Commands are identified by client and
//! arguments; each client uses unique names.

use std::{collections::BTreeMap, ops::AddAssign, time::Instant};

use savt::model::{Action, Event};

/// The outcome of a command according to its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportedOutcome {
    Applied,
    NotApplied,
    /// The response says that the outcome is uncertain, or there was none.
    Unknown,
}

/// How often each outcome was reported for a command.
#[derive(Clone, Copy, Debug, Default)]
pub struct OutcomeCounts {
    pub applied: u64,
    pub not_applied: u64,
    pub unknown: u64,
    /// How many of the unknown ones were applied.
    pub unknown_applied: u64,
}

impl OutcomeCounts {
    fn of(reports: &[Report]) -> OutcomeCounts {
        let mut counts = OutcomeCounts::default();
        for report in reports {
            match report.outcome {
                ReportedOutcome::Applied => counts.applied += 1,
                ReportedOutcome::NotApplied => counts.not_applied += 1,
                ReportedOutcome::Unknown => counts.unknown += 1,
            }
        }
        counts
    }
}

impl AddAssign for OutcomeCounts {
    fn add_assign(&mut self, other: OutcomeCounts) {
        self.applied += other.applied;
        self.not_applied += other.not_applied;
        self.unknown += other.unknown;
        self.unknown_applied += other.unknown_applied;
    }
}

/// A response to a command.
#[derive(Clone, Copy)]
struct Report {
    outcome: ReportedOutcome,
    sent: Instant,
    answered: Instant,
}

/// The commands sent to one board.
#[derive(Clone, Default)]
pub struct Ledger(BTreeMap<String, Vec<Report>>);

/// What differs between the responses and the log.
pub struct Difference {
    pub command: String,
    /// How many acknowledged changes are missing; 0 if there are too many.
    pub lost: u64,
    pub text: String,
}

impl Ledger {
    pub fn add(&mut self, command: &str, outcome: ReportedOutcome) {
        self.add_sent(Instant::now(), command, outcome);
    }

    /// Adds a command that was sent at a known time and is answered now.
    pub fn add_sent(&mut self, sent: Instant, command: &str, outcome: ReportedOutcome) {
        let report = Report {
            outcome,
            sent,
            answered: Instant::now(),
        };
        self.0.entry(command.to_owned()).or_default().push(report);
    }

    pub fn merge(&mut self, other: Ledger) {
        for (command, reports) in other.0 {
            self.0.entry(command).or_default().extend(reports);
        }
    }

    /// The sum of all responses.
    pub fn counts(&self) -> OutcomeCounts {
        let mut sum = OutcomeCounts::default();
        for reports in self.0.values() {
            sum += OutcomeCounts::of(reports);
        }
        sum
    }

    /// What remains after the board was replaced at a moment between two times: of what was under way then, nobody knows whether
    /// it came before.
    pub fn after(&self, (begin, end): (Instant, Instant)) -> Ledger {
        let mut later = Ledger::default();
        for (command, reports) in &self.0 {
            let reports = reports.iter().filter_map(|report| {
                let mut report = *report;
                if report.sent < end && report.outcome == ReportedOutcome::Applied {
                    report.outcome = ReportedOutcome::Unknown;
                }
                (report.answered >= begin || report.outcome == ReportedOutcome::Unknown)
                    .then_some(report)
            });
            let reports: Vec<_> = reports.collect();
            later.0.insert(command.clone(), reports);
        }
        later
    }

    /// Compares all responses with the log: which changes are lost, and which are unexpected. Returns the sum.
    pub fn compare_with_log(
        self,
        log: &[Event],
        errors: &mut Vec<String>,
        lost: &mut u64,
    ) -> OutcomeCounts {
        let commands = log.iter().filter_map(|event| {
            let command = command_of(event)?;
            Some(format!("{} {command}", event.actor.name))
        });
        let (sum, differences) = self.compare(commands);
        for difference in differences {
            *lost += difference.lost;
            errors.push(difference.text);
        }
        sum
    }

    /// Compares all responses with what the log says. Returns the sum, and what differs.
    pub fn compare(
        mut self,
        commands: impl Iterator<Item = String>,
    ) -> (OutcomeCounts, Vec<Difference>) {
        let mut logged: BTreeMap<String, u64> = BTreeMap::new();
        for command in commands {
            *logged.entry(command).or_default() += 1;
        }
        for command in logged.keys() {
            self.0.entry(command.clone()).or_default();
        }
        let (mut sum, mut differences) = (OutcomeCounts::default(), Vec::new());
        for (command, reports) in self.0 {
            let found = logged.get(&command).copied().unwrap_or(0);
            let mut counts = OutcomeCounts::of(&reports);
            if found < counts.applied {
                differences.push(Difference {
                    lost: counts.applied - found,
                    text: format!("lost: {command}: {counts:?}, {found} in the log"),
                    command,
                });
            } else if found > counts.applied + counts.unknown {
                differences.push(Difference {
                    lost: 0,
                    text: format!("unexpected: {command}: {counts:?}, {found} in the log"),
                    command,
                });
            }
            counts.unknown_applied = found.saturating_sub(counts.applied).min(counts.unknown);
            sum += counts;
        }
        (sum, differences)
    }
}

/// What an event did, as a client records it; none for events that clients do not record.
pub fn command_of(event: &Event) -> Option<String> {
    Some(match &event.action {
        Action::CreatedItem { item, .. } => format!("create {item}"),
        Action::Suggested { feature, .. } => format!("suggest {feature}"),
        Action::Vetoed { feature, .. } => format!("veto {feature}"),
        Action::WithdrewVeto { feature, .. } => format!("unveto {feature}"),
        Action::Moved { feature, .. } => format!("move {feature}"),
        Action::Merged { item, into, .. } => format!("merge {item} into {into}"),
        Action::Split { item, .. } => format!("split {item}"),
        _ => return None,
    })
}
