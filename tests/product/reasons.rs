//! Reasons of vetoes: optional, visible to everyone, changed only by their author.

use diesel::sql_query;

use crate::harness::{
    app::Savt,
    client::{TestClient, send},
    databases::{Fresh, FromDatabase, db_test},
    stream::Stream,
};

/// A board with Ham, and Alice and Bob as participants.
async fn board_with_feature(savt: &Savt) -> (TestClient, TestClient, i64) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let ham = alice.suggest("Ham", 1, None).await;
    (alice, bob, ham)
}

/// The value of the reason field in the feature's menu, and the buttons for the veto.
async fn reason_form(person: &TestClient, feature: i64) -> (String, Vec<String>) {
    let menu = person.get(&format!("/features/{feature}")).await.is(200);
    let forms = ".reason-form button, .reason-form + form .veto";
    let value = match menu.all("[name=reason][value]").is_empty() {
        true => String::new(),
        false => menu.attribute("[name=reason]", "value"),
    };
    (value, menu.all(forms))
}

db_test!(a_reason_is_shown_beside_the_vetoer);
async fn a_reason_is_shown_beside_the_vetoer(savt: Savt) {
    let (alice, bob, ham) = board_with_feature(&savt).await;
    alice.veto_because(ham, "  I eat \n no <pork> ").await;
    bob.veto(ham).await;
    let expected = "vetoed by Alice (I eat no <pork>), Bob";
    assert_eq!(bob.sees().await, format!("free: Ham [{expected}]"));
    for path in ["/features/1", "?view=wall"] {
        let page = bob.get(path).await.is(200);
        assert_eq!(page.one(".vetoers"), expected, "{path}");
        assert_eq!(page.all(".vetoers > bdi"), ["Alice", "Bob"], "{path}");
        assert_eq!(page.one(".reason-text bdi"), "I eat no <pork>", "{path}");
    }
    assert_eq!(
        bob.history().await[..2],
        ["Bob vetoed Ham", "Alice vetoed Ham (I eat no <pork>)"]
    );
    let another = savt.another().await;
    let seen = another.person().sees().await;
    assert_eq!(seen, bob.sees().await, "loaded from the tables");
}

db_test!(a_reason_can_be_added_changed_and_removed);
async fn a_reason_can_be_added_changed_and_removed(savt: Savt) {
    let (alice, bob, ham) = board_with_feature(&savt).await;
    assert_eq!(
        reason_form(&alice, ham).await,
        (String::new(), vec!["Veto".to_owned()])
    );
    alice.veto(ham).await;
    let buttons = vec!["Save reason".to_owned(), "Take back veto".to_owned()];
    assert_eq!(
        reason_form(&alice, ham).await,
        (String::new(), buttons.clone())
    );
    for (why, row, expected) in [
        (
            "too salty",
            "Alice (too salty)",
            "gave a reason for vetoing Ham (too salty)",
        ),
        (
            "too dry",
            "Alice (too dry)",
            "gave a reason for vetoing Ham (too dry)",
        ),
        ("", "Alice", "removed the reason for vetoing Ham"),
        (
            "no pork",
            "Alice (no pork)",
            "gave a reason for vetoing Ham (no pork)",
        ),
    ] {
        alice.veto_because(ham, why).await;
        let page = alice.page().await;
        assert_eq!(page.toasts, [format!("Alice {expected}")]);
        assert_eq!(
            page.shown.to_string(),
            format!("free: Ham [vetoed by {row}]")
        );
        assert_eq!(
            reason_form(&alice, ham).await,
            (why.to_owned(), buttons.clone())
        );
    }
    assert_eq!(
        reason_form(&bob, ham).await.1,
        ["Veto"],
        "each veto has its own reason"
    );

    let before = alice.last_event().await;
    alice.veto(ham).await;
    alice.veto_because(ham, " no  pork").await;
    assert_eq!(
        alice.last_event().await,
        before,
        "an unchanged reason is not an event"
    );
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice (no pork)]");
}

db_test!(undo_restores_a_reason);
async fn undo_restores_a_reason(savt: Savt) {
    let (alice, _, ham) = board_with_feature(&savt).await;
    alice.veto_because(ham, "too salty").await;
    let salty = "free: Ham [vetoed by Alice (too salty)]";
    alice.withdraw_veto(ham).await;
    alice.undo(alice.last_event().await).await;
    assert_eq!(alice.sees().await, salty);
    alice.veto_because(ham, "too dry").await;
    alice.undo(alice.last_event().await).await;
    assert_eq!(alice.sees().await, salty);
    let expected = &alice.history().await[0];
    assert_eq!(
        expected,
        "Alice undid event 7: the new reason for vetoing Ham"
    );
}

db_test!(merges_and_splits_keep_every_reason);
async fn merges_and_splits_keep_every_reason(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let [one, other] = [
        alice.create_item("One").await,
        alice.create_item("Other").await,
    ];
    let ham = alice.suggest("Ham", 1, one).await;
    let more = alice.suggest("Ham", 1, other).await;
    alice.veto_because(ham, "too salty").await;
    alice.veto(more).await;
    bob.veto_because(ham, "too dry").await;
    bob.veto_because(more, "no pork").await;
    alice.merge(one, other).await;
    let merged = "One-Other: Ham ×2 [vetoed by Alice (too salty), Bob (no pork)]";
    assert_eq!(alice.sees().await, merged);
    alice.split(other).await;
    let part = "Ham [vetoed by Alice (too salty), Bob (no pork)]";
    let split = format!("One-Other-Ham: {part}\nOne-Other-Ham-2: {part}");
    assert_eq!(alice.sees().await, split);
    let another = savt.another().await;
    assert_eq!(
        another.person().sees().await,
        split,
        "loaded from the tables"
    );
}

db_test!(an_invalid_reason_is_reported_beside_its_field);
async fn an_invalid_reason_is_reported_beside_its_field(savt: Savt) {
    let (alice, bob, ham) = board_with_feature(&savt).await;
    bob.veto_because(ham, "too salty").await;
    let path = format!("/features/{ham}/veto");
    let long = "r".repeat(201);
    for (why, reason) in [
        (&*long, "This is too long. Use at most 200 characters."),
        ("a\u{1}b", "This contains control characters. Remove them."),
        (
            "\u{200b}",
            "This contains only invisible characters. Enter a visible one.",
        ),
    ] {
        for person in [&alice, &bob] {
            let page = person.post(&path, &[("reason", why)]).await.is(422);
            assert_eq!(page.one("#veto-reason"), reason);
            assert_eq!(page.attribute(".reason-form input", "value"), why);
            assert_eq!(
                page.attribute(".reason-form input", "aria-describedby"),
                "veto-reason"
            );
            let answer = person.with_htmx().post(&path, &[("reason", why)]).await;
            let answer = answer.is(422);
            assert_eq!(
                answer.targets(),
                ["innerHTML #veto-reason", "beforeend #toasts"]
            );
            assert_eq!(answer.toasts(), [reason]);
        }
    }
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Bob (too salty)]");
    alice.veto_because(ham, &"é".repeat(200)).await;
    let row = alice.page().await.feature("Ham").vetoers.clone().unwrap();
    assert!(row.contains(&"é".repeat(200)), "{row}");
}

db_test!(a_veto_without_a_form_body_is_accepted);
async fn a_veto_without_a_form_body_is_accepted(savt: Savt) {
    let (alice, _, ham) = board_with_feature(&savt).await;
    let request = alice.post_request(&format!("/features/{ham}/veto"));
    send(request).await.unwrap().is(303);
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice]");
}

db_test!(a_veto_response_offers_to_add_a_reason);
async fn a_veto_response_offers_to_add_a_reason(savt: Savt) {
    let (alice, _, ham) = board_with_feature(&savt).await;
    let path = format!("/features/{ham}/veto");
    let answer = alice.with_htmx().post(&path, &[]).await.is(200);
    let link = ".toast .add-reason";
    assert_eq!(answer.one(link), "Say why");
    let href = answer.attribute(link, "href");
    assert_eq!(href, format!("/features/{ham}?existing=1"));
    let menu = alice.get(&href).await.is(200);
    assert_eq!(menu.one(".reason-form button"), "Save reason");
    alice.withdraw_veto(ham).await;
    let gone = alice.get(&href).await.is(410);
    assert_eq!(gone.one(".problem p"), NO_VETO);
    let why = [("reason", "too salty")];
    let answer = alice.with_htmx().post(&path, &why).await.is(200);
    assert!(answer.all(link).is_empty(), "the reason is known");
}

db_test!(reasons_reach_every_stream);
async fn reasons_reach_every_stream(savt: Savt) {
    let (alice, bob, ham) = board_with_feature(&savt).await;
    alice.veto(ham).await;
    let elsewhere = savt.another().await;
    let page = elsewhere.person().page().await;
    let mut own = Stream::open(&bob, "/events", None).await;
    let mut other = Stream::open(&elsewhere.person(), &page.stream, None).await;
    alice.veto_because(ham, "too salty").await;
    for stream in [&mut own, &mut other] {
        let step = stream.next_event().await;
        let row = step.partials().into_iter().find_map(|part| part.feature());
        let vetoers = row.unwrap().vetoers;
        assert_eq!(vetoers.as_deref(), Some("vetoed by Alice (too salty)"));
    }
}

/// A board written by a version without reasons.
const BEFORE: [&str; 7] = [
    "INSERT INTO participants VALUES (1, 1, 'Alice', '2026-11-24 12:00:00')",
    "INSERT INTO features (board_id, id, item_id, name, amount, author_id, created_at, deleted_at)
         VALUES (1, 1, NULL, 'Ham', 1, 1, '2026-11-24 12:00:01', NULL)",
    "INSERT INTO vetoes (board_id, feature_id, participant_id, created_at)
         VALUES (1, 1, 1, '2026-11-24 12:00:02')",
    r#"INSERT INTO events VALUES (1, 1, '2026-11-24 12:00:00', 1, 'Alice', '{"did":"joined"}',
         '{"participants":[{"before":null,"after":{"id":1,"name":"Alice","joined":"2026-11-24T12:00:00"}}]}',
         NULL, FALSE)"#,
    r#"INSERT INTO events VALUES (1, 2, '2026-11-24 12:00:01', 1, 'Alice',
         '{"did":"suggested","feature":"Ham","item":null,"amount":1}',
         '{"features":[{"before":null,"after":{"id":1,"item":null,"name":"Ham","amount":1,"author":1,
             "created":"2026-11-24T12:00:01","deleted":null}}]}',
         NULL, FALSE)"#,
    r#"INSERT INTO events VALUES (1, 3, '2026-11-24 12:00:02', 1, 'Alice',
         '{"did":"vetoed","feature":"Ham","item":null}',
         '{"vetoes":[{"before":null,"after":{"feature":1,"participant":1,"at":"2026-11-24T12:00:02"}}]}',
         NULL, FALSE)"#,
    "UPDATE boards SET version = 3, last_participant = 1, last_feature = 1 WHERE id = 1",
];

db_test!(a_board_from_before_reasons_still_works);
async fn a_board_from_before_reasons_still_works(fresh: Fresh) {
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    for statement in BEFORE {
        transaction.execute(sql_query(statement)).await.unwrap();
    }
    transaction.commit().await.unwrap();

    let savt = Savt::from_database(fresh).await;
    let bob = savt.person_called("Bob").await;
    assert_eq!(bob.sees().await, "free: Ham [vetoed by Alice]");
    assert_eq!(bob.history().await[1], "Alice vetoed Ham");
    let mut missed = Stream::open(&bob, "/events?since=2", None).await;
    let step = missed.next_event().await;
    let row = step.partials().into_iter().find_map(|part| part.feature());
    assert_eq!(row.unwrap().vetoers.as_deref(), Some("vetoed by Alice"));
    bob.post("/undo/3", &[]).await.is(403);
    bob.claim("Alice").await;
    bob.undo(3).await;
    assert_eq!(bob.sees().await, "free: Ham");
    bob.undo(bob.last_event().await).await;
    bob.veto_because(1, "too salty").await;
    assert_eq!(bob.sees().await, "free: Ham [vetoed by Alice (too salty)]");
}

const NO_VETO: &str =
    "You have taken back your veto on Ham, so there is no reason to save. Nothing was changed.";

db_test!(a_reason_for_a_withdrawn_veto_does_not_veto_again);
/// The form of an existing veto, sent from a page that still shows the veto.
async fn a_reason_for_a_withdrawn_veto_does_not_veto_again(savt: Savt) {
    let (alice, bob, ham) = board_with_feature(&savt).await;
    let (menu, path) = (format!("/features/{ham}"), format!("/features/{ham}/veto"));
    let hidden = ".reason-form input[name=existing]";
    let before = alice.get(&menu).await.is(200);
    assert!(before.all(hidden).is_empty(), "a veto with a reason");
    alice.veto(ham).await;
    let open = alice.get(&menu).await.is(200);
    assert_eq!(open.attribute(hidden, "value"), "1");
    let fields = [("existing", "1"), ("reason", "too salty")];
    alice.post(&path, &fields).await.is(303);
    let shown = "free: Ham [vetoed by Alice (too salty)]";
    assert_eq!(alice.sees().await, shown);

    alice.withdraw_veto(ham).await;
    let stored = savt.stored().await;
    for person in [&alice, &bob, &savt.person()] {
        for reason in ["too salty", ""] {
            let fields = [("existing", "1"), ("reason", reason)];
            let answer = person.post(&path, &fields).await.is(410);
            assert_eq!(answer.one(".problem p"), NO_VETO);
            let answer = person.with_htmx().post(&path, &fields).await.is(410);
            assert_eq!(answer.toasts(), [NO_VETO]);
        }
    }
    let answer = alice.reading("de").post(&path, &fields).await.is(410);
    assert!(answer.one(".problem p").starts_with("Du hast dein Veto"));
    assert_eq!(savt.stored().await, stored);
    // A form without the field, as of pages loaded before an update, vetoes with the reason.
    alice.veto_because(ham, "too salty").await;
    assert_eq!(alice.sees().await, shown);
}
