//! What was forgotten or deleted is not left in unused places of a SQLite file. Backups never contain such places.

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use savt::db::Backend;

use super::{boards, slug_of};
use crate::harness::{app::Savt, databases::Fresh};

/// Enough to fill many pages of the file.
const VETOES: usize = 150;

/// All bytes of the file, as text, when the write-ahead log has been copied to it.
fn content(url: &str) -> String {
    let file = url.trim_start_matches("sqlite:");
    let mut connection = SqliteConnection::establish(file).unwrap();
    connection
        .batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let log = std::fs::metadata(format!("{file}-wal")).unwrap();
    assert_eq!(log.len(), 0);
    String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_has_nothing_of_what_was_forgotten_or_deleted() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let savt = Savt::at(fresh.url()).await;
    let ann = savt.person();
    let base = ann.create_board("Where to eat").await;
    let ann = ann.on_board(&base);
    ann.set_name("Annabelle").await;
    let item = ann.create_item("Margherita").await;
    let ham = ann.suggest("Ham", 1, item).await;
    for number in 0..VETOES {
        ann.veto_because(ham, &format!("illness {number}")).await;
        ann.withdraw_veto(ham).await;
    }
    let before = content(fresh.url());
    assert!(before.contains("Annabelle") && before.contains("illness 149"));

    boards(
        fresh.url(),
        &["forget", slug_of(&base), "annabelle", "--yes"],
    )
    .expect_success();
    let after = content(fresh.url());
    assert!(after.contains("Margherita"));
    assert!(!after.contains("Annabelle"));
    assert!(!after.contains("illness"));

    boards(fresh.url(), &["delete", slug_of(&base), "--yes"]).expect_success();
    let after = content(fresh.url());
    assert!(!after.contains("Margherita"));
    assert!(!after.contains("Where to eat"));
}
