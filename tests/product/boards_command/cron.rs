//! The nightly jobs of the README work as written.

use savt::db::Backend;

use crate::harness::{app::Savt, databases::Fresh, process::program};

#[tokio::test(flavor = "multi_thread")]
async fn the_nightly_jobs_keep_an_installation_small_and_backed_up() {
    let readme = include_str!("../../../README.md");
    let jobs: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(" * * *  "))
        .filter_map(|line| Some(line.split_once(" * * *  ")?.1))
        .collect();
    assert!(jobs.len() >= 2, "{jobs:?}");
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let savt = Savt::at(fresh.url()).await;
    savt.person().create_item("Margherita").await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("savt.db");
    let database = fresh.url().strip_prefix("sqlite:").unwrap();
    for job in jobs {
        let job = job
            .replace("/var/lib/savt/savt.db", database)
            .replace("/var/backups/savt.db", copy.to_str().unwrap())
            .replace(" savt ", &format!(" {} ", env!("CARGO_BIN_EXE_savt")));
        let mut shell = std::process::Command::new("sh");
        shell.env_clear().args(["-c", &job]);
        let ran = shell.output().unwrap();
        assert!(ran.status.success(), "{job}: {ran:?}");
    }
    let check = [
        "check",
        "--database-url",
        &format!("sqlite:{}", copy.display()),
    ];
    assert!(program(&check).status().unwrap().success());
}
