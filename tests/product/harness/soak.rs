//! Some tests have a short form, which `make test` runs, and a long form, which `make soak` runs. Both prove the same; the
//! long form does so with more people, or for longer.

/// The number of people, rounds or seconds for this run.
pub fn size<T>(short: T, long: T) -> T {
    match std::env::var_os("SAVT_SOAK") {
        Some(_) => long,
        None => short,
    }
}
