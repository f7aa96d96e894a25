//! The measurements, as a table for people and as JSON for programs.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use serde::Serialize;

use super::{machine::Machine, percentiles::Percentiles};

/// One benchmark: a file of this folder.
#[derive(Serialize)]
struct BenchmarkReport {
    name: &'static str,
    /// What the clients did.
    setup: String,
    /// What the limits of the measurements are.
    limit: &'static str,
    measurements: Vec<Measurement>,
}

/// One value, and the limit to compare it with.
#[derive(Serialize)]
struct Measurement {
    database: String,
    name: String,
    value: f64,
    unit: &'static str,
    limit: Option<f64>,
    /// The value divided by the limit.
    ratio: Option<f64>,
}

#[derive(Serialize)]
pub struct Report {
    machine: Machine,
    benchmarks: Vec<BenchmarkReport>,
    /// What was lost or failed.
    errors: Vec<String>,
    #[serde(skip)]
    folder: PathBuf,
}

/// Measurements of the current benchmark on one database.
pub struct Section<'a> {
    report: &'a mut Report,
    database: &'a str,
}

impl Report {
    /// An empty report, to be written into this folder.
    pub fn new(folder: PathBuf) -> Report {
        Report {
            machine: Machine::current(),
            benchmarks: Vec::new(),
            errors: Vec::new(),
            folder,
        }
    }

    /// Starts a benchmark: what its clients do, and what the limits of its measurements are.
    pub fn begin(&mut self, name: &'static str, setup: impl Into<String>, limit: &'static str) {
        self.benchmarks.push(BenchmarkReport {
            name,
            setup: setup.into(),
            limit,
            measurements: Vec::new(),
        });
    }

    pub fn section<'a>(&'a mut self, database: &'a str) -> Section<'a> {
        Section {
            report: self,
            database,
        }
    }

    /// Writes the report. The exit code is a failure if anything was lost or failed.
    pub fn finish(self) -> ExitCode {
        let table = self.table();
        let json = serde_json::to_string_pretty(&self).unwrap();
        fs::write(self.folder.join("savt.txt"), &table).unwrap();
        fs::write(self.folder.join("savt.json"), json).unwrap();
        io::stdout().write_all(table.as_bytes()).unwrap();
        match self.errors.is_empty() {
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
        let mut rows =
            vec![["measurement", "database", "value", "unit", "limit", "ratio"].map(str::to_owned)];
        let benchmarks = self.benchmarks.iter();
        let measurements = benchmarks.flat_map(|benchmark| &benchmark.measurements);
        rows.extend(measurements.map(Measurement::row));
        let mut lines = align(&rows).into_iter();
        let head = lines.next().unwrap_or_default();

        let mut table =
            format!("SAVT {commit}, {date}\n{cores} cores, {cpu}, load before {load}\n");
        for benchmark in &self.benchmarks {
            let BenchmarkReport {
                name,
                setup,
                limit,
                measurements,
            } = benchmark;
            let _ = writeln!(table, "\n{name}: {setup}\nlimit: {limit}\n{head}");
            for line in lines.by_ref().take(measurements.len()) {
                let _ = writeln!(table, "{line}");
            }
        }
        table.push('\n');
        for error in &self.errors {
            let _ = writeln!(table, "ERROR: {error}");
        }
        if self.errors.is_empty() {
            table += "nothing was lost, nothing failed\n";
        }
        table
    }
}

impl Measurement {
    fn row(&self) -> [String; 6] {
        [
            self.name.clone(),
            self.database.clone(),
            format_number(self.value),
            self.unit.to_owned(),
            self.limit.map(format_number).unwrap_or_default(),
            self.ratio
                .map(|ratio| format!("{ratio:.2}"))
                .unwrap_or_default(),
        ]
    }
}

impl Section<'_> {
    pub fn measurement(&mut self, name: &str, value: f64, unit: &'static str, limit: Option<f64>) {
        let measurement = Measurement {
            database: self.database.to_owned(),
            name: name.to_owned(),
            value,
            unit,
            limit,
            ratio: limit
                .filter(|limit| *limit != 0.0)
                .map(|limit| value / limit),
        };
        self.benchmark().measurements.push(measurement);
    }

    /// The percentiles of times in milliseconds, with those of the limit.
    pub fn times(&mut self, name: &str, times: &Percentiles, limit: Option<&Percentiles>) {
        for (percentile, value) in Percentiles::REPORTED {
            let name = format!("{name}, {percentile}");
            self.measurement(&name, value(times), "ms", limit.map(value));
        }
    }

    /// Reports what was lost or failed.
    pub fn errors(&mut self, errors: impl IntoIterator<Item = String>) {
        let name = self.benchmark().name;
        let source = format!("{name}, {}", self.database);
        let errors = errors.into_iter().map(|error| format!("{source}: {error}"));
        self.report.errors.extend(errors);
    }

    fn benchmark(&mut self) -> &mut BenchmarkReport {
        self.report.benchmarks.last_mut().unwrap()
    }
}

/// Rounds to three significant digits.
fn format_number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Rows as lines, with numbers aligned right and text aligned left.
fn align(rows: &[[String; 6]]) -> Vec<String> {
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
