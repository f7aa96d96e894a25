//! What was asked for and what was answered, to be compared with the log. Each wish is told from all others by who asked for
//! what, in names that nobody else gives.

use std::{collections::BTreeMap, ops::AddAssign};

use savt::model::{Action, Event};

/// What became of a wish, as its answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It was done.
    Done,
    /// Nothing was changed.
    Nothing,
    /// Nobody knows, or no answer came.
    Perhaps,
}

/// How often a wish was answered in each way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub done: u64,
    pub nothing: u64,
    pub perhaps: u64,
    /// How many of those of which nobody knew were done.
    pub kept: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.done += other.done;
        self.nothing += other.nothing;
        self.perhaps += other.perhaps;
        self.kept += other.kept;
    }
}

/// What was asked for on one board.
#[derive(Default)]
pub struct Ledger(BTreeMap<String, Tally>);

impl Ledger {
    pub fn add(&mut self, wish: &str, answered: Answered) {
        let tally = self.0.entry(wish.to_owned()).or_default();
        match answered {
            Answered::Done => tally.done += 1,
            Answered::Nothing => tally.nothing += 1,
            Answered::Perhaps => tally.perhaps += 1,
        }
    }

    pub fn merge(&mut self, other: Ledger) {
        for (wish, tally) in other.0 {
            *self.0.entry(wish).or_default() += tally;
        }
    }

    /// Compares all answers with the log: what is lost, and what is there although it should not be. Gives the sum.
    pub fn judge(mut self, log: &[Event], wrong: &mut Vec<String>, lost: &mut u64) -> Tally {
        let mut logged: BTreeMap<String, u64> = BTreeMap::new();
        for wish in log.iter().filter_map(wish) {
            *logged.entry(wish).or_default() += 1;
        }
        for wish in logged.keys() {
            self.0.entry(wish.clone()).or_default();
        }
        let mut sum = Tally::default();
        for (wish, mut tally) in self.0 {
            let there = logged.get(&wish).copied().unwrap_or(0);
            if there < tally.done {
                *lost += tally.done - there;
                wrong.push(format!("lost: {wish}: {tally:?}, {there} in the log"));
            }
            if there > tally.done + tally.perhaps {
                wrong.push(format!(
                    "not to be there: {wish}: {tally:?}, {there} in the log"
                ));
            }
            tally.kept = there.saturating_sub(tally.done).min(tally.perhaps);
            sum += tally;
        }
        sum
    }
}

/// The wish an event came from, as a writer enters it; none for what nobody enters.
fn wish(event: &Event) -> Option<String> {
    let by = &event.actor.name;
    Some(match &event.action {
        Action::CreatedItem { item, .. } => format!("{by} create {item}"),
        Action::Suggested { feature, .. } => format!("{by} suggest {feature}"),
        Action::Vetoed { feature, .. } => format!("{by} veto {feature}"),
        Action::TookBack { feature, .. } => format!("{by} unveto {feature}"),
        Action::Moved { feature, .. } => format!("{by} move {feature}"),
        Action::Merged { item, into, .. } => format!("{by} merge {item} into {into}"),
        Action::Split { item, .. } => format!("{by} split {item}"),
        _ => return None,
    })
}
