//! An endpoint that is registered while a board is imported: what the board has is no news for it.

use std::{io::Cursor, pin::pin, time::Duration};

use savt::{
    board::{self, now},
    db::{Backend, Database},
    model::Slug,
    store::webhooks,
    transfer::{self, Destination, ImportOptions},
};
use tokio::time::sleep;
use tokio_postgres::Client;

use super::{endpoint, numbers_by_board, start};
use crate::harness::{
    app::Savt,
    databases::{Fresh, FromDatabase},
    postgres::Cluster,
    process::run,
    receiver::Receiver,
};

/// How many sessions wait for a lock of this type.
async fn waiting(observer: &Client, locks: &str) -> i64 {
    let query = format!(
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) \
         WHERE NOT granted AND datname = current_database() AND locktype IN ({locks})"
    );
    observer.query_one(&query, &[]).await.unwrap().get(0)
}

/// Imports a file with one board, which gets another address.
async fn import(database: &Database, file: &[u8]) -> Slug {
    let how = ImportOptions {
        destination: Destination::NewAddress,
        dry_run: false,
    };
    let input = Box::new(Cursor::new(file.to_vec()));
    let prepared = transfer::prepare(database, input, how, now, |_, _| ()).await;
    let published = prepared
        .unwrap()
        .publish(database, now, &board::epochs_changed())
        .await
        .unwrap();
    published.boards[0].to.clone()
}

/// Registers an endpoint, and imports a board while the registration has chosen the boards that it starts at, but has not committed.
/// None if that took too long.
async fn register_during_import(
    database: &Database,
    name: &str,
    url: &str,
    file: &[u8],
) -> Option<Slug> {
    let cluster = Cluster::shared();
    let (holder, observer) = (cluster.connect(name).await, cluster.connect(name).await);
    // What refers to the board waits for the end of this transaction.
    let hold = "BEGIN; SELECT FROM boards WHERE slug = 'main' FOR UPDATE";
    holder.batch_execute(hold).await.unwrap();
    let (id, own) = (endpoint(url).id().to_owned(), database.clone());
    let register = async move { webhooks::register(&own, &id, "127.0.0.1", "json", now()).await };
    let registration = tokio::spawn(register);
    while waiting(&observer, "'transactionid', 'tuple'").await == 0 && !registration.is_finished() {
        sleep(Duration::from_millis(5)).await;
    }
    let mut import = pin!(import(database, file));
    let mut imported = None;
    // It ends, or waits until the registration does.
    while imported.is_none() && waiting(&observer, "'advisory'").await == 0 {
        tokio::select! {
            slug = &mut import => imported = Some(slug),
            () = sleep(Duration::from_millis(5)) => {}
        }
    }
    holder.batch_execute("ROLLBACK").await.unwrap();
    let slug = match imported {
        Some(slug) => slug,
        None => import.await,
    };
    match registration.await.unwrap() {
        Ok(()) => Some(slug),
        Err(error) if error.is_unavailable() => None,
        Err(error) => panic!("{error}"),
    }
}

/// On SQLite there is one transaction at a time that writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_is_imported_meanwhile_has_no_news() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let name = fresh.name().to_owned();
    let savt = Savt::from_database(fresh).await;
    let anna = savt.person_called("Anna").await;
    let base = anna.create_board("Friday").await;
    let friday = anna.on_board(&base);
    friday.create_item("Funghi").await;
    let last = friday.last_event().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("friday");
    let slug = base.rsplit('/').next().unwrap();
    let export = ["export", slug, file.to_str().unwrap()];
    run(&[&export[..], &["--database-url", savt.url()]].concat()).expect_success();
    let file = std::fs::read(file).unwrap();

    let receiver = Receiver::start().await;
    let mut attempts = 0;
    let (url, slug) = loop {
        attempts += 1;
        let url = receiver.url(&format!("/{attempts}"));
        let slug = register_during_import(savt.database(), &name, &url, &file).await;
        if let Some(slug) = slug {
            break (url, slug);
        }
    };
    let _webhooks = start(&savt, &[&url]).await;
    let imported = anna.on_board(&format!("/b/{}", slug.as_str()));
    imported.create_item("Napoli").await;
    let messages = receiver.wait_for(1).await;
    assert_eq!(numbers_by_board(&messages)[slug.as_str()][0], last + 1);
}
