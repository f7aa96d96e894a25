//! Durations as they are typed and shown: `5m`, `200ms`, `1.6 ms`.

use std::time::Duration;

/// Reads `5m`, `20s`, `200ms`, `1h` or a bare number of seconds.
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &text[..text.len() - unit.len()];
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return Err(wrong(text)),
    };
    let number: f64 = number.parse().map_err(|_| wrong(text))?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| wrong(text))
}

fn wrong(text: &str) -> String {
    format!("{text:?} is no duration; write 200ms, 20s, 5m or 1h")
}

/// Reads a duration that is not nothing.
pub fn parse_some(text: &str) -> Result<Duration, String> {
    match parse(text)? {
        Duration::ZERO => Err("must be longer than nothing".to_owned()),
        some => Ok(some),
    }
}

/// Milliseconds with the digits that matter, without the unit.
pub fn ms(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.2}"),
        ms if ms < 100.0 => format!("{ms:.1}"),
        ms => format!("{ms:.0}"),
    }
}

/// A duration in the largest unit that leaves it whole, or in seconds.
pub fn short(duration: Duration) -> String {
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
    fn durations_are_read() {
        for (text, ms) in [
            ("0", 0),
            ("5m", 300_000),
            ("20s", 20_000),
            ("1.5s", 1_500),
            ("200ms", 200),
            ("2", 2_000),
            ("1h", 3_600_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for text in ["", "s", "-1s", "5 parsecs", "1e99h", "..s"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse_some("0").is_err());
    }

    #[test]
    fn durations_are_shown() {
        assert_eq!(short(Duration::from_secs(300)), "5m");
        assert_eq!(short(Duration::from_millis(200)), "200ms");
        assert_eq!(short(Duration::from_millis(2_500)), "2.5s");
        assert_eq!(ms(1.234), "1.23");
        assert_eq!(ms(1234.5), "1234");
    }
}
