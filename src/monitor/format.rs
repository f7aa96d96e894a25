//! Formats values for the page.

use std::time::Duration;

/// A duration in seconds, in the unit that suits it.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 0.000_995 => format!("{:.0} µs", s * 1e6),
        s if s < 0.009_95 => format!("{:.1} ms", s * 1e3),
        s if s < 0.999_5 => format!("{:.0} ms", s * 1e3),
        s => format!("{s:.1} s"),
    }
}

/// A share (0 to 1) as a percentage.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent.abs() {
        p if p > 0.0 && p < 9.95 => format!("{percent:.1} %"),
        // Rounds down, because 99.96 % must not read as 100 %.
        _ => format!("{} %", (percent + 1e-9).floor()),
    }
}

/// A duration in its two largest units.
pub(super) fn uptime(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

/// A number of bytes in MiB.
pub(super) fn mebibytes(bytes: f64) -> String {
    format!("{:.1} MiB", bytes / (1024.0 * 1024.0))
}

/// `1234567` becomes `1,234,567`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (n, digit) in digits.char_indices() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_shares_are_short() {
        let times = [0.000_05, 0.001, 0.0123, 0.25, 1.0, 12.34].map(duration);
        assert_eq!(
            times,
            ["50 µs", "1.0 ms", "12 ms", "250 ms", "1.0 s", "12.3 s"]
        );
        let shares = [0.0, 0.001, 0.5, 0.9996, 1.0].map(percent);
        assert_eq!(shares, ["0 %", "0.1 %", "50 %", "99 %", "100 %"]);
    }

    #[test]
    fn large_numbers_are_grouped() {
        let numbers = [0, 999, 1_000, 1_234_567].map(thousands);
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567"]);
        let uptimes = [5, 65, 3_700, 90_000].map(|s| uptime(Duration::from_secs(s)));
        assert_eq!(uptimes, ["5 s", "1 min 5 s", "1 h 1 min", "1 d 1 h"]);
        assert_eq!(mebibytes(12.5 * 1024.0 * 1024.0), "12.5 MiB");
    }
}
