//! The commands that clients sent and their responses, to be compared with the log. Commands are identified by client and
//! arguments; each client uses unique names.

use std::{collections::BTreeMap, ops::AddAssign};

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

impl AddAssign for OutcomeCounts {
    fn add_assign(&mut self, other: OutcomeCounts) {
        self.applied += other.applied;
        self.not_applied += other.not_applied;
        self.unknown += other.unknown;
        self.unknown_applied += other.unknown_applied;
    }
}

/// The commands sent to one board.
#[derive(Default)]
pub struct Ledger(BTreeMap<String, OutcomeCounts>);

impl Ledger {
    pub fn add(&mut self, command: &str, outcome: ReportedOutcome) {
        let counts = self.0.entry(command.to_owned()).or_default();
        match outcome {
            ReportedOutcome::Applied => counts.applied += 1,
            ReportedOutcome::NotApplied => counts.not_applied += 1,
            ReportedOutcome::Unknown => counts.unknown += 1,
        }
    }

    pub fn merge(&mut self, other: Ledger) {
        for (command, counts) in other.0 {
            *self.0.entry(command).or_default() += counts;
        }
    }

    /// Compares all responses with the log: which changes are lost, and which are unexpected. Returns the sum.
    pub fn compare_with_log(
        mut self,
        log: &[Event],
        errors: &mut Vec<String>,
        lost: &mut u64,
    ) -> OutcomeCounts {
        let mut logged: BTreeMap<String, u64> = BTreeMap::new();
        for command in log.iter().filter_map(command_of) {
            *logged.entry(command).or_default() += 1;
        }
        for command in logged.keys() {
            self.0.entry(command.clone()).or_default();
        }
        let mut sum = OutcomeCounts::default();
        for (command, mut counts) in self.0 {
            let found = logged.get(&command).copied().unwrap_or(0);
            if found < counts.applied {
                *lost += counts.applied - found;
                errors.push(format!("lost: {command}: {counts:?}, {found} in the log"));
            }
            if found > counts.applied + counts.unknown {
                errors.push(format!(
                    "unexpected: {command}: {counts:?}, {found} in the log"
                ));
            }
            counts.unknown_applied = found.saturating_sub(counts.applied).min(counts.unknown);
            sum += counts;
        }
        sum
    }
}

/// The command of an event, as a client records it; none for events that clients do not record.
fn command_of(event: &Event) -> Option<String> {
    let by = &event.actor.name;
    Some(match &event.action {
        Action::CreatedItem { item, .. } => format!("{by} create {item}"),
        Action::Suggested { feature, .. } => format!("{by} suggest {feature}"),
        Action::Vetoed { feature, .. } => format!("{by} veto {feature}"),
        Action::WithdrewVeto { feature, .. } => format!("{by} unveto {feature}"),
        Action::Moved { feature, .. } => format!("{by} move {feature}"),
        Action::Merged { item, into, .. } => format!("{by} merge {item} into {into}"),
        Action::Split { item, .. } => format!("{by} split {item}"),
        _ => return None,
    })
}
