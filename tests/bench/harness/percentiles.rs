//! The distribution of many measurements of one value.

/// All measured values, sorted.
#[derive(Clone, Debug)]
pub struct Percentiles(Vec<f64>);

/// A statistic of the distribution.
type Statistic = fn(&Percentiles) -> f64;

impl Percentiles {
    /// The statistics shown in a report.
    pub const REPORTED: [(&str, Statistic); 3] = [
        ("median", Percentiles::median),
        ("p99", Percentiles::p99),
        ("max", Percentiles::max),
    ];

    pub fn new(values: impl IntoIterator<Item = f64>) -> Percentiles {
        let mut values: Vec<f64> = values.into_iter().collect();
        assert!(!values.is_empty(), "nothing was measured");
        values.sort_by(f64::total_cmp);
        Percentiles(values)
    }

    /// The number of values.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest value that at least this share (0 to 1) of the values do not exceed.
    fn quantile(&self, share: f64) -> f64 {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }

    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    pub fn p99(&self) -> f64 {
        self.quantile(0.99)
    }

    pub fn max(&self) -> f64 {
        self.quantile(1.0)
    }
}
