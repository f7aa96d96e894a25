//! The report as text for a terminal.

use std::fmt::Write;

use super::{duration::format_ms, report::Report, run_stats::LatencySummary};

/// A table whose columns fit their cells. The first column is text, the others are numbers.
fn format_table(rows: &[Vec<String>]) -> String {
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

fn latency_cells(summary: &LatencySummary) -> Vec<String> {
    match summary.count {
        0 => vec!["–".to_owned(); 5],
        _ => {
            let latencies = [
                summary.average_ms,
                summary.p50_ms,
                summary.p95_ms,
                summary.p99_ms,
                summary.max_ms,
            ];
            latencies.map(format_ms).to_vec()
        }
    }
}

/// A number of bytes in the unit that suits it.
pub(super) fn format_bytes(bytes: u64) -> String {
    match bytes as f64 {
        n if n < 10_000.0 => format!("{n:.0} B"),
        n if n < 10_000_000.0 => format!("{:.1} kB", n / 1e3),
        n => format!("{:.1} MB", n / 1e6),
    }
}

/// The summary, the tables of actions, failures and targets, and the notes.
pub fn report_table(report: &Report) -> String {
    let mut out = String::new();
    let users = match report.users {
        1 => "1 virtual user".to_owned(),
        users => format!("{users} virtual users"),
    };
    let interrupted = if report.interrupted {
        ", interrupted"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "{users} ({}, think time {}) for {:.0} s{interrupted}: {} requests, {:.1}/s\n",
        report.behaviour,
        report.think_time,
        report.duration_s,
        report.requests,
        report.requests_per_second,
    );
    out += &format_table(&actions(report));
    if !report.failures.is_empty() {
        let mut failures = vec![row(["failures", "count"])];
        for failure in &report.failures {
            failures.push(row([
                &failure.kind,
                &failure.count.to_string(),
                &format!(" {}", failure.example),
            ]));
        }
        let _ = write!(out, "\n{}", format_failures(&failures));
    }
    let mut targets = vec![row(["target", "measured", ""])];
    for target in &report.targets {
        let verdict = match target.is_met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "skipped",
        };
        targets.push(row([&target.target, &target.measured, verdict]));
    }
    let _ = write!(out, "\n{}\n", format_table(&targets));
    let generator = &report.generator;
    let _ = writeln!(
        out,
        "The load generator used {:.1} % of a core, {:.0} ms per 1,000 requests.",
        generator.cpu_percent, generator.cpu_ms_per_1000_requests
    );
    if let Some(warning) = generator.warning() {
        let _ = writeln!(out, "Warning: {warning}.");
    }
    let _ = writeln!(out, "{}", report.cleanup_hint());
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
            &action.response_time.count.to_string(),
            &action.failures.to_string(),
        ]);
        cells.extend(latency_cells(&action.response_time));
        cells.push(format_bytes(action.bytes));
        rows.push(cells);
    }
    for (name, summary) in [
        ("all responses", &report.responses),
        ("veto delivery", &report.delivery),
        ("agreed on all", &report.agreement),
    ] {
        if summary.count > 0 {
            let mut cells = row([name, &summary.count.to_string(), ""]);
            cells.extend(latency_cells(summary));
            rows.push(cells);
        }
    }
    rows
}

/// Like [`format_table`], but with text in the last column.
fn format_failures(rows: &[Vec<String>]) -> String {
    let (heads, tails): (Vec<_>, Vec<_>) = rows
        .iter()
        .map(|row| (row[..2].to_vec(), row.get(2).cloned().unwrap_or_default()))
        .unzip();
    let lines = format_table(&heads);
    let lines = lines.lines().zip(tails);
    lines
        .map(|(line, tail)| format!("{line} {tail}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_right_aligned() {
        let rows = [row(["veto", "9", "1.50"]), row(["take back", "1000", "–"])];
        assert_eq!(
            format_table(&rows),
            "veto          9  1.50\ntake back  1000     –\n"
        );
    }

    #[test]
    fn bytes_have_units() {
        assert_eq!(format_bytes(999), "999 B");
        assert_eq!(format_bytes(12_345), "12.3 kB");
        assert_eq!(format_bytes(12_345_678), "12.3 MB");
    }
}
