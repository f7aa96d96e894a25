//! The CPU time of the threads of this process, so that the part of the writers can be told from that of the clients.

use std::{collections::HashMap, fs, path::Path};

/// How the threads are called that run the writers of boards and write to the databases.
const WRITERS: &str = "writers";

/// The CPU time of each thread so far.
pub struct CpuTimes(HashMap<String, ThreadTime>);

struct ThreadTime {
    microseconds: f64,
    is_writer: bool,
}

/// Microseconds between two times.
#[derive(Clone, Copy, Default)]
pub struct CpuUse {
    pub all: f64,
    /// The part of the writers' threads.
    pub writers: f64,
}

impl CpuTimes {
    pub fn now() -> CpuTimes {
        let mut times = HashMap::new();
        for thread in fs::read_dir("/proc/self/task").unwrap() {
            let thread = thread.unwrap();
            // None of a thread that has just ended.
            if let Some(time) = thread_time(&thread.path()) {
                times.insert(thread.file_name().to_string_lossy().into_owned(), time);
            }
        }
        CpuTimes(times)
    }

    /// What was used since an earlier time, except by threads that have ended.
    pub fn since(&self, earlier: &CpuTimes) -> CpuUse {
        let mut used = CpuUse::default();
        for (thread, time) in &self.0 {
            let before = earlier.0.get(thread).map_or(0.0, |time| time.microseconds);
            used.all += time.microseconds - before;
            if time.is_writer {
                used.writers += time.microseconds - before;
            }
        }
        used
    }
}

fn thread_time(thread: &Path) -> Option<ThreadTime> {
    let name = fs::read_to_string(thread.join("comm")).ok()?;
    // User and system time in nanoseconds, then what does not matter here (proc(5)).
    let used = fs::read_to_string(thread.join("schedstat")).ok()?;
    let nanoseconds: f64 = used.split(' ').next()?.parse().ok()?;
    Some(ThreadTime {
        microseconds: nanoseconds / 1_000.0,
        is_writer: name.trim_end() == WRITERS,
    })
}
