//! Many measurements of one thing, and what is told of them.

/// All that was measured, sorted. Unit: as given.
#[derive(Clone, Debug)]
pub struct Spread(Vec<f64>);

/// Something to tell of a spread.
type Part = fn(&Spread) -> f64;

impl Spread {
    /// What is told of every one.
    pub const TOLD: [(&str, Part); 3] = [
        ("median", Spread::median),
        ("p99", Spread::p99),
        ("max", Spread::max),
    ];

    pub fn of(measured: impl IntoIterator<Item = f64>) -> Spread {
        let mut all: Vec<f64> = measured.into_iter().collect();
        assert!(!all.is_empty(), "nothing was measured");
        all.sort_by(f64::total_cmp);
        Spread(all)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest value that at least this share (0 to 1) does not exceed.
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
