//! Why somebody vetoes: said or not, read by everyone, changed by oneself.

use diesel::sql_query;

use crate::harness::{
    app::Savt,
    client::{Person, send},
    databases::{Fresh, Given, on_both},
    stream::Stream,
};

/// A board with Ham on it, and Alice and Bob at it.
async fn ham(savt: &Savt) -> (Person, Person, i64) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let ham = alice.suggest("Ham", 1, None).await;
    (alice, bob, ham)
}

/// What the menu offers: what stands in its field, and its buttons for the veto.
async fn offered(person: &Person, feature: i64) -> (String, Vec<String>) {
    let menu = person.get(&format!("/features/{feature}")).await.is(200);
    let forms = ".why button, .why + form .veto";
    let value = match menu.all(".why input[value]").is_empty() {
        true => String::new(),
        false => menu.attribute(".why input", "value"),
    };
    (value, menu.all(forms))
}

on_both!(a_reason_stands_beside_the_name);
async fn a_reason_stands_beside_the_name(savt: Savt) {
    let (alice, bob, ham) = ham(&savt).await;
    alice.veto_because(ham, "  I eat \n no <pork> ").await;
    bob.veto(ham).await;
    let said = "vetoed by Alice (I eat no <pork>), Bob";
    assert_eq!(bob.sees().await, format!("free: Ham [{said}]"));
    for path in ["/features/1", "?view=wall"] {
        let page = bob.get(path).await.is(200);
        assert_eq!(page.one(".vetoers"), said, "{path}");
        assert_eq!(page.all(".vetoers > bdi"), ["Alice", "Bob"], "{path}");
        assert_eq!(page.one(".because bdi"), "I eat no <pork>", "{path}");
    }
    assert_eq!(
        bob.history().await[..2],
        ["Bob vetoed Ham", "Alice vetoed Ham (I eat no <pork>)"]
    );
    let another = savt.another().await;
    let seen = another.person().sees().await;
    assert_eq!(seen, bob.sees().await, "out of the tables");
}

on_both!(why_can_be_said_later_otherwise_and_not_at_all);
async fn why_can_be_said_later_otherwise_and_not_at_all(savt: Savt) {
    let (alice, bob, ham) = ham(&savt).await;
    assert_eq!(
        offered(&alice, ham).await,
        (String::new(), vec!["Veto".to_owned()])
    );
    alice.veto(ham).await;
    let buttons = vec!["Save the reason".to_owned(), "Veto".to_owned()];
    assert_eq!(offered(&alice, ham).await, (String::new(), buttons.clone()));
    for (why, row, told) in [
        (
            "too salty",
            "Alice (too salty)",
            "gave a reason for the veto of Ham (too salty)",
        ),
        (
            "too dry",
            "Alice (too dry)",
            "gave a reason for the veto of Ham (too dry)",
        ),
        ("", "Alice", "took away the reason for the veto of Ham"),
        (
            "no pork",
            "Alice (no pork)",
            "gave a reason for the veto of Ham (no pork)",
        ),
    ] {
        alice.veto_because(ham, why).await;
        let page = alice.page().await;
        assert_eq!(page.toasts, [format!("Alice {told}")]);
        assert_eq!(
            page.shown.to_string(),
            format!("free: Ham [vetoed by {row}]")
        );
        assert_eq!(
            offered(&alice, ham).await,
            (why.to_owned(), buttons.clone())
        );
    }
    assert_eq!(offered(&bob, ham).await.1, ["Veto"], "each has their own");

    let before = alice.last_event().await;
    alice.veto(ham).await;
    alice.veto_because(ham, " no  pork").await;
    assert_eq!(alice.last_event().await, before, "nothing new was said");
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice (no pork)]");
}

on_both!(undo_brings_a_reason_back);
async fn undo_brings_a_reason_back(savt: Savt) {
    let (alice, _, ham) = ham(&savt).await;
    alice.veto_because(ham, "too salty").await;
    let salty = "free: Ham [vetoed by Alice (too salty)]";
    alice.take_back(ham).await;
    alice.undo(alice.last_event().await).await;
    assert_eq!(alice.sees().await, salty);
    alice.veto_because(ham, "too dry").await;
    alice.undo(alice.last_event().await).await;
    assert_eq!(alice.sees().await, salty);
    let told = &alice.history().await[0];
    assert_eq!(told, "Alice undid 7: the new reason for the veto of Ham");
}

on_both!(no_reason_is_lost_where_things_come_together_or_apart);
async fn no_reason_is_lost_where_things_come_together_or_apart(savt: Savt) {
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
    assert_eq!(another.person().sees().await, split, "out of the tables");
}

on_both!(a_reason_that_cannot_be_is_refused_beside_its_field);
async fn a_reason_that_cannot_be_is_refused_beside_its_field(savt: Savt) {
    let (alice, bob, ham) = ham(&savt).await;
    bob.veto_because(ham, "too salty").await;
    let path = format!("/features/{ham}/veto");
    let long = "r".repeat(201);
    for (why, reason) in [
        (&*long, "That is too long: at most 200 characters."),
        ("a\u{1}b", "That has control characters in it."),
        ("\u{200b}", "That has no character one can see."),
    ] {
        for person in [&alice, &bob] {
            let page = person.post(&path, &[("reason", why)]).await.is(422);
            assert_eq!(page.one("#veto-reason"), reason);
            assert_eq!(page.attribute(".why input", "value"), why);
            assert_eq!(
                page.attribute(".why input", "aria-describedby"),
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

on_both!(a_veto_needs_no_form_at_all);
async fn a_veto_needs_no_form_at_all(savt: Savt) {
    let (alice, _, ham) = ham(&savt).await;
    let request = alice.posting(&format!("/features/{ham}/veto"));
    send(request).await.unwrap().is(303);
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice]");
}

on_both!(who_vetoes_is_offered_to_say_why);
async fn who_vetoes_is_offered_to_say_why(savt: Savt) {
    let (alice, _, ham) = ham(&savt).await;
    let path = format!("/features/{ham}/veto");
    let answer = alice.with_htmx().post(&path, &[]).await.is(200);
    let link = ".toast .say-why";
    assert_eq!(answer.one(link), "Say why");
    assert_eq!(answer.attribute(link, "href"), format!("/features/{ham}"));
    alice.take_back(ham).await;
    let why = [("reason", "too salty")];
    let answer = alice.with_htmx().post(&path, &why).await.is(200);
    assert!(answer.all(link).is_empty(), "it is said");
}

on_both!(everyone_who_looks_hears_why);
async fn everyone_who_looks_hears_why(savt: Savt) {
    let (alice, bob, ham) = ham(&savt).await;
    alice.veto(ham).await;
    let elsewhere = savt.another().await;
    let page = elsewhere.person().page().await;
    let mut here = Stream::open(&bob, "/events", None).await;
    let mut there = Stream::open(&elsewhere.person(), &page.stream, None).await;
    alice.veto_because(ham, "too salty").await;
    for stream in [&mut here, &mut there] {
        let step = stream.step().await;
        let row = step.partials().into_iter().find_map(|part| part.feature());
        let vetoers = row.unwrap().vetoers;
        assert_eq!(vetoers.as_deref(), Some("vetoed by Alice (too salty)"));
    }
}

/// A board as a SAVT wrote it that knew no reasons.
const BEFORE: [&str; 7] = [
    "INSERT INTO participants VALUES (1, 1, 'Alice', '2026-11-24 12:00:00')",
    "INSERT INTO features VALUES (1, 1, NULL, 'Ham', 1, 1, '2026-11-24 12:00:01', NULL)",
    "INSERT INTO vetoes (board_id, feature_id, participant_id, created_at)
         VALUES (1, 1, 1, '2026-11-24 12:00:02')",
    r#"INSERT INTO events VALUES (1, 1, '2026-11-24 12:00:00', 1, 'Alice', '{"did":"joined"}',
         '{"participants":[{"before":null,"after":{"id":1,"name":"Alice","joined":"2026-11-24T12:00:00"}}]}',
         NULL)"#,
    r#"INSERT INTO events VALUES (1, 2, '2026-11-24 12:00:01', 1, 'Alice',
         '{"did":"suggested","feature":"Ham","item":null,"amount":1}',
         '{"features":[{"before":null,"after":{"id":1,"item":null,"name":"Ham","amount":1,"author":1,
             "created":"2026-11-24T12:00:01","deleted":null}}]}',
         NULL)"#,
    r#"INSERT INTO events VALUES (1, 3, '2026-11-24 12:00:02', 1, 'Alice',
         '{"did":"vetoed","feature":"Ham","item":null}',
         '{"vetoes":[{"before":null,"after":{"feature":1,"participant":1,"at":"2026-11-24T12:00:02"}}]}',
         NULL)"#,
    "UPDATE boards SET version = 3, last_participant = 1, last_feature = 1 WHERE id = 1",
];

on_both!(a_board_of_before_there_were_reasons_goes_on);
async fn a_board_of_before_there_were_reasons_goes_on(fresh: Fresh) {
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    for statement in BEFORE {
        transaction.execute(sql_query(statement)).await.unwrap();
    }
    transaction.commit().await.unwrap();

    let savt = Savt::given(fresh).await;
    let bob = savt.person_called("Bob").await;
    assert_eq!(bob.sees().await, "free: Ham [vetoed by Alice]");
    assert_eq!(bob.history().await[1], "Alice vetoed Ham");
    let mut missed = Stream::open(&bob, "/events?since=2", None).await;
    let step = missed.step().await;
    let row = step.partials().into_iter().find_map(|part| part.feature());
    assert_eq!(row.unwrap().vetoers.as_deref(), Some("vetoed by Alice"));
    bob.undo(3).await;
    assert_eq!(bob.sees().await, "free: Ham");
    bob.undo(bob.last_event().await).await;
    bob.claim("Alice").await;
    bob.veto_because(1, "too salty").await;
    assert_eq!(bob.sees().await, "free: Ham [vetoed by Alice (too salty)]");
}
