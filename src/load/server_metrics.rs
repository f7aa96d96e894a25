//! Parses the server's own metrics from the text that its monitor serves. Sends no requests.

use serde::Serialize;

/// The metrics that the report uses. Those that the text lacks are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct ServerMetrics {
    /// Open database connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) connections: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) connections_in_use: Option<f64>,
    /// Total since the server started.
    #[serde(skip)]
    pub(super) cache_hits: Option<f64>,
    #[serde(skip)]
    pub(super) cache_misses: Option<f64>,
}

impl ServerMetrics {
    /// Parses the Prometheus text format.
    pub(super) fn parse(text: &str) -> ServerMetrics {
        let mut metrics = ServerMetrics::default();
        let add = |sum: &mut Option<f64>, value: f64| *sum = Some(sum.unwrap_or(0.0) + value);
        for line in text.lines() {
            let Some((name, labels, value)) = parse_line(line) else {
                continue;
            };
            match name {
                "savt_db_connections" if labels.contains("state=\"in_use\"") => {
                    add(&mut metrics.connections, value);
                    add(&mut metrics.connections_in_use, value);
                }
                "savt_db_connections" if labels.contains("state=\"idle\"") => {
                    add(&mut metrics.connections, value);
                }
                "savt_cache_hits_total" => add(&mut metrics.cache_hits, value),
                "savt_cache_misses_total" => add(&mut metrics.cache_misses, value),
                _ => {}
            }
        }
        metrics
    }

    /// Cache hits since an earlier time, in percent of all look-ups.
    pub(super) fn cache_hits_percent_since(&self, before: &ServerMetrics) -> Option<f64> {
        let hits = self.cache_hits? - before.cache_hits.unwrap_or(0.0);
        let misses = self.cache_misses? - before.cache_misses.unwrap_or(0.0);
        (hits + misses > 0.0).then(|| hits * 100.0 / (hits + misses))
    }
}

/// The name, the labels and the value on a line.
fn parse_line(line: &str) -> Option<(&str, &str, f64)> {
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
    fn missing_metrics_are_none() {
        let text = "# TYPE savt_db_connections gauge\n\
            savt_db_connections{state=\"in_use\"} 3\n\
            savt_db_connections{pool=\"read\",state=\"idle\"} 4 1700000000\n\
            savt_db_connections{state=\"idle\"} 1\n\
            savt_db_connections_other 9\n\
            savt_cache_hits_total 90\n";
        let metrics = ServerMetrics::parse(text);
        assert_eq!(metrics.connections, Some(8.0));
        assert_eq!(metrics.connections_in_use, Some(3.0));
        assert_eq!(metrics.cache_hits, Some(90.0));
        assert_eq!(metrics.cache_misses, None);
        assert_eq!(
            metrics.cache_hits_percent_since(&ServerMetrics::default()),
            None
        );
        assert_eq!(ServerMetrics::parse("<html>"), ServerMetrics::default());
    }

    #[test]
    fn only_cache_hits_of_the_run_count() {
        let at = |hits, misses| ServerMetrics {
            cache_hits: Some(hits),
            cache_misses: Some(misses),
            ..ServerMetrics::default()
        };
        let percent = at(190.0, 20.0).cache_hits_percent_since(&at(100.0, 10.0));
        assert_eq!(percent, Some(90.0));
        assert_eq!(at(1.0, 1.0).cache_hits_percent_since(&at(1.0, 1.0)), None);
    }
}
