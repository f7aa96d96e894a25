//! Times as in RFC 3339, in UTC.

use chrono::{DateTime, Datelike, SecondsFormat, SubsecRound};

use crate::model::Timestamp;

/// With as many digits of a second as the time has.
pub(in crate::api) fn rfc_3339(at: Timestamp) -> String {
    at.and_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A time with any offset, to the microsecond. Programs expect years of four digits.
pub(in crate::api) fn parse(text: &str) -> Option<Timestamp> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.naive_utc();
    (1..=9_999)
        .contains(&at.year())
        .then(|| at.trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc() {
        for (text, expected) in [
            ("2030-01-02T03:04:05Z", "2030-01-02T03:04:05Z"),
            ("2030-01-02T03:04:05.25+02:00", "2030-01-02T01:04:05.250Z"),
            (
                "2030-01-02T03:04:05.0000019Z",
                "2030-01-02T03:04:05.000001Z",
            ),
        ] {
            let at = parse(text).map(rfc_3339);
            assert_eq!(at.as_deref(), Some(expected));
        }
        for text in [
            "",
            "2030-01-02",
            "2030-01-02T03:04:05",
            "2030-13-02T03:04:05Z",
            "soon",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
