//! How many files, and so connections, this process may have open. Knows nothing of what they are for.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Asks for so many open files, as far as this process may have them. The usual limit is 1,024, and each connection is one.
pub fn make_room(files: u64) {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < files) {
        limit.current = Some(limit.maximum.map_or(files, |most| most.min(files)));
        // Whoever finds no room is told, or waits.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}
