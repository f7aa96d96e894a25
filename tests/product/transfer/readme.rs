//! The commands in the README move a database, word for word but for its addresses.

use std::process::Command;

use savt::db::Backend;

use super::{Files, assert_sound, populate};
use crate::harness::{app::Savt, databases::Fresh};

const README: &str = include_str!("../../../README.md");

/// The addresses in the README.
const SQLITE: &str = "sqlite:/var/lib/savt/savt.db";
const POSTGRES: &str = "postgres://savt:secret@db.example/savt";

/// The block of shell commands below a heading.
fn commands(heading: &str) -> &'static str {
    let (_, rest) = README.split_once(heading).unwrap();
    let (_, rest) = rest.split_once("```sh\n").unwrap();
    rest.split_once("```").unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readme_moves_a_database_to_postgres() {
    let (files, from) = (Files::new(), Fresh::migrated(Backend::Sqlite).await);
    let to = Fresh::empty(Backend::Postgres).await;
    let savt = Savt::at(from.url()).await;
    let (anna, _) = populate(&savt).await;
    let commands = commands("**Move to PostgreSQL.**");
    assert!(commands.contains(SQLITE) && commands.contains(POSTGRES));
    let script = commands
        .replace(SQLITE, &format!("'{}'", from.url()))
        .replace(POSTGRES, &format!("'{}'", to.url()));
    // No service manager here.
    let script = format!(
        "systemctl() {{ :; }}\nsavt() {{ {} \"$@\"; }}\n{script}",
        env!("CARGO_BIN_EXE_savt")
    );
    let ran = Command::new("sh")
        .args(["-euc", &script])
        .current_dir(files.path("."))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(said.ends_with(": no damage found\n"), "{said}");
    assert_sound(to.url(), "2 boards");
    let moved = Savt::at(to.url()).await;
    assert_eq!(
        anna.moved_to(moved.address()).sees().await,
        anna.sees().await
    );
}
