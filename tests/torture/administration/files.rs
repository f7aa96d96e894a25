//! The files of one database: exports, damaged ones, and what the processes read.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use tempfile::TempDir;

pub struct Files {
    folder: TempDir,
    next: AtomicU32,
}

impl Files {
    pub fn new() -> Files {
        Files {
            folder: tempfile::tempdir().unwrap(),
            next: AtomicU32::new(1),
        }
    }

    /// A path that was not used before.
    pub fn next(&self) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder.path().join(format!("{number}.jsonl"))
    }
}
