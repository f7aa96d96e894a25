//! A run as it is reported: plain figures, for the table, the JSON file and the page alike.

use serde::Serialize;

use super::{
    action::Action,
    failure::Told,
    tally::{Count, Sample, Spread, Tally},
    target::{Figure, Judged, Targets},
};

/// The tables that hold what belongs to a board, those first that refer to others.
const ROWS: &str = "vetoes, features, items, browsers, participants, events";

#[derive(Debug, Serialize)]
pub struct Report {
    pub(super) savt: &'static str,
    pub(super) url: String,
    /// The addresses of the boards that were played on.
    pub(super) boards: Vec<String>,
    /// Whether they were made for this run.
    pub(super) own_boards: bool,
    /// UTC.
    pub(super) began: String,
    pub(super) behaviour: &'static str,
    pub(super) people: usize,
    pub(super) think: String,
    pub(super) ramp_s: f64,
    /// How long it really took.
    pub(super) duration_s: f64,
    /// Whether somebody ended it early.
    pub(super) interrupted: bool,
    pub(super) requests: u64,
    pub(super) requests_per_second: f64,
    pub(super) failures_percent: f64,
    /// All that people wait for.
    pub(super) answers: Spread,
    pub(super) actions: Vec<Row>,
    /// From a veto's answer to the last stream that shows it.
    pub(super) shown: Spread,
    pub(super) failures: Vec<Told>,
    pub(super) server: Server,
    pub(super) generator: Generator,
    pub(super) targets: Vec<Judged>,
    /// Whether no target was missed.
    pub(super) met: bool,
    pub(super) curve: Vec<Sample>,
}

/// One kind of action.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) action: &'static str,
    pub(super) failures: u64,
    /// Of bodies, as they were sent: compressed.
    pub(super) bytes: u64,
    #[serde(flatten)]
    pub(super) times: Spread,
    /// Without what a late start adds.
    pub(super) from_sending: Spread,
}

impl Row {
    fn of(action: Action, count: &Count) -> Option<Row> {
        let times = count.times.spread();
        (times.count + count.failed > 0).then(|| Row {
            action: action.name(),
            failures: count.failed,
            bytes: count.bytes,
            times,
            from_sending: count.from_sending.spread(),
        })
    }
}

/// What the server said of itself.
#[derive(Debug, Default, Serialize)]
pub(super) struct Server {
    pub(super) connections_max: Option<f64>,
    pub(super) cache_hits_percent: Option<f64>,
}

/// What this program took itself.
#[derive(Debug, Default, Serialize)]
pub(super) struct Generator {
    /// Of one core.
    pub(super) cpu_percent: f64,
    pub(super) cpu_ms_per_1000_requests: f64,
    /// How late it was to start what was due, while the person was free.
    pub(super) own_delay: Spread,
}

impl Generator {
    /// Why its figures may be its own fault, if they may.
    pub(super) fn warning(&self) -> Option<String> {
        let busy = self.cpu_percent > 80.0;
        let late = self.own_delay.p99_ms > 20.0;
        (busy || late).then(|| {
            format!(
                "the load was too much for this program itself ({:.0} % of a core, {:.0} ms late at the 99th percentile): the times are partly its own",
                self.cpu_percent, self.own_delay.p99_ms
            )
        })
    }
}

/// The figures of a tally, by action.
pub(super) fn rows(tally: &Tally) -> Vec<Row> {
    let rows = Action::ALL
        .iter()
        .map(|action| Row::of(*action, tally.of(*action)));
    rows.flatten().collect()
}

impl Report {
    /// Judges the run.
    pub(super) fn judge(&mut self, targets: &Targets) {
        self.targets = targets.judge(|figure| self.figure(figure));
        self.met = self.targets.iter().all(|judged| judged.met != Some(false));
    }

    fn figure(&self, figure: Figure) -> Option<f64> {
        let of = |spread: &Spread, value: f64| (spread.count > 0).then_some(value);
        let (answers, shown) = (&self.answers, &self.shown);
        match figure {
            Figure::Average => of(answers, answers.average_ms),
            Figure::P50 => of(answers, answers.p50_ms),
            Figure::P95 => of(answers, answers.p95_ms),
            Figure::P99 => of(answers, answers.p99_ms),
            Figure::Max => of(answers, answers.max_ms),
            Figure::ShownP95 => of(shown, shown.p95_ms),
            Figure::ShownP99 => of(shown, shown.p99_ms),
            Figure::Failures => Some(self.failures_percent),
            Figure::Rate => Some(self.requests_per_second),
            Figure::Connections => self.server.connections_max,
            Figure::CacheHits => self.server.cache_hits_percent,
        }
    }

    /// How to get rid of what the run left.
    pub(super) fn leftovers(&self) -> String {
        let boards = match self.boards.as_slice() {
            [board] => board.clone(),
            [first, .., last] => format!("{} boards from {first} to {last}", self.boards.len()),
            [] => String::new(),
        };
        match self.own_boards {
            true => format!(
                "Left behind: {boards}\nNo page lists it and nobody can guess its address. No command deletes a board; to drop it from the \
                 database while SAVT is stopped, delete the rows with its board_id from {ROWS}, then the row of boards whose slug ends the address."
            ),
            false => {
                format!(
                    "What was made stays on {boards} and can be undone in its history, event by event."
                )
            }
        }
    }
}
