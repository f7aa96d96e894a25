//! Temporary folders for databases whose durability no test examines (`tests/torture/` does, on a disk).

use std::path::Path;

use tempfile::TempDir;

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";
/// Less free space is not enough for all databases; containers often have 64 MiB.
const MIN_FREE_BYTES: u64 = 1024 * 1024 * 1024;

/// A temporary folder in memory, or on the disk if there is not enough memory for it. A disk that other machines share can
/// take seconds to synchronize, and SAVT then correctly responds with 503.
pub fn memory_folder() -> TempDir {
    let memory = has_space(Path::new(MEMORY)).then(|| tempfile::tempdir_in(MEMORY));
    match memory {
        Some(Ok(folder)) => folder,
        _ => tempfile::tempdir().unwrap(),
    }
}

fn has_space(folder: &Path) -> bool {
    rustix::fs::statvfs(folder).is_ok_and(|stats| stats.f_bavail * stats.f_frsize >= MIN_FREE_BYTES)
}
