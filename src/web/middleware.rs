//! What happens around every request, whatever it asks for. Each of these is put around the
//! routes by poem's `around`, the outermost last:
//!
//! 1. [`timing`] measures and logs, so it must see the final answer;
//! 2. [`security`] puts its headers on every answer, error pages too;
//! 3. [`compression`] needs the final body;
//! 4. [`limits`] weighs the head, before cookies are read;
//! 5. (the error pages stand here: what follows refuses with typed errors)
//! 6. [`panics`] turns a panic into an error;
//! 7. `shed` refuses what is more than the machine can do;
//! 8. [`pace`] refuses who asks for too much, before that costs anything;
//! 9. [`cross_site`] refuses what another site's page posts;
//! 10. `closed` turns strangers away, if there is a password;
//! 11. [`limits`] reads the body, as it is the first to need it.

pub(super) mod closed;
pub mod compression;
pub mod cross_site;
pub mod limits;
pub mod pace;
pub mod panics;
pub mod security;
pub(super) mod shed;
pub mod timing;

#[cfg(test)]
mod testing;

use crate::view;

/// Whether nobody is refused this, however much is asked for: what is cheap and every browser needs, and what watches over us.
fn is_free(path: &str) -> bool {
    let free = [
        "/healthz",
        "/readyz",
        "/favicon.ico",
        view::manifest::ADDRESS,
    ];
    path.starts_with("/assets/") || free.contains(&path)
}
