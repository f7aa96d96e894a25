//! `GET …/export.json`: a person takes a board away, without what makes somebody somebody else.

use std::io::Read;

use flate2::read::GzDecoder;
use savt::web::{Password, SitePassword};

use super::{Files, assert_sound, number, populate, refusal};
use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
};

/// What a client that accepts gzip gets, decompressed.
async fn compressed(savt: &Savt, address: &str) -> String {
    let client = reqwest::Client::builder().no_gzip().build().unwrap();
    let request = client.get(format!("http://{}{address}", savt.address()));
    let request = request.header("Accept-Encoding", "gzip");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let mut text = String::new();
    let bytes = answer.bytes().await.unwrap();
    GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap();
    text
}

db_test!(a_person_takes_a_board_away_without_the_secrets_of_browsers);
async fn a_person_takes_a_board_away_without_the_secrets_of_browsers(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let (anna, base) = populate(&savt).await;
    for base in ["", base.as_str()] {
        let person = anna.on_board(base);
        let link = person.get("/result").await.is(200);
        let address = format!("{base}/export.json");
        assert!(
            link.body.contains(&format!("href=\"{address}\"")),
            "{address}"
        );
        let answer = person.get("/export.json").await.is(200);
        assert_eq!(answer.header("content-type"), "application/x-ndjson");
        let disposition = answer.header("content-disposition");
        assert!(disposition.starts_with("attachment; ") && disposition.contains(".jsonl"));
        assert!(answer.body.contains("\"browsers\":false"));
        assert!(!answer.body.contains("\"token\""), "{}", answer.body);
        assert!(answer.body.ends_with("{\"boards\":1}\n"));
        let etag = answer.header("etag").to_owned();
        assert_eq!(compressed(&savt, &address).await, answer.body);
        let again = person.get_request(&address).header("If-None-Match", etag);
        assert_eq!(again.send().await.unwrap().status(), 304);
    }
    // It is the operator's file but for the browsers.
    files.write("person", anna.get("/export.json").await.is(200).body);
    files
        .export(fresh.url(), &["main"], "operator")
        .expect_success();
    assert!(files.read("operator").contains("\"token\""));
    assert_eq!(
        files.read("operator").lines().count(),
        files.read("person").lines().count()
    );

    // An operator can import it. Its people then say who they are.
    let target = Fresh::migrated(fresh.open().await.backend()).await;
    let said = files.import(target.url(), "person", &[]).expect_success();
    assert!(said.contains("people have to say who they are"), "{said}");
    assert_sound(target.url(), "1 board");
    let database = target.open().await;
    assert_eq!(
        number(&database, "SELECT count(*) AS number FROM browsers").await,
        0
    );
    let moved = Savt::at(target.url()).await;
    assert_eq!(moved.person().sees().await, anna.sees().await);
    let anna = anna.moved_to(moved.address());
    anna.claim("Anna “Ä” <b>").await;
    anna.create_item("Back").await;
    assert_eq!(anna.history().await[0], "Anna “Ä” <b> added Back");
    // What the file does not say is not made up.
    files
        .export(target.url(), &["main"], "again")
        .expect_success();
    let line = refusal(&files.import(fresh.url(), "again", &[]));
    assert!(line.contains("there is a board main already"), "{line}");
}

db_test!(the_password_protects_the_file);
async fn the_password_protects_the_file(savt: Savt) {
    let password: Password = "a password".parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    let protected = savt.another_with(|app| app.with_site_password(lock)).await;
    for path in ["/export.json", "/history.atom"] {
        let answer = protected.person().get(path).await.is(303);
        assert!(answer.header("location").starts_with("/login"), "{path}");
        assert!(!answer.body.contains("savt\":"), "{path}");
    }
}
