//! A small file system in memory that a test can fill.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{environment::sqlite_url, harness::postgres::Cluster};

/// A tmpfs of some megabytes.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// None without the permission to mount.
    pub fn mount() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]);
        let mounted = mount.arg(folder.path()).stderr(Stdio::null()).status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(SmallDisk { folder })
    }

    /// The URL of a new, empty database on the disk: a SQLite file, or a tablespace of this server.
    pub async fn database(&self, server: Option<&Cluster>) -> String {
        let Some(server) = server else {
            return sqlite_url(self.folder.path());
        };
        let tablespace = self.folder.path().join("tables");
        std::fs::create_dir(&tablespace).unwrap();
        server.own(&tablespace);
        let location = tablespace.display();
        for sql in [
            format!("CREATE TABLESPACE small LOCATION '{location}'"),
            "CREATE DATABASE small TABLESPACE small".to_owned(),
        ] {
            server.run("postgres", &sql).await.unwrap();
        }
        server.url("small")
    }

    /// Drops the database, which must no longer be in use.
    pub async fn end(self, server: Option<&Cluster>) {
        if let Some(server) = server {
            for sql in ["DROP DATABASE small WITH (FORCE)", "DROP TABLESPACE small"] {
                server.run("postgres", sql).await.unwrap();
            }
        }
    }

    /// Fills the disk except for `free` bytes.
    pub fn fill_up_to(&self, free: u64) {
        let disk = rustix::fs::statvfs(self.folder.path()).unwrap();
        let ballast = (disk.f_bavail * disk.f_frsize).saturating_sub(free);
        // This fails if the clients have filled the disk already.
        let _ = std::fs::write(self.ballast(), vec![1; ballast as usize]);
    }

    /// Deletes the file that fills the disk.
    pub fn free_space(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let mut umount = Command::new("umount");
        // Lazily, because a process that has a file open may still be exiting.
        let _ = umount.arg("--lazy").arg(self.folder.path()).status();
    }
}
