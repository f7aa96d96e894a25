//! Times in UTC, as text in the reader's language. The page's script converts them to the local time zone.

use maud::Markup;

use super::language::Texts;
use crate::model::Timestamp;

/// A `time` element: to the second for programs, to the minute for people.
pub(super) fn time(at: Timestamp, texts: &Texts) -> Markup {
    texts.time(at)
}

/// A time as plain text.
pub(super) fn to_the_minute(at: Timestamp, texts: &Texts) -> String {
    texts.date_and_time(at)
}

/// A time for scripts, to the millisecond.
pub(super) fn iso(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
