//! Why a file cannot be used: names the file or folder, the user, the reason and the remedy, all in one line. SQLite itself only
//! says "unable to open".

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, accessat};

/// The permissions of new database files; SQLite gives those of the database to its log files.
const FILE_MODE: u32 = 0o600;

/// Creates the file if it does not exist, readable only by its owner, and checks that this process may write it, its logs and its
/// folder, where SQLite creates the logs.
pub(super) fn create_writable(file: &Path) -> Result<(), String> {
    let folder = parent(file);
    match fs::metadata(folder) {
        Ok(found) if !found.is_dir() => {
            return Err(format!("{} is not a folder", folder.display()));
        }
        Ok(_) => {}
        Err(error) => return Err(explain(&error, folder, "use")),
    }
    if file.is_dir() {
        return Err(format!(
            "it is a folder: add a file name, such as {}",
            file.join("savt.db").display()
        ));
    }
    access(folder, Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|error| explain(&error, folder, "write in"))?;
    let created = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(file);
    created.map_err(|error| explain(&error, file, "write"))?;
    for suffix in ["-wal", "-shm"] {
        let log = with_suffix(file, suffix);
        match access(&log, Access::READ_OK | Access::WRITE_OK) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(explain(&error, &log, "write"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Checks that this process may read an existing file.
pub(super) fn check_readable(file: &Path) -> Result<(), String> {
    let opened = OpenOptions::new().read(true).open(file);
    let opened = opened.map_err(|error| explain(&error, file, "read"))?;
    match opened.metadata() {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err("no such file, but something else of this name".to_owned()),
        Err(error) => Err(explain(&error, file, "read")),
    }
}

/// The reason why a file or folder cannot be used, and the remedy. `action` completes "may not".
pub(super) fn explain(error: &io::Error, path: &Path, action: &str) -> String {
    let user = rustix::process::geteuid().as_raw();
    match error.kind() {
        io::ErrorKind::NotFound => match first_missing(path) {
            Some(folder) => format!(
                "the folder {} does not exist: create it, or correct the path",
                folder.display()
            ),
            None => "no such file".to_owned(),
        },
        io::ErrorKind::ReadOnlyFilesystem => format!(
            "{} is on a read-only file system: mount it writable, or use another folder",
            path.display()
        ),
        io::ErrorKind::PermissionDenied => {
            let (path, action) = match first_closed(path) {
                Some(folder) => (folder, "enter"),
                None => (path.to_owned(), action),
            };
            let shown = path.display();
            let owner = fs::metadata(&path).map_or(String::new(), |found| {
                let (owner, mode) = (found.uid(), found.mode() & 0o7777);
                format!(", which belongs to user {owner} with mode {mode:04o}")
            });
            format!(
                "permission denied: user {user} may not {action} {shown}{owner}; give that user access, as with `chown {user} {shown}`, or run savt as another user"
            )
        }
        io::ErrorKind::StorageFull => format!("the disk of {} is full", path.display()),
        _ => format!("user {user} cannot {action} {}: {error}", path.display()),
    }
}

fn access(path: &Path, access: Access) -> io::Result<()> {
    Ok(accessat(CWD, path, access, AtFlags::EACCESS)?)
}

/// The outermost folder above a path that does not exist, or the path itself if it is a folder's.
fn first_missing(path: &Path) -> Option<PathBuf> {
    let folders: Vec<&Path> = path.ancestors().skip(1).collect();
    let missing = |folder: &&&Path| !folder.as_os_str().is_empty() && !folder.exists();
    folders
        .iter()
        .rev()
        .find(missing)
        .map(|folder| folder.to_path_buf())
}

/// The outermost folder above a path that this process may not enter.
fn first_closed(path: &Path) -> Option<PathBuf> {
    let folders: Vec<&Path> = path.ancestors().skip(1).collect();
    let closed = |folder: &&&Path| {
        !folder.as_os_str().is_empty() && access(folder, Access::EXEC_OK).is_err()
    };
    folders
        .iter()
        .rev()
        .find(closed)
        .map(|folder| folder.to_path_buf())
}

/// The folder of a file.
pub(super) fn parent(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The path of an associated file: the same path with a suffix.
pub(super) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_names_the_path_and_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("savt.db");
        for (code, expected) in [
            (13, &["permission denied: user ", "savt.db", "chown"][..]), // EACCES
            (30, &["savt.db is on a read-only file system"]),            // EROFS
            (28, &["disk", "full"]),                                     // ENOSPC
            (2, &["no such file"]),                                      // ENOENT
            (40, &["savt.db", "symbolic links"]),                        // ELOOP
        ] {
            let line = explain(&io::Error::from_raw_os_error(code), &file, "write");
            for part in expected {
                assert!(line.contains(part), "{line}");
            }
            assert!(!line.contains('\n'), "{line}");
        }
        let below = folder.path().join("no/such/savt.db");
        let line = explain(&io::Error::from_raw_os_error(2), &below, "write");
        let missing = folder.path().join("no").display().to_string();
        assert!(
            line.contains(&format!("folder {missing} does not exist")),
            "{line}"
        );
    }

    #[test]
    fn a_new_file_is_readable_only_by_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("savt.db");
        create_writable(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, FILE_MODE);
        create_writable(&file).unwrap();
        let below = file.join("savt.db");
        assert!(
            create_writable(&below)
                .unwrap_err()
                .contains("is not a folder")
        );
        let line = create_writable(folder.path()).unwrap_err();
        assert!(line.contains("it is a folder"), "{line}");
    }
}
