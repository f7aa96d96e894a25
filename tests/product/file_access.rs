//! SQLite files that cannot be used: the message names the file or the folder, the user, the reason and the remedy.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::Command,
};

use crate::harness::process::{CommandOutput, program, run};

/// A user that owns nothing.
const STRANGER: u32 = 54_321;

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

/// Runs `savt migrate` without the privileges of root, on the copy of the program in a folder that everybody can enter.
fn migrate_unprivileged(savt: &Path, database: &Path) -> CommandOutput {
    let url = format!("sqlite:{}", database.display());
    let arguments = ["migrate", "--database-url", &url];
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return run(&arguments);
    }
    let mut command = Command::new("setpriv");
    let ids = [format!("--reuid={STRANGER}"), format!("--regid={STRANGER}")];
    command
        .args(ids)
        .arg("--clear-groups")
        .arg(savt)
        .args(arguments);
    CommandOutput::from(command.env("SAVT_MONITOR", "off").output().unwrap())
}

#[test]
fn a_file_that_cannot_be_written_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let set_mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set_mode(folder.path(), 0o755);
    let savt = folder.path().join("savt");
    let program_file = Path::new(env!("CARGO_BIN_EXE_savt"));
    if fs::hard_link(program_file, &savt).is_err() {
        fs::copy(program_file, &savt).unwrap();
    }
    let subfolder = |name: &str, mode| {
        let path = folder.path().join(name);
        fs::create_dir(&path).unwrap();
        set_mode(&path, mode);
        path
    };
    let unwritable = subfolder("unwritable", 0o555);
    let closed = subfolder("closed", 0o000);
    let shared = subfolder("shared", 0o777);
    let foreign = shared.join("foreign.db");
    fs::write(&foreign, "").unwrap();
    set_mode(&foreign, 0o444);
    let foreign_log = shared.join("log.db");
    fs::write(&foreign_log, "").unwrap();
    set_mode(&foreign_log, 0o666);
    fs::write(shared.join("log.db-wal"), "").unwrap();
    set_mode(&shared.join("log.db-wal"), 0o444);
    for (database, named) in [
        (unwritable.join("savt.db"), unwritable.clone()),
        (closed.join("savt.db"), closed.clone()),
        (foreign.clone(), foreign.clone()),
        (foreign_log.clone(), shared.join("log.db-wal")),
    ] {
        let ran = migrate_unprivileged(&savt, &database);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let line = ran.err.trim_end();
        for part in [
            "permission denied: user ",
            "chown",
            &format!(" {}", named.display()),
        ] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert!(
            !line.contains('\n') && !line.contains("unable to open"),
            "{line}"
        );
    }
    set_mode(&closed, 0o755);
    let missing = folder.path().join("no/such/savt.db");
    let ran = migrate_unprivileged(&savt, &missing);
    let expected = format!(
        "the folder {} does not exist",
        folder.path().join("no").display()
    );
    assert!(
        ran.code == Some(1) && ran.err.contains(&expected),
        "{ran:?}"
    );
    let ran = migrate_unprivileged(&savt, &shared);
    assert!(
        ran.code == Some(1) && ran.err.contains("it is a folder"),
        "{ran:?}"
    );
}

/// `/proc` is the one file system of every Linux machine on which nobody can create a file.
#[test]
fn a_folder_on_which_nobody_can_create_files_is_explained() {
    let ran = run(&["migrate", "--database-url", "sqlite:/proc/savt.db"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains("/proc") && ran.err.lines().count() == 1,
        "{ran:?}"
    );
    assert!(!ran.err.contains("unable to open"), "{ran:?}");
}

#[test]
fn new_files_are_readable_only_by_their_owner() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let url = format!("sqlite:{}", file("savt.db").display());
    let open = |arguments: &[&str]| {
        let arguments = [arguments, &["--database-url", &url]].concat();
        let command = program(&arguments);
        // The usual umask, which lets everybody read.
        let mut shell = Command::new("sh");
        shell.args(["-c", "umask 022; exec \"$0\" \"$@\""]);
        shell.arg(command.get_program()).args(command.get_args());
        CommandOutput::from(shell.output().unwrap()).expect_success()
    };
    open(&["seed"]);
    assert_eq!(mode(&file("savt.db")), 0o600);
    let process = crate::harness::process::Process::serve(&url);
    for log in ["savt.db-wal", "savt.db-shm"] {
        assert_eq!(mode(&file(log)), 0o600, "{log}");
    }
    open(&["backup", file("copy.db").to_str().unwrap()]);
    assert_eq!(mode(&file("copy.db")), 0o600);
    drop(process);
    open(&["restore", "--force", file("copy.db").to_str().unwrap()]);
    assert_eq!(mode(&file("savt.db")), 0o600);
}
