//! Resource usage of this process, read from Linux's `/proc`; `None` on systems without it.

use std::fs;

pub(super) fn resident_bytes() -> Option<u64> {
    parse_status(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The number of open files and sockets.
pub(super) fn open_files() -> Option<u64> {
    let entries = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
    // The directory itself is open while it is read.
    Some(entries.saturating_sub(1))
}

/// The soft limit of open files and sockets.
pub(super) fn max_open_files() -> Option<u64> {
    parse_limits(&fs::read_to_string("/proc/self/limits").ok()?)
}

fn parse_status(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

fn parse_limits(limits: &str) -> Option<u64> {
    let mut lines = limits.lines();
    let line = lines.find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_in_bytes() {
        let status = "Name:\tsavt\nVmPeak:\t  100 kB\nVmRSS:\t    12 kB\n";
        assert_eq!(parse_status(status), Some(12 * 1024));
        assert_eq!(parse_status("Name:\tsavt\n"), None);
    }

    #[test]
    fn the_soft_limit_counts() {
        let limits = "Limit  Soft Limit  Hard Limit  Units\n\
            Max open files            1024                 4096                 files\n";
        assert_eq!(parse_limits(limits), Some(1024));
        assert_eq!(parse_limits(&limits.replace("1024", "unlimited")), None);
    }
}
