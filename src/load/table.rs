//! A report as a table for people who read a terminal.

use std::fmt::Write;

use super::{report::Report, tally::Spread, time::ms};

/// Columns wide enough for what stands in them; the first is text, the rest are numbers.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn spread(spread: &Spread) -> Vec<String> {
    match spread.count {
        0 => vec!["–".to_owned(); 5],
        _ => {
            let times = [
                spread.average_ms,
                spread.p50_ms,
                spread.p95_ms,
                spread.p99_ms,
                spread.max_ms,
            ];
            times.map(ms).to_vec()
        }
    }
}

/// Bytes in a unit people read.
pub(super) fn bytes(bytes: u64) -> String {
    match bytes as f64 {
        few if few < 10_000.0 => format!("{few:.0} B"),
        some if some < 10_000_000.0 => format!("{:.1} kB", some / 1e3),
        many => format!("{:.1} MB", many / 1e6),
    }
}

/// The whole table.
pub fn table(report: &Report) -> String {
    let mut out = String::new();
    let people = match report.people {
        1 => "1 person".to_owned(),
        people => format!("{people} people"),
    };
    let end = if report.interrupted {
        ", interrupted"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "{people} ({}, think {}) for {:.0} s{end}: {} requests, {:.1}/s\n",
        report.behaviour,
        report.think,
        report.duration_s,
        report.requests,
        report.requests_per_second,
    );
    out += &aligned(&actions(report));
    if !report.failures.is_empty() {
        let mut failures = vec![row(["failures", "count"])];
        for told in &report.failures {
            failures.push(row([
                &told.kind,
                &told.count.to_string(),
                &format!(" {}", told.example),
            ]));
        }
        let _ = write!(out, "\n{}", left(&failures));
    }
    let mut targets = vec![row(["target", "measured", ""])];
    for judged in &report.targets {
        let verdict = match judged.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "not judged",
        };
        targets.push(row([&judged.target, &judged.measured, verdict]));
    }
    let _ = write!(out, "\n{}\n", aligned(&targets));
    let generator = &report.generator;
    let _ = writeln!(
        out,
        "This program took {:.1} % of a core, {:.0} ms for 1,000 requests.",
        generator.cpu_percent, generator.cpu_ms_per_1000_requests
    );
    if let Some(warning) = generator.warning() {
        let _ = writeln!(out, "Beware: {warning}.");
    }
    let _ = writeln!(out, "{}", report.leftovers());
    out
}

fn actions(report: &Report) -> Vec<Vec<String>> {
    let head = row([
        "ms", "count", "failed", "average", "p50", "p95", "p99", "max", "bytes",
    ]);
    let mut rows = vec![head];
    for action in &report.actions {
        let mut cells = row([
            action.action,
            &action.times.count.to_string(),
            &action.failures.to_string(),
        ]);
        cells.extend(spread(&action.times));
        cells.push(bytes(action.bytes));
        rows.push(cells);
    }
    for (name, times) in [
        ("all waited for", &report.answers),
        ("veto to last stream", &report.shown),
    ] {
        if times.count > 0 {
            let mut cells = row([name, &times.count.to_string(), ""]);
            cells.extend(spread(times));
            rows.push(cells);
        }
    }
    rows
}

/// Like [`aligned`], but the last column is text.
fn left(rows: &[Vec<String>]) -> String {
    let (heads, tails): (Vec<_>, Vec<_>) = rows
        .iter()
        .map(|row| (row[..2].to_vec(), row.get(2).cloned().unwrap_or_default()))
        .unzip();
    let lines = aligned(&heads);
    let lines = lines.lines().zip(tails);
    lines
        .map(|(line, tail)| format!("{line} {tail}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_under_each_other() {
        let rows = [row(["veto", "9", "1.50"]), row(["take back", "1000", "–"])];
        assert_eq!(
            aligned(&rows),
            "veto          9  1.50\ntake back  1000     –\n"
        );
    }

    #[test]
    fn bytes_have_units() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(12_345), "12.3 kB");
        assert_eq!(bytes(12_345_678), "12.3 MB");
    }
}
