//! A SQLite database as a file: copied while others use it, and put in the place of another one, each time whole or not at
//! all. Knows no table.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use rustix::fs::{FlockOperation, fcntl_lock};

use super::{Error, sqlite};

/// How long to wait for others that hold the database for a moment.
const WAIT: Duration = Duration::from_secs(2);

/// Copies a database to a file, as it is at one moment, while others read and write it. The copy stands alone, without a log
/// beside it; only its owner may read it, and SQLite has looked through it. Gives its size in bytes.
///
/// `VACUUM INTO` reads in one transaction, so it never has to begin again, as SQLite's backup interface does whenever
/// another process writes. It leaves out what was deleted.
///
/// # Errors
/// [`Error::Unusable`] with one clear line; then `to` is as it was before. It is replaced only if `force` says so, and never if
/// it is a database in use.
pub async fn copy(from: &Path, to: &Path, force: bool) -> Result<u64, Error> {
    let (from, to) = (from.to_owned(), to.to_owned());
    blocking(move || {
        let refuse = |why: &str| cannot("write", &to, why);
        let check = || {
            if to.is_dir() {
                return Err(refuse("it is a folder"));
            }
            if same(&from, &to) {
                return Err(refuse("it is the database itself"));
            }
            if to.exists() && !force {
                return Err(refuse("it is there already; --force replaces it"));
            }
            if beside(&to, "-wal").exists() {
                return Err(refuse("a log lies beside it, so it is a database in use"));
            }
            Ok(())
        };
        check()?;
        let made = Making::copy(&from, &to)?;
        check()?;
        made.put_in_place(&to)
    })
    .await
}

/// Puts a copy of a database in the place of another one, or where there is none, and takes the log of the other one away. The
/// copy belongs to whom the other one belonged.
///
/// # Errors
/// [`Error::Unusable`] with one clear line; then the other one is as it was before. It may hold anything, but nobody may have
/// it open.
pub async fn restore(from: &Path, to: &Path) -> Result<u64, Error> {
    let (from, to) = (from.to_owned(), to.to_owned());
    blocking(move || {
        if to.is_dir() {
            return Err(cannot("write", &to, "it is a folder"));
        }
        if same(&from, &to) {
            return Err(cannot("write", &to, "it is the file to restore from"));
        }
        // At the end it counts, but nobody should wait for a copy that is of no use.
        drop(alone(&to)?);
        let made = Making::copy(&from, &to)?;
        made.belong(&to)?;
        let closed = close_log(&to);
        let alone = alone(&to)?;
        let logs = ["-wal", "-shm"].map(|end| beside(&to, end));
        if closed && logs.iter().any(|log| log.exists()) {
            return Err(in_use(&to));
        }
        // What is no database any more could not take its log in: without it there is nothing to take it up again.
        for log in logs.iter().filter(|log| log.exists()) {
            fs::remove_file(log).map_err(|e| cannot("remove", log, e))?;
        }
        let bytes = made.put_in_place(&to);
        drop(alone);
        bytes
    })
    .await
}

async fn blocking<T: Send + 'static>(
    task: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(task).await;
    done.map_err(|e| Error::Unusable(e.to_string()))?
}

fn cannot(what: &str, file: &Path, why: impl std::fmt::Display) -> Error {
    Error::Unusable(format!("cannot {what} {}: {why}", file.display()))
}

fn in_use(file: &Path) -> Error {
    let why = "another program has it open; stop that one first";
    cannot("replace", file, why)
}

/// The name of a file that belongs to this one.
fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(end);
    PathBuf::from(name)
}

fn same(one: &Path, other: &Path) -> bool {
    let real = fs::canonicalize;
    matches!((real(one), real(other)), (Ok(one), Ok(other)) if one == other)
}

/// Holds what every SQLite that has the file open would have to share. None if there is no file.
fn alone(file: &Path) -> Result<Option<File>, Error> {
    let opened = match OpenOptions::new().read(true).write(true).open(file) {
        Ok(opened) => opened,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(cannot("open", file, e)),
    };
    match fcntl_lock(&opened, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(opened)),
        Err(_) => Err(in_use(file)),
    }
}

/// Writes into the file what its log holds and takes the log away. False if the file is none that SQLite can read, or is in use.
fn close_log(file: &Path) -> bool {
    file.exists()
        && sqlite::connect_blocking(file, WAIT)
            .is_ok_and(|mut c| c.batch_execute("PRAGMA journal_mode = DELETE").is_ok())
}

/// A file that is written beside its place, and removed unless it gets there.
struct Making(PathBuf);

impl Making {
    /// A copy of a database, looked through.
    fn copy(from: &Path, place: &Path) -> Result<Making, Error> {
        let unreadable = |e: String| cannot("read", from, e);
        if !from.is_file() {
            return Err(unreadable("there is no such file".to_owned()));
        }
        let temporary = beside(place, &format!(".part-{:08x}", rand::random::<u32>()));
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary);
        made.map_err(|e| cannot("write", place, e))?;
        let making = Making(temporary);
        let mut source =
            sqlite::connect_blocking(from, WAIT).map_err(|e| unreadable(e.to_string()))?;
        diesel::sql_query("VACUUM INTO ?")
            .bind::<Text, _>(sqlite::name(&making.0))
            .execute(&mut source)
            .map_err(|e| cannot("copy", from, e))?;
        let mut copied =
            sqlite::connect_blocking(&making.0, WAIT).map_err(|e| unreadable(e.to_string()))?;
        match sqlite::torn(&mut copied) {
            Ok(faults) if faults.is_empty() => Ok(making),
            Ok(faults) => Err(cannot("copy", from, faults.join("; "))),
            Err(e) => Err(cannot("copy", from, e)),
        }
    }

    /// Gives it to the owner of the file in its place, else of its folder, if that is possible.
    fn belong(&self, place: &Path) -> Result<(), Error> {
        let model = fs::metadata(place).or_else(|_| fs::metadata(folder(place)));
        let model = model.map_err(|e| cannot("write", place, e))?;
        match chown(&self.0, Some(model.uid()), Some(model.gid())) {
            // Only root can: anybody else keeps what is theirs.
            Err(e) if e.kind() != io::ErrorKind::PermissionDenied => Err(cannot("write", place, e)),
            _ => Ok(()),
        }
    }

    /// Once this is done it survives a power cut. Gives the size in bytes.
    fn put_in_place(self, place: &Path) -> Result<u64, Error> {
        let put = || {
            let file = File::open(&self.0)?;
            file.sync_all()?;
            fs::rename(&self.0, place)?;
            File::open(folder(place))?.sync_all()?;
            Ok(file.metadata()?.len())
        };
        put().map_err(|e: io::Error| cannot("write", place, e))
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        // Not there any more if it was put in its place.
        let _ = fs::remove_file(&self.0);
    }
}

fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
