//! Some tests have a short form, which `make test` runs, and a long form, which `make soak` runs. Both check the same
//! guarantees; the long form uses more participants or takes longer.

/// The size for this run: `short`, or `long` if `SAVT_SOAK` is set.
pub fn size<T>(short: T, long: T) -> T {
    match std::env::var_os("SAVT_SOAK") {
        Some(_) => long,
        None => short,
    }
}
