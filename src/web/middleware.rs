//! What happens around every request, whatever it asks for. Each of these is put around the
//! routes by poem's `around`, the outermost last:
//!
//! 1. [`timing`] measures and logs, so it must see the final answer;
//! 2. [`security`] puts its headers on every answer, error pages too;
//! 3. [`compression`] needs the final body;
//! 4. [`limits`] weighs the head, before cookies are read;
//! 5. (the error pages stand here: what follows refuses with typed errors)
//! 6. [`panics`] turns a panic into an error;
//! 7. [`pace`] refuses who asks for too much, before that costs anything;
//! 8. [`cross_site`] refuses what another site's page posts;
//! 9. `closed` turns strangers away, if there is a password;
//! 10. [`limits`] reads the body, as it is the first to need it.

pub(super) mod closed;
pub mod compression;
pub mod cross_site;
pub mod limits;
pub mod pace;
pub mod panics;
pub mod security;
pub mod timing;

#[cfg(test)]
mod testing;
