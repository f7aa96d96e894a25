//! What the operating system says of this process, in Linux's `/proc`; where there is none, nothing.

use std::fs;

/// What the process holds in memory, in bytes.
pub(super) fn resident() -> Option<u64> {
    of_status(&fs::read_to_string("/proc/self/status").ok()?)
}

/// How many files and sockets it has open.
pub(super) fn open_files() -> Option<u64> {
    let listed = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
    // The folder itself is open while it is read.
    Some(listed.saturating_sub(1))
}

/// How many it may open.
pub(super) fn most_files() -> Option<u64> {
    of_limits(&fs::read_to_string("/proc/self/limits").ok()?)
}

fn of_status(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

fn of_limits(limits: &str) -> Option<u64> {
    let mut lines = limits.lines();
    let line = lines.find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_in_bytes() {
        let status = "Name:\tsavt\nVmPeak:\t  100 kB\nVmRSS:\t    12 kB\n";
        assert_eq!(of_status(status), Some(12 * 1024));
        assert_eq!(of_status("Name:\tsavt\n"), None);
    }

    #[test]
    fn the_soft_limit_counts() {
        let limits = "Limit  Soft Limit  Hard Limit  Units\n\
            Max open files            1024                 4096                 files\n";
        assert_eq!(of_limits(limits), Some(1024));
        assert_eq!(of_limits(&limits.replace("1024", "unlimited")), None);
    }
}
