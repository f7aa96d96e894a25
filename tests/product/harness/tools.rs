//! Programs that `tests/tools` provides: proxies and PgBouncer, unpacked below the target folder or in the path.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::postgres::in_path;

/// A command for a program such as `nginx`, with the shared libraries that were unpacked with it.
///
/// # Panics
/// The program is neither unpacked nor in the path.
pub fn tool(name: &str) -> Command {
    let folder = folder();
    let unpacked = ["usr/sbin", "usr/bin"].map(|bin| folder.join(bin).join(name));
    if let Some(program) = unpacked.into_iter().find(|program| program.is_file()) {
        let mut command = Command::new(program);
        command.env("LD_LIBRARY_PATH", libraries(&folder));
        return command;
    }
    // Debian keeps servers outside of the path of ordinary users.
    let system = || Some(Path::new("/usr/sbin").join(name)).filter(|program| program.is_file());
    let program = in_path(name).or_else(system);
    Command::new(program.unwrap_or_else(|| panic!("no {name}: run `make test-tools`")))
}

/// Where `tests/tools` unpacks programs: below the target folder of this build.
fn folder() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("test-tools")
}

/// The folders of shared libraries, such as `usr/lib/x86_64-linux-gnu`, as a search path.
fn libraries(folder: &Path) -> OsString {
    let subfolders = ["usr/lib", "lib"].map(|parent| folder.join(parent));
    let entries = subfolders
        .iter()
        .filter_map(|parent| fs::read_dir(parent).ok());
    let folders = entries.flatten().flatten().map(|entry| entry.path());
    std::env::join_paths(folders.filter(|folder| folder.is_dir())).unwrap()
}

#[test]
fn the_programs_start() {
    for (name, argument) in [
        ("nginx", "-v"),
        ("haproxy", "-v"),
        ("caddy", "version"),
        ("pgbouncer", "--version"),
    ] {
        let output = tool(name).arg(argument).output().unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
    }
}
