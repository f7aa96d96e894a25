//! The state of a histogram at one point in time, for arithmetic: differences, means and quantiles.

use prometheus::{Histogram, core::Metric};

/// The number of values up to each upper bound, since the start or between two snapshots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramSnapshot {
    /// Upper bounds in ascending order, each with the number of values up to it.
    buckets: Vec<(f64, u64)>,
    count: u64,
    sum: f64,
}

impl HistogramSnapshot {
    #[must_use]
    pub fn from_histogram(histogram: &Histogram) -> HistogramSnapshot {
        let metric = histogram.metric();
        let counted = metric.get_histogram();
        HistogramSnapshot {
            buckets: counted
                .get_bucket()
                .iter()
                .map(|bucket| (bucket.upper_bound(), bucket.cumulative_count()))
                .collect(),
            count: counted.get_sample_count(),
            sum: counted.get_sample_sum(),
        }
    }

    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The sum of all values.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// `None` if there are no values.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    /// The value below which this share (0 to 1) of all values lies, interpolated linearly between two bounds; `None` if there
    /// are no values. Values above the last bound count as that bound.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let rank = share * self.count as f64;
        let (mut below, mut lower_bound) = (0, 0.0);
        for &(bound, up_to) in &self.buckets {
            if up_to > below && up_to as f64 >= rank {
                let within = (rank - below as f64) / (up_to - below) as f64;
                return Some(lower_bound + (bound - lower_bound) * within);
            }
            (below, lower_bound) = (up_to, bound);
        }
        self.buckets.last().map(|(bound, _)| *bound)
    }

    /// The values added since an earlier snapshot of the same histogram.
    #[must_use]
    pub fn since(&self, earlier: &HistogramSnapshot) -> HistogramSnapshot {
        let before = |n: usize| earlier.buckets.get(n).map_or(0, |(_, up_to)| *up_to);
        let buckets = self.buckets.iter().enumerate();
        HistogramSnapshot {
            buckets: buckets
                .map(|(n, (bound, up_to))| (*bound, up_to.saturating_sub(before(n))))
                .collect(),
            count: self.count.saturating_sub(earlier.count),
            sum: (self.sum - earlier.sum).max(0.0),
        }
    }

    /// Adds the values of a snapshot with the same bounds.
    pub fn add(&mut self, other: &HistogramSnapshot) {
        if self.buckets.is_empty() {
            self.buckets.clone_from(&other.buckets);
        } else {
            for ((_, up_to), (_, more)) in self.buckets.iter_mut().zip(&other.buckets) {
                *up_to += more;
            }
        }
        self.count += other.count;
        self.sum += other.sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::instruments::histogram;

    fn snapshot(values: &[f64]) -> HistogramSnapshot {
        let histogram = histogram("h", "A histogram.", &[1.0, 2.0, 4.0]);
        for value in values {
            histogram.observe(*value);
        }
        HistogramSnapshot::from_histogram(&histogram)
    }

    #[test]
    fn an_empty_histogram_has_neither_mean_nor_quantile() {
        assert_eq!(snapshot(&[]).mean(), None);
        assert_eq!(snapshot(&[]).quantile(0.95), None);
        assert_eq!(HistogramSnapshot::default().quantile(0.5), None);
    }

    #[test]
    fn the_mean_is_exact() {
        assert_eq!(snapshot(&[0.5, 1.5, 4.0]).mean(), Some(2.0));
    }

    #[test]
    fn a_quantile_is_interpolated_between_two_bounds() {
        let snapshot = snapshot(&[0.5, 0.5, 1.5, 1.5, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!(snapshot.quantile(0.125), Some(0.5));
        assert_eq!(snapshot.quantile(0.25), Some(1.0));
        assert_eq!(snapshot.quantile(0.5), Some(2.0));
        assert_eq!(snapshot.quantile(0.75), Some(3.0));
        assert_eq!(snapshot.quantile(1.0), Some(4.0));
    }

    #[test]
    fn empty_buckets_are_skipped() {
        assert_eq!(snapshot(&[3.0, 3.0]).quantile(0.5), Some(3.0));
        assert_eq!(snapshot(&[3.0]).quantile(0.0), Some(2.0));
    }

    #[test]
    fn values_above_the_last_bound_count_as_that_bound() {
        assert_eq!(snapshot(&[100.0]).quantile(0.5), Some(4.0));
    }

    #[test]
    fn a_difference_holds_the_values_in_between() {
        let histogram = histogram("h", "A histogram.", &[1.0, 2.0, 4.0]);
        histogram.observe(3.0);
        let earlier = HistogramSnapshot::from_histogram(&histogram);
        histogram.observe(0.5);
        histogram.observe(1.5);
        let between = HistogramSnapshot::from_histogram(&histogram).since(&earlier);
        assert_eq!(between, snapshot(&[0.5, 1.5]));
        assert_eq!(
            HistogramSnapshot::from_histogram(&histogram)
                .since(&HistogramSnapshot::default())
                .count(),
            3
        );
    }

    #[test]
    fn snapshots_add_up() {
        let mut sum = HistogramSnapshot::default();
        sum.add(&snapshot(&[0.5]));
        sum.add(&snapshot(&[1.5, 100.0]));
        assert_eq!(sum, snapshot(&[0.5, 1.5, 100.0]));
    }
}
