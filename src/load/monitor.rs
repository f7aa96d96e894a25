//! What the server says of itself meanwhile, read from the metrics of its monitor, if that is to be had. Knows lines of
//! text, no server.

use serde::Serialize;

/// Some figures of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Figures {
    /// Open database connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) connections: Option<f64>,
    /// Those of them that somebody uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) connections_in_use: Option<f64>,
    /// Since the server began.
    #[serde(skip)]
    pub(super) cache_hits: Option<f64>,
    #[serde(skip)]
    pub(super) cache_misses: Option<f64>,
}

impl Figures {
    /// Reads the text format of Prometheus.
    pub(super) fn parse(text: &str) -> Figures {
        let mut figures = Figures::default();
        let add = |place: &mut Option<f64>, value: f64| *place = Some(place.unwrap_or(0.0) + value);
        for line in text.lines() {
            let Some((name, labels, value)) = sample(line) else {
                continue;
            };
            match name {
                "savt_db_connections" if labels.contains("state=\"in_use\"") => {
                    add(&mut figures.connections, value);
                    add(&mut figures.connections_in_use, value);
                }
                "savt_db_connections" if labels.contains("state=\"idle\"") => {
                    add(&mut figures.connections, value);
                }
                "savt_cache_hits_total" => add(&mut figures.cache_hits, value),
                "savt_cache_misses_total" => add(&mut figures.cache_misses, value),
                _ => {}
            }
        }
        figures
    }

    /// Cache hits in percent of all look-ups between two moments.
    pub(super) fn hits_percent_since(&self, before: &Figures) -> Option<f64> {
        let hits = self.cache_hits? - before.cache_hits.unwrap_or(0.0);
        let misses = self.cache_misses? - before.cache_misses.unwrap_or(0.0);
        (hits + misses > 0.0).then(|| hits * 100.0 / (hits + misses))
    }
}

/// The name, the labels and the value of a line.
fn sample(line: &str) -> Option<(&str, &str, f64)> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let (name, labels, rest) = match line.split_once('{') {
        Some((name, rest)) => {
            let (labels, rest) = rest.rsplit_once('}')?;
            (name, labels, rest)
        }
        None => {
            let (name, rest) = line.split_once(' ')?;
            (name, "", rest)
        }
    };
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some((name, labels, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_read_and_the_rest_is_not_known() {
        let text = "# TYPE savt_db_connections gauge\n\
            savt_db_connections{state=\"in_use\"} 3\n\
            savt_db_connections{pool=\"read\",state=\"idle\"} 4 1700000000\n\
            savt_db_connections{state=\"idle\"} 1\n\
            savt_db_connections_other 9\n\
            savt_cache_hits_total 90\n";
        let figures = Figures::parse(text);
        assert_eq!(figures.connections, Some(8.0));
        assert_eq!(figures.connections_in_use, Some(3.0));
        assert_eq!(figures.cache_hits, Some(90.0));
        assert_eq!(figures.cache_misses, None);
        assert_eq!(figures.hits_percent_since(&Figures::default()), None);
        assert_eq!(Figures::parse("<html>"), Figures::default());
    }

    #[test]
    fn hits_are_those_of_the_run() {
        let at = |hits, misses| Figures {
            cache_hits: Some(hits),
            cache_misses: Some(misses),
            ..Figures::default()
        };
        let share = at(190.0, 20.0).hits_percent_since(&at(100.0, 10.0));
        assert_eq!(share, Some(90.0));
        assert_eq!(at(1.0, 1.0).hits_percent_since(&at(1.0, 1.0)), None);
    }
}
