//! Strict parser for Prometheus's text format, version 0.0.4: every deviation fails the test.

use std::collections::{BTreeMap, BTreeSet};

/// The parsed response of `/metrics`.
pub struct Exposition {
    samples: BTreeMap<Series, f64>,
    kinds: BTreeMap<String, String>,
}

/// A name and its labels.
type Series = (String, BTreeMap<String, String>);

impl Exposition {
    /// Checks that each metric has its help, its type and then its samples, once and together, and that histograms add
    /// up.
    pub fn parse(text: &str) -> Exposition {
        assert!(text.ends_with('\n'), "the last line is not terminated");
        let mut exposition = Exposition {
            samples: BTreeMap::new(),
            kinds: BTreeMap::new(),
        };
        let mut helped = BTreeSet::new();
        let mut current = String::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                assert!(!help.is_empty(), "{name} has no help");
                assert!(helped.insert(name.to_owned()), "{name} twice");
                current = name.to_owned();
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                assert_eq!(name, current, "a type without its help");
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
                let before = exposition.kinds.insert(name.to_owned(), kind.to_owned());
                assert_eq!(before, None, "{name} twice");
            } else {
                let (series, value) = sample(line);
                let kind = &exposition.kinds[&current];
                assert!(belongs(&series.0, &current, kind), "{line} among {current}");
                assert!(value >= 0.0 || kind == "gauge", "{line}");
                assert_eq!(
                    exposition.samples.insert(series, value),
                    None,
                    "{line} twice"
                );
            }
        }
        exposition.check_histograms();
        exposition
    }

    fn check_histograms(&self) {
        let histograms = self.kinds.iter().filter(|(_, kind)| *kind == "histogram");
        for (name, _) in histograms {
            let counts = self.all(&format!("{name}_count"));
            assert!(!counts.is_empty(), "{name}");
            for (labels, count) in counts {
                let sum = (format!("{name}_sum"), labels.clone());
                assert!(self.samples.contains_key(&sum), "{name} has no sum");
                let mut buckets: Vec<(f64, f64)> = self
                    .all(&format!("{name}_bucket"))
                    .into_iter()
                    .filter_map(|(mut bucket, value)| {
                        let bound = bucket.remove("le").unwrap();
                        (bucket == labels).then(|| (number(&bound), value))
                    })
                    .collect();
                buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
                assert!(buckets.is_sorted_by_key(|(_, value)| *value), "{name}");
                assert_eq!(buckets.last(), Some(&(f64::INFINITY, count)), "{name}");
            }
        }
    }

    fn all(&self, name: &str) -> Vec<(BTreeMap<String, String>, f64)> {
        let samples = self.samples.iter().filter(|((known, _), _)| known == name);
        samples
            .map(|((_, labels), value)| (labels.clone(), *value))
            .collect()
    }

    /// The value of the metric with exactly these labels, if present.
    pub fn get(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let labels = labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.samples.get(&(name.to_owned(), labels)).copied()
    }

    /// The value of a metric without labels. Panics if it is missing.
    #[track_caller]
    pub fn one(&self, name: &str) -> f64 {
        self.get(name, &[])
            .unwrap_or_else(|| panic!("no metric {name} among {:?}", self.kinds.keys()))
    }

    /// The number of requests on a route with a method and status.
    pub fn requests(&self, method: &str, route: &str, status: u16) -> f64 {
        let status = status.to_string();
        let labels = [("route", route), ("method", method), ("status", &status)];
        self.get("savt_http_requests_total", &labels).unwrap_or(0.0)
    }

    /// All values of a label, over all metrics.
    pub fn values_of(&self, label: &str) -> BTreeSet<String> {
        let labels = self
            .samples
            .keys()
            .filter_map(|(_, labels)| labels.get(label));
        labels.cloned().collect()
    }
}

fn belongs(sample: &str, family: &str, kind: &str) -> bool {
    match (sample.strip_prefix(family), kind) {
        (Some(""), kind) => kind != "histogram",
        (Some("_bucket" | "_sum" | "_count"), "histogram") => true,
        _ => false,
    }
}

/// `name{label="value",…} number`
fn sample(line: &str) -> (Series, f64) {
    let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap());
    assert_name(name);
    let mut labels = BTreeMap::new();
    let mut rest = rest;
    if let Some(mut inner) = rest.strip_prefix('{') {
        loop {
            let (label, value) = inner.split_once("=\"").unwrap();
            assert_name(label);
            let (value, after) = quoted(value);
            assert_eq!(labels.insert(label.to_owned(), value), None, "{line}");
            match after.strip_prefix(',') {
                Some(more) => inner = more,
                None => {
                    rest = after.strip_prefix('}').unwrap();
                    break;
                }
            }
        }
    }
    let value = number(rest.strip_prefix(' ').unwrap());
    ((name.to_owned(), labels), value)
}

fn assert_name(name: &str) {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || c == '_';
    assert!(
        name.chars().all(is_valid) && !name.starts_with(|c: char| c.is_ascii_digit()),
        "{name}"
    );
    assert!(!name.is_empty());
}

/// Returns the quoted text and the rest after it.
fn quoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((n, c)) = chars.next() {
        match c {
            '"' => return (value, &text[n + 1..]),
            '\\' => value.push(match chars.next().unwrap().1 {
                'n' => '\n',
                c @ ('\\' | '"') => c,
                c => panic!("\\{c}"),
            }),
            c => value.push(c),
        }
    }
    panic!("unterminated string: {text}");
}

fn number(text: &str) -> f64 {
    match text {
        "+Inf" => f64::INFINITY,
        text => {
            let value: f64 = text.parse().unwrap();
            assert!(value.is_finite(), "{text}");
            value
        }
    }
}
