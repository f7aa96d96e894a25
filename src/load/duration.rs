//! Parses and formats durations: `5m`, `200ms`, `30d`, `1.6 ms`.

use std::time::Duration;

/// Parses `5m`, `20s`, `200ms`, `1h`, `30d` or a bare number of seconds.
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &text[..text.len() - unit.len()];
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        _ => return Err(invalid(text)),
    };
    let number: f64 = number.parse().map_err(|_| invalid(text))?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| invalid(text))
}

fn invalid(text: &str) -> String {
    format!("{text:?} is not a duration; use a format such as 200ms, 20s, 5m, 1h or 30d")
}

/// Parses a duration greater than zero.
pub fn parse_positive(text: &str) -> Result<Duration, String> {
    match parse(text)? {
        Duration::ZERO => Err("must be greater than zero".to_owned()),
        duration => Ok(duration),
    }
}

/// Milliseconds with three significant digits, without the unit.
pub fn format_ms(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.2}"),
        ms if ms < 100.0 => format!("{ms:.1}"),
        ms => format!("{ms:.0}"),
    }
}

/// A duration in the largest unit in which it is a whole number, else in seconds.
pub fn format_duration(duration: Duration) -> String {
    let ms = duration.as_millis();
    match ms {
        0 => "0".to_owned(),
        ms if ms % 3_600_000 == 0 => format!("{}h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{}m", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("{}s", ms / 1_000),
        ms if ms < 1_000 => format!("{ms}ms"),
        ms => format!("{:.1}s", ms as f64 / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed() {
        for (text, ms) in [
            ("0", 0),
            ("5m", 300_000),
            ("20s", 20_000),
            ("1.5s", 1_500),
            ("200ms", 200),
            ("2", 2_000),
            ("1h", 3_600_000),
            ("365d", 31_536_000_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for text in ["", "s", "-1s", "5 parsecs", "1e99h", "..s"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse_positive("0").is_err());
    }

    #[test]
    fn durations_are_formatted() {
        assert_eq!(format_duration(Duration::from_secs(300)), "5m");
        assert_eq!(format_duration(Duration::from_millis(200)), "200ms");
        assert_eq!(format_duration(Duration::from_millis(2_500)), "2.5s");
        assert_eq!(format_ms(1.234), "1.23");
        assert_eq!(format_ms(1234.5), "1234");
    }
}
