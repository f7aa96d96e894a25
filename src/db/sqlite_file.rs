//! Copies and replaces SQLite database files atomically. A database can be copied while in use. Knows no tables.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{QueryResult, RunQueryDsl, SqliteConnection};
use rustix::fs::{FlockOperation, fcntl_lock};

use super::error::Error;
use super::file_access::{check_readable, explain, parent, with_suffix};
use super::sqlite;

/// How long to wait for other connections that hold a lock.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// Copies a consistent state of a database to a file, while other processes read and write it. The copy is a single file
/// without a write-ahead log, is readable only by its owner, and has passed SQLite's integrity check. Returns its size in bytes.
///
/// `VACUUM INTO` reads in one transaction, whereas SQLite's backup interface restarts whenever another process writes. It
/// also omits deleted data.
///
/// # Errors
/// [`Error::Unusable`] with a message of one line; `to` is unchanged then. An existing file is replaced only if `force` is set,
/// and never if it is a database in use.
pub async fn copy(from: &Path, to: &Path, force: bool) -> Result<u64, Error> {
    let (from, to) = (from.to_owned(), to.to_owned());
    blocking(move || {
        let unwritable = |reason: &str| cannot("write", &to, reason);
        let check = || {
            if to.is_dir() {
                return Err(unwritable("it is a folder"));
            }
            if is_same_file(&from, &to) {
                return Err(unwritable("it is the database itself"));
            }
            if to.exists() && !force {
                return Err(unwritable("it already exists; use --force to replace it"));
            }
            if with_suffix(&to, "-wal").exists() {
                return Err(unwritable(
                    "it has a write-ahead log, so it is a database in use",
                ));
            }
            Ok(())
        };
        check()?;
        let copy = TemporaryCopy::create(&from, &to)?;
        check()?;
        copy.move_to(&to)
    })
    .await
}

/// Replaces a database by a copy of another one, or creates it, and removes the replaced database's write-ahead log. The copy
/// gets the owner of the replaced file, and `prepare` changes its content before it replaces anything.
///
/// # Errors
/// [`Error::Unusable`] with a message of one line; `to` is unchanged then. `to` may be any file, but no process may have it
/// open.
pub async fn restore(
    from: &Path,
    to: &Path,
    prepare: impl FnOnce(&mut SqliteConnection) -> QueryResult<()> + Send + 'static,
) -> Result<u64, Error> {
    let (from, to) = (from.to_owned(), to.to_owned());
    blocking(move || {
        if to.is_dir() {
            return Err(cannot("write", &to, "it is a folder"));
        }
        if is_same_file(&from, &to) {
            return Err(cannot("write", &to, "it is the file to restore from"));
        }
        // The lock matters only at the end, but checking it first avoids a useless copy.
        drop(lock_exclusively(&to)?);
        let copy = TemporaryCopy::create(&from, &to)?;
        copy.change(prepare)?;
        copy.copy_owner(&to)?;
        let checkpointed = checkpoint_log(&to);
        let lock = lock_exclusively(&to)?;
        let logs = ["-wal", "-shm"].map(|suffix| with_suffix(&to, suffix));
        if checkpointed && logs.iter().any(|log| log.exists()) {
            return Err(in_use(&to));
        }
        // A damaged database could not checkpoint its log. The log must not be applied to the copy.
        for log in logs.iter().filter(|log| log.exists()) {
            fs::remove_file(log).map_err(|e| cannot("remove", log, e))?;
        }
        let bytes = copy.move_to(&to);
        drop(lock);
        bytes
    })
    .await
}

async fn blocking<T: Send + 'static>(
    task: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let result = tokio::task::spawn_blocking(task).await;
    result.map_err(|e| Error::Unusable(e.to_string()))?
}

fn cannot(action: &str, file: &Path, reason: impl std::fmt::Display) -> Error {
    Error::Unusable(format!("cannot {action} {}: {reason}", file.display()))
}

fn in_use(file: &Path) -> Error {
    let reason = "another program has it open; stop that program first";
    cannot("replace", file, reason)
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let resolve = fs::canonicalize;
    matches!((resolve(one), resolve(other)), (Ok(one), Ok(other)) if one == other)
}

/// Takes an exclusive lock, which conflicts with every SQLite that has the file open. `None` if the file does not exist.
fn lock_exclusively(file: &Path) -> Result<Option<File>, Error> {
    let opened = match OpenOptions::new().read(true).write(true).open(file) {
        Ok(opened) => opened,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(cannot("open", file, explain(&e, file, "write"))),
    };
    match fcntl_lock(&opened, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(opened)),
        Err(_) => Err(in_use(file)),
    }
}

/// Writes the write-ahead log back into the file and removes it. False if the file is unreadable or in use.
fn checkpoint_log(file: &Path) -> bool {
    file.exists()
        && sqlite::connect_blocking(file, LOCK_WAIT)
            .is_ok_and(|mut c| c.batch_execute("PRAGMA journal_mode = DELETE").is_ok())
}

/// A copy in a temporary file next to its target, removed on drop unless it was moved there.
struct TemporaryCopy(PathBuf);

impl TemporaryCopy {
    /// Copies a database and checks the copy's integrity.
    fn create(from: &Path, target: &Path) -> Result<TemporaryCopy, Error> {
        let unreadable = |e: String| cannot("read", from, e);
        check_readable(from).map_err(unreadable)?;
        let temporary = with_suffix(target, &format!(".part-{:08x}", rand::random::<u32>()));
        let created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary);
        created.map_err(|e| {
            let path = match e.kind() {
                io::ErrorKind::NotFound => target,
                _ => parent(target),
            };
            cannot("write", target, explain(&e, path, "write in"))
        })?;
        let copy = TemporaryCopy(temporary);
        let mut source =
            sqlite::connect_blocking(from, LOCK_WAIT).map_err(|e| unreadable(e.to_string()))?;
        diesel::sql_query("VACUUM INTO ?")
            .bind::<Text, _>(sqlite::sqlite_path(&copy.0))
            .execute(&mut source)
            .map_err(|e| cannot("copy", from, e))?;
        let mut copied =
            sqlite::connect_blocking(&copy.0, LOCK_WAIT).map_err(|e| unreadable(e.to_string()))?;
        match sqlite::corruption(&mut copied) {
            Ok(defects) if defects.is_empty() => Ok(copy),
            Ok(defects) => Err(cannot("copy", from, defects.join("; "))),
            Err(e) => Err(cannot("copy", from, e)),
        }
    }

    /// Changes the copy. It stays a single file: it has no write-ahead log.
    fn change(
        &self,
        change: impl FnOnce(&mut SqliteConnection) -> QueryResult<()>,
    ) -> Result<(), Error> {
        let mut copy = sqlite::connect_blocking(&self.0, LOCK_WAIT)
            .map_err(|e| cannot("write", &self.0, e))?;
        change(&mut copy).map_err(|e| cannot("write", &self.0, e))
    }

    /// Sets the owner to that of the target, or of its folder, if permitted.
    fn copy_owner(&self, target: &Path) -> Result<(), Error> {
        let owner = fs::metadata(target).or_else(|_| fs::metadata(parent(target)));
        let owner = owner.map_err(|e| cannot("write", target, e))?;
        match chown(&self.0, Some(owner.uid()), Some(owner.gid())) {
            // Only root may change owners; for other users the copy stays theirs.
            Err(e) if e.kind() != io::ErrorKind::PermissionDenied => {
                Err(cannot("write", target, e))
            }
            _ => Ok(()),
        }
    }

    /// Replaces the target durably: on return the copy is on disk. Returns its size in bytes.
    fn move_to(self, target: &Path) -> Result<u64, Error> {
        let replace = || {
            let file = File::open(&self.0)?;
            file.sync_all()?;
            fs::rename(&self.0, target)?;
            File::open(parent(target))?.sync_all()?;
            Ok(file.metadata()?.len())
        };
        replace().map_err(|e: io::Error| cannot("write", target, e))
    }
}

impl Drop for TemporaryCopy {
    fn drop(&mut self) {
        // Fails if the file was moved to its target.
        let _ = fs::remove_file(&self.0);
    }
}
