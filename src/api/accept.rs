//! Which media types a client accepts (RFC 9110, section 12.5.1).

use poem::http::{HeaderMap, header};

/// The media ranges of `Accept`. Without any, everything is accepted.
pub(super) struct Accept<'h> {
    ranges: Vec<Range<'h>>,
}

/// A media range.
struct Range<'h> {
    kind: &'h str,
    subtype: &'h str,
    weight: f32,
}

impl<'h> Accept<'h> {
    pub(super) fn of(headers: &'h HeaderMap) -> Accept<'h> {
        let values = headers.get_all(header::ACCEPT).iter();
        let ranges = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|range| !range.is_empty())
            .map(Range::parse);
        Accept {
            ranges: ranges.collect(),
        }
    }

    /// Whether one of these media types is accepted.
    pub(super) fn accepts(&self, media_types: &[&str]) -> bool {
        let mut media_types = media_types.iter();
        self.ranges.is_empty() || media_types.any(|media_type| self.weight(media_type) > 0.0)
    }

    /// Whether the client names a media type, and does not prefer another one.
    pub(super) fn asks_for(&self, media_type: &str, other: &str) -> bool {
        let range = self.range_of(media_type).filter(|range| range.is_exact());
        let weight = range.map_or(0.0, |range| range.weight);
        weight > 0.0 && weight >= self.weight(other)
    }

    /// From 0, not accepted, to 1.
    fn weight(&self, media_type: &str) -> f32 {
        self.range_of(media_type).map_or(0.0, |range| range.weight)
    }

    /// The most specific range decides.
    fn range_of(&self, media_type: &str) -> Option<&Range<'h>> {
        let matching = self.ranges.iter().filter(|range| range.matches(media_type));
        matching.max_by_key(|range| range.specificity())
    }
}

impl<'h> Range<'h> {
    fn parse(text: &'h str) -> Range<'h> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let (kind, subtype) = essence.split_once('/').unwrap_or((essence, ""));
        let mut weights = parts.filter_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
        });
        let weight = weights.next().and_then(|weight| weight.parse().ok());
        Range {
            kind,
            subtype,
            weight: weight.unwrap_or(1.0),
        }
    }

    fn matches(&self, media_type: &str) -> bool {
        let (kind, subtype) = media_type.split_once('/').unwrap_or((media_type, ""));
        (self.kind == "*" || self.kind.eq_ignore_ascii_case(kind))
            && (self.subtype == "*" || self.subtype.eq_ignore_ascii_case(subtype))
    }

    fn specificity(&self) -> usize {
        usize::from(self.kind != "*") + usize::from(self.subtype != "*")
    }

    fn is_exact(&self) -> bool {
        self.specificity() == 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "application/json";
    const STREAM: &str = "text/event-stream";

    fn with_accept<T>(accept: &str, ask: impl FnOnce(Accept) -> T) -> T {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        ask(Accept::of(&headers))
    }

    #[test]
    fn the_most_specific_range_decides() {
        for (accept, accepted) in [
            ("", true),
            ("*/*", true),
            ("application/*", true),
            ("Application/JSON; charset=utf-8", true),
            ("text/html, application/xhtml+xml, */*;q=0.8", true),
            ("text/html", false),
            ("application/json;q=0", false),
            ("*/*, application/json; q=0.0", false),
            ("application/*;q=0, application/json", true),
            ("nonsense", false),
        ] {
            let accepts = with_accept(accept, |accept| accept.accepts(&[JSON]));
            assert_eq!(accepts, accepted, "{accept}");
        }
        assert!(Accept::of(&HeaderMap::new()).accepts(&[JSON]));
    }

    #[test]
    fn a_stream_has_to_be_asked_for() {
        for (accept, asks) in [
            ("", false),
            ("*/*", false),
            ("text/*", false),
            ("application/json", false),
            ("text/event-stream", true),
            ("Text/Event-Stream; q=0.5", true),
            ("text/event-stream, */*", true),
            ("application/json, text/event-stream", true),
            ("application/json;q=0.9, text/event-stream", true),
            ("application/json, text/event-stream;q=0.9", false),
            ("application/json;q=0, text/event-stream;q=0", false),
        ] {
            let found = with_accept(accept, |accept| accept.asks_for(STREAM, JSON));
            assert_eq!(found, asks, "{accept}");
        }
        assert!(!Accept::of(&HeaderMap::new()).asks_for(STREAM, JSON));
    }
}
