//! `savt boards forget`, and the same by the API for oneself.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use savt::db::{Backend, Database};
use serde_json::json;

use super::{assert_sound, boards, slug_of, until};
use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::{Fresh, db_test},
    program::{Program, json_of, problem_of, request},
    stream::Stream,
};

/// All texts that are stored of all boards.
async fn stored_text(database: &Database) -> String {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        text: String,
    }
    let answer = match database.backend() {
        Backend::Sqlite => "CAST(answer AS TEXT)",
        Backend::Postgres => "convert_from(answer, 'UTF8')",
    };
    let mut conn = database.read().await.unwrap();
    let mut all = String::new();
    for query in [
        "SELECT name AS text FROM participants".to_owned(),
        "SELECT coalesce(reason, '') AS text FROM vetoes".to_owned(),
        "SELECT value AS text FROM settings".to_owned(),
        "SELECT actor_name || action || change AS text FROM events".to_owned(),
        format!("SELECT coalesce({answer}, '') AS text FROM requests"),
    ] {
        for row in conn.load::<Row, _>(sql_query(query)).await.unwrap() {
            all += &row.text;
            all.push('\n');
        }
    }
    all
}

/// A board where Ann did what a participant can do. Event 3 renamed her.
async fn board_of_ann(savt: &Savt) -> (TestClient, TestClient, String) {
    let ann = savt.person();
    let base = ann.create_board("Where to eat").await;
    let ann = ann.on_board(&base);
    let bob = savt.person().on_board(&base);
    ann.set_name("Annabelle").await;
    bob.set_name("Bob").await;
    ann.set_name("Ann-Sophie").await;
    let item = ann.create_item("Margherita").await;
    let ham = ann.suggest("Ham", 1, item).await;
    ann.veto_because(ham, "my illness").await;
    ann.veto_because(ham, "another secret").await;
    ann.consent().await;
    let people = bob.page().await;
    assert!(people.version > 0);
    bob.post("/participants/1/aside", &[("aside", "1")])
        .await
        .is(303);
    ann.consent().await;
    let deadline = [("at", "2099-01-02T18:00:00Z")];
    ann.post("/close", &deadline).await.is(303);
    (ann, bob, base)
}

db_test!(a_forgotten_participant_is_nowhere_to_be_found);
async fn a_forgotten_participant_is_nowhere_to_be_found(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let another = savt.another().await;
    let (ann, bob, base) = board_of_ann(&savt).await;
    let slug = slug_of(&base);
    // A request whose answer has the name.
    let key = [("Idempotency-Key", "0123456789abcdef0123456789abcdef")];
    let path = format!("/boards/{slug}/participants");
    let join = ("POST", path.as_str());
    let body = r#"{"name":"Ann-Sophie","claim":true}"#;
    let token = json_of(&request(savt.address(), join, &key, body).await.is(201));
    let there = bob.moved_to(another.address());
    assert!(
        there
            .get("/history")
            .await
            .is(200)
            .body
            .contains("Annabelle")
    );
    let mut streams = Vec::new();
    for person in [&bob, &there] {
        let page = person.page().await;
        streams.push(Stream::open(&person.on_board(""), &page.stream, None).await);
    }
    let before = stored_text(savt.database()).await;
    let secrets = ["Annabelle", "Ann-Sophie", "my illness", "another secret"];
    for secret in secrets {
        assert!(before.contains(secret), "{secret}");
    }

    let out = boards(fresh.url(), &["forget", slug, "ann-sophie", "--yes"]).expect_success();
    assert!(out.starts_with("the participant is User-1 now; "), "{out}");
    assert!(out.contains("not reached: backups"), "{out}");
    let after = stored_text(savt.database()).await;
    for secret in secrets {
        assert!(!after.contains(secret), "{secret}: {after}");
    }
    assert_sound(fresh.url());
    for mut stream in streams {
        stream.next_named("reload").await;
    }
    for person in [&bob, &there] {
        until("the page has the new name", async || {
            person.get("").await.is(200).body.contains("User-1")
        })
        .await;
        let pages = [
            "",
            "/history",
            "/result",
            "/consent",
            "/items/1",
            "/features/1",
        ];
        for path in pages {
            let page = person.get(path).await;
            for secret in secrets {
                assert!(!page.body.contains(secret), "{path}: {}", page.body);
            }
        }
    }
    // The browser and the token are nobody now.
    let me = ann.get("").await.is(200).one("#me-name");
    assert!(!me.contains("Ann-Sophie") && !me.contains("User-1"), "{me}");
    let bearer = format!("Bearer {}", token["token"].as_str().unwrap());
    let me = format!("/boards/{slug}/participants/me");
    let answer = request(
        savt.address(),
        ("GET", &me),
        &[("Authorization", &bearer)],
        "",
    )
    .await;
    problem_of(answer, 401);
    ann.set_name("Somebody").await;
    assert_sound(fresh.url());
}

db_test!(undo_and_history_go_on_after_forgetting);
async fn undo_and_history_go_on_after_forgetting(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let (_, bob, base) = board_of_ann(&savt).await;
    boards(
        fresh.url(),
        &["forget", slug_of(&base), "Ann-Sophie", "--yes"],
    )
    .expect_success();
    until("the server knows", async || {
        bob.get("").await.is(200).body.contains("User-1")
    })
    .await;
    let last = bob.last_event().await;
    // Each event has rows of the forgotten participant, or follows from one.
    let mut undone = Vec::new();
    for event in (1..=last).rev() {
        let answer = bob.post(&format!("/undo/{event}"), &[]).await;
        assert!(
            [303, 403, 409, 410, 422].contains(&answer.status),
            "{event}: {}",
            answer.body
        );
        undone.extend((answer.status == 303).then_some(event));
        if event == 3 {
            let is_explained = answer.body.contains("has been erased from the board");
            assert!(answer.status == 409 && is_explained, "{}", answer.body);
        }
    }
    assert_eq!(undone, [11, 2]);
    let history = bob.get("/history").await.is(200).body;
    assert!(!history.contains("Ann-Sophie") && !history.contains("Annabelle"));
    assert_sound(fresh.url());
}

db_test!(forgetting_names_what_does_not_exist);
async fn forgetting_names_what_does_not_exist(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    savt.person_called("Ann").await;
    for (arguments, why) in [
        (
            ["forget", "main", "Bob", "--yes"],
            "there is no participant of this name",
        ),
        (
            ["forget", "nowhere", "Ann", "--yes"],
            "there is no board nowhere",
        ),
    ] {
        let ran = boards(fresh.url(), &arguments);
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains(why), "{ran:?}");
    }
    let ran = boards(fresh.url(), &["forget", "main", "Ann"]);
    assert!(ran.err.contains("--yes confirms"), "{ran:?}");
    assert!(stored_text(savt.database()).await.contains("Ann"));
}

db_test!(a_damaged_log_is_left_alone);
async fn a_damaged_log_is_left_alone(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    savt.person_called("Ann")
        .await
        .create_item("Margherita")
        .await;
    let damage = "UPDATE items SET name = 'Funghi'";
    assert_eq!(super::execute(savt.database(), damage).await, 1);
    let ran = boards(fresh.url(), &["forget", "main", "Ann", "--yes"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("nothing was changed") && ran.err.contains("`savt check`"),
        "{ran:?}"
    );
    assert!(stored_text(savt.database()).await.contains("Ann"));
}

db_test!(a_participant_forgets_itself_by_the_api);
async fn a_participant_forgets_itself_by_the_api(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let another = savt.another().await;
    let bob = savt.person_called("Bob").await;
    let there = bob.moved_to(another.address());
    there.get("").await.is(200);
    let ann = Program::join(savt.address(), "main").await;
    let name = json!({"name": "Ann-Sophie"}).to_string();
    ann.send("PATCH", "/participants/me", &name).await.is(200);
    ann.add_item("Margherita").await;
    let page = bob.page().await;
    let mut stream = Stream::open(&bob, &page.stream, None).await;

    let answer = ann.send("DELETE", "/participants/me", "").await.is(204);
    assert_eq!(answer.body, "");
    stream.next_named("reload").await;
    let people = request(
        savt.address(),
        ("GET", "/boards/main/participants"),
        &[],
        "",
    )
    .await;
    assert!(!people.is(200).body.contains("Ann-Sophie"));
    problem_of(ann.send("DELETE", "/participants/me", "").await, 401);
    assert!(!stored_text(savt.database()).await.contains("Ann-Sophie"));
    until("the other server knows", async || {
        !there
            .get("/history")
            .await
            .is(200)
            .body
            .contains("Ann-Sophie")
    })
    .await;
    bob.create_item("Funghi").await;
    there.create_item("Napoli").await;
    assert_sound(fresh.url());
}
