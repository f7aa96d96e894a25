//! A file that appears whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::error::Error;

/// A file that is being written, readable only by its owner, beside the one that it becomes. Removed on drop unless it was finished.
pub(super) struct NewFile {
    target: PathBuf,
    temporary: PathBuf,
    may_replace: bool,
    writer: BufWriter<File>,
}

impl NewFile {
    /// Begins a file. An existing one is replaced only if `may_replace` is set.
    pub(super) fn create(target: &Path, may_replace: bool) -> Result<NewFile, Error> {
        check(target, may_replace)?;
        let mut temporary = target.as_os_str().to_owned();
        temporary.push(format!(".part-{:08x}", rand::random::<u32>()));
        let temporary = PathBuf::from(temporary);
        let created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary);
        Ok(NewFile {
            writer: BufWriter::new(created.map_err(|error| unwritable(target, error))?),
            target: target.to_owned(),
            temporary,
            may_replace,
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.writer.write_all(bytes);
        written.map_err(|error| unwritable(&self.target, error))
    }

    /// Moves the file to its place. It is on disk then.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        check(&self.target, self.may_replace)?;
        let mut finish = || {
            self.writer.flush()?;
            self.writer.get_ref().sync_all()?;
            fs::rename(&self.temporary, &self.target)?;
            let folder = match self.target.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            File::open(folder)?.sync_all()
        };
        finish().map_err(|error| unwritable(&self.target, error))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Fails if the file was moved to its place.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn check(target: &Path, may_replace: bool) -> Result<(), Error> {
    let reason = if target.is_dir() {
        "it is a folder"
    } else if target.exists() && !may_replace {
        "it already exists; use --force to replace it"
    } else {
        return Ok(());
    };
    Err(unwritable(target, io::Error::other(reason)))
}

fn unwritable(file: &Path, error: io::Error) -> Error {
    Error::Write {
        file: file.to_owned(),
        why: error.to_string(),
    }
}
