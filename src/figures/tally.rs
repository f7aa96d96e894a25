//! A histogram at one moment, for arithmetic: what came between two moments, the mean of it, its quantiles.

use prometheus::{Histogram, core::Metric};

/// How many there were up to each upper bound, all since the start or between two moments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Upper bounds that rise, each with the number of values up to it.
    buckets: Vec<(f64, u64)>,
    count: u64,
    sum: f64,
}

impl Tally {
    /// What a histogram has counted so far.
    #[must_use]
    pub fn of(histogram: &Histogram) -> Tally {
        let metric = histogram.metric();
        let counted = metric.get_histogram();
        Tally {
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

    /// All values together, in their unit.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// None of nothing.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    /// The value below which this share (0 to 1) of all lies, supposed that those between two bounds lie evenly; none of
    /// nothing. What lies above the last bound counts as this bound.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let rank = share * self.count as f64;
        let (mut below, mut bound_below) = (0, 0.0);
        for &(bound, up_to) in &self.buckets {
            if up_to > below && up_to as f64 >= rank {
                let within = (rank - below as f64) / (up_to - below) as f64;
                return Some(bound_below + (bound - bound_below) * within);
            }
            (below, bound_below) = (up_to, bound);
        }
        self.buckets.last().map(|(bound, _)| *bound)
    }

    /// What came after an earlier moment of the same histogram.
    #[must_use]
    pub fn since(&self, earlier: &Tally) -> Tally {
        let before = |n: usize| earlier.buckets.get(n).map_or(0, |(_, up_to)| *up_to);
        let buckets = self.buckets.iter().enumerate();
        Tally {
            buckets: buckets
                .map(|(n, (bound, up_to))| (*bound, up_to.saturating_sub(before(n))))
                .collect(),
            count: self.count.saturating_sub(earlier.count),
            sum: (self.sum - earlier.sum).max(0.0),
        }
    }

    /// Takes in another of the same bounds.
    pub fn add(&mut self, other: &Tally) {
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
    use crate::figures::histogram;

    fn of(values: &[f64]) -> Tally {
        let histogram = histogram("h", "A histogram.", &[1.0, 2.0, 4.0]);
        for value in values {
            histogram.observe(*value);
        }
        Tally::of(&histogram)
    }

    #[test]
    fn nothing_has_neither_mean_nor_quantile() {
        assert_eq!(of(&[]).mean(), None);
        assert_eq!(of(&[]).quantile(0.95), None);
        assert_eq!(Tally::default().quantile(0.5), None);
    }

    #[test]
    fn the_mean_is_exact() {
        assert_eq!(of(&[0.5, 1.5, 4.0]).mean(), Some(2.0));
    }

    #[test]
    fn a_quantile_lies_evenly_between_two_bounds() {
        let tally = of(&[0.5, 0.5, 1.5, 1.5, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!(tally.quantile(0.125), Some(0.5));
        assert_eq!(tally.quantile(0.25), Some(1.0));
        assert_eq!(tally.quantile(0.5), Some(2.0));
        assert_eq!(tally.quantile(0.75), Some(3.0));
        assert_eq!(tally.quantile(1.0), Some(4.0));
    }

    #[test]
    fn empty_buckets_are_passed_over() {
        assert_eq!(of(&[3.0, 3.0]).quantile(0.5), Some(3.0));
        assert_eq!(of(&[3.0]).quantile(0.0), Some(2.0));
    }

    #[test]
    fn what_is_above_the_last_bound_is_the_last_bound() {
        assert_eq!(of(&[100.0]).quantile(0.5), Some(4.0));
    }

    #[test]
    fn a_difference_is_what_came_between() {
        let histogram = histogram("h", "A histogram.", &[1.0, 2.0, 4.0]);
        histogram.observe(3.0);
        let earlier = Tally::of(&histogram);
        histogram.observe(0.5);
        histogram.observe(1.5);
        let between = Tally::of(&histogram).since(&earlier);
        assert_eq!(between, of(&[0.5, 1.5]));
        assert_eq!(Tally::of(&histogram).since(&Tally::default()).count(), 3);
    }

    #[test]
    fn two_are_added_up() {
        let mut sum = Tally::default();
        sum.add(&of(&[0.5]));
        sum.add(&of(&[1.5, 100.0]));
        assert_eq!(sum, of(&[0.5, 1.5, 100.0]));
    }
}
