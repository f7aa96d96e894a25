//! The limit on open files, and so on connections, of this process. Knows nothing of what the files are for.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the soft limit to `files`, as far as the hard limit allows. The usual soft limit is 1,024, and each connection is an
/// open file. Returns the soft limit; none if there is no limit.
pub fn raise_nofile_limit(files: u64) -> Option<u64> {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < files) {
        limit.current = Some(limit.maximum.map_or(files, |maximum| maximum.min(files)));
        // A failure is not fatal: connections beyond the limit are refused or wait.
        let _ = setrlimit(Resource::Nofile, limit);
    }
    getrlimit(Resource::Nofile).current
}
