//! What was measured, for people (a table) and for programs (JSON).

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use serde::Serialize;

use super::{machine::Machine, spread::Spread};

/// One thing measured: a file of this bench.
#[derive(Serialize)]
struct Thing {
    thing: &'static str,
    /// What was played.
    how: String,
    /// What the limits beside its figures are.
    limit: &'static str,
    figures: Vec<Figure>,
}

/// One number, and what it is to be seen beside.
#[derive(Serialize)]
struct Figure {
    /// On which database.
    on: String,
    figure: String,
    value: f64,
    unit: &'static str,
    limit: Option<f64>,
    /// The value by the limit.
    ratio: Option<f64>,
}

#[derive(Serialize)]
pub struct Report {
    machine: Machine,
    things: Vec<Thing>,
    /// What was lost or failed.
    wrong: Vec<String>,
    #[serde(skip)]
    folder: PathBuf,
}

/// Figures of the thing begun last, on one database.
pub struct Part<'a> {
    report: &'a mut Report,
    on: &'a str,
}

impl Report {
    /// Will be written into this folder.
    pub fn into(folder: PathBuf) -> Report {
        Report {
            machine: Machine::this(),
            things: Vec::new(),
            wrong: Vec::new(),
            folder,
        }
    }

    /// From now on it is about another thing: how it was played, and what the limits beside its figures are.
    pub fn begin(&mut self, thing: &'static str, how: impl Into<String>, limit: &'static str) {
        self.things.push(Thing {
            thing,
            how: how.into(),
            limit,
            figures: Vec::new(),
        });
    }

    pub fn on<'a>(&'a mut self, on: &'a str) -> Part<'a> {
        Part { report: self, on }
    }

    /// Writes all of it; fails if anything was lost or failed.
    pub fn finish(self) -> ExitCode {
        let table = self.table();
        let json = serde_json::to_string_pretty(&self).unwrap();
        fs::write(self.folder.join("savt.txt"), &table).unwrap();
        fs::write(self.folder.join("savt.json"), json).unwrap();
        io::stdout().write_all(table.as_bytes()).unwrap();
        match self.wrong.is_empty() {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }

    fn table(&self) -> String {
        let Machine {
            date,
            commit,
            cores,
            cpu,
            load,
        } = &self.machine;
        let mut rows = vec![["figure", "on", "value", "unit", "limit", "ratio"].map(str::to_owned)];
        let figures = self.things.iter().flat_map(|thing| &thing.figures);
        rows.extend(figures.map(Figure::row));
        let mut lines = aligned(&rows).into_iter();
        let head = lines.next().unwrap_or_default();

        let mut table =
            format!("SAVT {commit}, {date}\n{cores} cores, {cpu}, load before {load}\n");
        for thing in &self.things {
            let Thing {
                thing,
                how,
                limit,
                figures,
            } = thing;
            let _ = writeln!(table, "\n{thing}: {how}\nlimit: {limit}\n{head}");
            for line in lines.by_ref().take(figures.len()) {
                let _ = writeln!(table, "{line}");
            }
        }
        table.push('\n');
        for wrong in &self.wrong {
            let _ = writeln!(table, "WRONG: {wrong}");
        }
        if self.wrong.is_empty() {
            table += "nothing was lost, nothing failed\n";
        }
        table
    }
}

impl Figure {
    fn row(&self) -> [String; 6] {
        [
            self.figure.clone(),
            self.on.clone(),
            short(self.value),
            self.unit.to_owned(),
            self.limit.map(short).unwrap_or_default(),
            self.ratio
                .map(|ratio| format!("{ratio:.2}"))
                .unwrap_or_default(),
        ]
    }
}

impl Part<'_> {
    pub fn figure(&mut self, figure: &str, value: f64, unit: &'static str, limit: Option<f64>) {
        let figure = Figure {
            on: self.on.to_owned(),
            figure: figure.to_owned(),
            value,
            unit,
            limit,
            ratio: limit
                .filter(|limit| *limit != 0.0)
                .map(|limit| value / limit),
        };
        self.thing().figures.push(figure);
    }

    /// A spread of times in milliseconds, beside another.
    pub fn times(&mut self, figure: &str, times: &Spread, limit: Option<&Spread>) {
        for (name, part) in Spread::TOLD {
            let figure = format!("{figure}, {name}");
            self.figure(&figure, part(times), "ms", limit.map(part));
        }
    }

    /// Something was lost, or failed.
    pub fn wrong(&mut self, what: impl IntoIterator<Item = String>) {
        let thing = self.thing().thing;
        let place = format!("{thing}, {}", self.on);
        let what = what.into_iter().map(|what| format!("{place}: {what}"));
        self.report.wrong.extend(what);
    }

    fn thing(&mut self) -> &mut Thing {
        self.report.things.last_mut().unwrap()
    }
}

/// Three digits that matter.
fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Rows as lines: numbers to the right, words to the left.
fn aligned(rows: &[[String; 6]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; 6] = std::array::from_fn(|column| width(column).unwrap_or_default());
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            2 | 4 | 5 => format!("{cell:>width$}"),
            _ => format!("{cell:<width$}"),
        });
        format!("  {}", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
