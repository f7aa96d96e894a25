//! Vetoes: rule 4, through HTTP.

use savt::model::Identity;

use crate::harness::{app::Savt, client::TestClient, databases::db_test};

db_test!(a_vetoed_feature_names_its_vetoers);
async fn a_vetoed_feature_names_its_vetoers(savt: Savt) {
    let pizza = savt.person().create_item("Hawaii").await;
    let pineapple = savt.person().suggest("Pineapple", 1, pizza).await;
    for name in ["Alice", "Bob", "Chiara"] {
        savt.person_called(name).await.veto(pineapple).await;
    }
    let page = savt.person().page().await;
    let row = page.feature("Pineapple");
    assert_eq!(row.vetoers.as_deref(), Some("vetoed by Alice, Bob, Chiara"));
    assert!(page.stats.contains("1 vetoed"), "{}", page.stats);
}

db_test!(with_many_vetoers_the_row_names_two_and_the_page_names_all);
async fn with_many_vetoers_the_row_names_two_and_the_page_names_all(savt: Savt) {
    let ham = savt.person().suggest("Ham", 1, None).await;
    let names: Vec<String> = (1..=30).map(|n| format!("Guest {n}")).collect();
    let mut people = Vec::new();
    for name in &names {
        people.push(savt.person_called(name).await);
    }
    let path = format!("/features/{ham}");
    for (n, person) in (1..).zip(&people) {
        person.veto(ham).await;
        let row = match n {
            1 => "vetoed by Guest 1".to_owned(),
            2 => "vetoed by Guest 1, Guest 2".to_owned(),
            3 => "vetoed by Guest 1, Guest 2, Guest 3".to_owned(),
            _ => format!("vetoed by Guest 1, Guest 2 and {} more", n - 2),
        };
        let page = person.page().await;
        assert_eq!(page.feature("Ham").vetoers.as_deref(), Some(row.as_str()));
        let all = person.get(&path).await.is(200).one(".menu .vetoers");
        assert_eq!(all, format!("vetoed by {}", names[..n].join(", ")));
    }
    let page = savt.person().get("").await.is(200);
    assert_eq!(page.attribute(".vetoers a", "href"), path);
    let label = page.attribute(".vetoers a", "aria-label");
    assert_eq!(label, "28 more who vetoed Ham");
    for person in &people[3..] {
        person.withdraw_veto(ham).await;
    }
    let row = "free: Ham [vetoed by Guest 1, Guest 2, Guest 3]";
    assert_eq!(savt.person().sees().await, row);
}

db_test!(row_size_is_independent_of_the_number_of_vetoes);
async fn row_size_is_independent_of_the_number_of_vetoes(savt: Savt) {
    let ham = savt.person().suggest("Ham", 1, None).await;
    let mut sizes = Vec::new();
    for n in 1..=60 {
        let person = savt.person_called(&format!("Somebody {n}")).await;
        let path = format!("/features/{ham}/veto");
        let answer = person.with_htmx().post(&path, &[]).await.is(200);
        sizes.push(answer.body.len());
    }
    // The counts may have more digits.
    assert!(sizes[59] <= sizes[3] + 20, "{sizes:?}");
}

db_test!(only_the_vetoer_sees_the_withdraw_button);
async fn only_the_vetoer_sees_the_withdraw_button(savt: Savt) {
    let alice = savt.person();
    let ham = alice.suggest("Ham", 1, None).await;
    assert_eq!(alice.page().await.feature("Ham").button, "Veto Ham");
    alice.veto(ham).await;
    let button = "Take back veto on Ham";
    assert_eq!(alice.page().await.feature("Ham").button, button);
    let stranger = savt.person();
    assert_eq!(stranger.page().await.feature("Ham").button, "Veto Ham");
}

db_test!(a_repeated_veto_is_accepted_without_an_event);
async fn a_repeated_veto_is_accepted_without_an_event(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    alice.veto(ham).await;
    let before = alice.last_event().await;
    alice.veto(ham).await;
    let answer = alice
        .with_htmx()
        .post(&format!("/features/{ham}/veto"), &[])
        .await;
    assert_eq!(
        answer.is(200).targets(),
        ["outerMorph #stats", "place #free-features"],
        "the response updates an outdated page"
    );
    assert_eq!(alice.last_event().await, before);
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice]");
}

db_test!(only_the_own_veto_can_be_withdrawn);
async fn only_the_own_veto_can_be_withdrawn(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let ham = alice.suggest("Ham", 1, None).await;
    alice.veto(ham).await;
    bob.withdraw_veto(ham).await;
    savt.person().withdraw_veto(ham).await;
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice]");
    alice.withdraw_veto(ham).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice took back the veto on Ham"]
    );
    assert_eq!(alice.sees().await, "free: Ham");
    alice.withdraw_veto(ham).await;
    assert_eq!(alice.sees().await, "free: Ham");
}

db_test!(vetoes_never_decide_anything_by_themselves);
async fn vetoes_never_decide_anything_by_themselves(savt: Savt) {
    let ham = savt.person().suggest("Ham", 1, None).await;
    for _ in 0..12 {
        savt.person().veto(ham).await;
    }
    let page = savt.person().page().await;
    let vetoers = page.feature("Ham").vetoers.as_deref();
    assert_eq!(vetoers, Some("vetoed by User-2, User-3 and 10 more"));
    savt.person().suggest("Ham", 1, None).await;
    assert_eq!(savt.person().page().await.feature("Ham").id, ham);
}

db_test!(nobody_undoes_a_veto_of_others);
async fn nobody_undoes_a_veto_of_others(savt: Savt) {
    let claimed = savt
        .another_with(|app| app.with_identity(Identity::Claimed))
        .await;
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let vetoed = "free: Ham [vetoed by Alice (too salty)]";
    // Each change of the veto, then its undo and its redo.
    for (reason, shown) in [
        (Some("too salty"), vetoed),
        (Some("too dry"), "free: Ham [vetoed by Alice (too dry)]"),
        (None, "free: Ham"),
    ] {
        match reason {
            Some(reason) => alice.veto_because(ham, reason).await,
            None => alice.withdraw_veto(ham).await,
        }
        let before = savt.stored().await;
        let event = alice.last_event().await;
        for server in [&savt, &claimed] {
            let path = format!("/undo/{event}");
            for other in [bob.moved_to(server.address()), server.person()] {
                let message = "Only Alice can undo this, because it is the veto of Alice.";
                let answer = other.post(&path, &[]).await.is(403);
                assert_eq!(answer.one(".problem p"), message);
                let answer = other.with_htmx().post(&path, &[]).await.is(403);
                assert_eq!(answer.toasts(), [message]);
                let answer = other.reading("de").post(&path, &[]).await.is(403);
                let message =
                    "Nur Alice kann das rückgängig machen, denn es geht um das Veto von Alice.";
                assert_eq!(answer.one(".problem p"), message);
                let button = format!("#event-{event} button");
                let history = other.get("/history").await.is(200);
                assert!(history.all(&button).is_empty(), "offers what is refused");
            }
        }
        let own = alice.get("/history").await.is(200);
        assert_eq!(own.all(&format!("#event-{event} button")).len(), 1);
        assert_eq!(savt.stored().await, before);
        assert_eq!(alice.sees().await, shown);
        // Undo and redo are Alice's, and again nobody else undoes them.
        alice.undo(event).await;
        for _ in 0..2 {
            let event = alice.last_event().await;
            bob.post(&format!("/undo/{event}"), &[]).await.is(403);
            let history = bob.get("/history").await.is(200);
            assert!(history.all(&format!("#event-{event} button")).is_empty());
            alice.undo(event).await;
        }
        alice.undo(alice.last_event().await).await;
        assert_eq!(alice.sees().await, shown);
    }
}

db_test!(anybody_undoes_what_moved_vetoes_along);
async fn anybody_undoes_what_moved_vetoes_along(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let [one, other] = [
        alice.create_item("One").await,
        alice.create_item("Other").await,
    ];
    let ham = alice.suggest("Ham", 1, one).await;
    alice.suggest("Ham", 3, other).await;
    alice.veto(ham).await;
    let before = alice.sees().await;
    for action in ["move", "merge", "delete"] {
        match action {
            "move" => alice.move_to(ham, other).await,
            "merge" => alice.merge(one, other).await,
            _ => alice.delete_item(one).await,
        }
        bob.undo(bob.last_event().await).await;
        assert_eq!(bob.sees().await, before, "{action}");
    }
}

db_test!(the_history_offers_no_undo_of_other_identities);
async fn the_history_offers_no_undo_of_other_identities(savt: Savt) {
    let claimed = savt
        .another_with(|app| app.with_identity(Identity::Claimed))
        .await;
    let alice = claimed.person_called("Alice").await;
    let bob = claimed.person_called("Bob").await;
    alice.set_name("Alicia").await;
    let offered = async |person: &TestClient, event: i64| {
        let history = person.get("/history").await.is(200);
        let offered = history.all(&format!("#event-{event} button")).len() == 1;
        let allowed = person.post(&format!("/undo/{event}"), &[]).await.status != 403;
        assert_eq!(offered, allowed, "event {event}");
        offered
    };
    assert!(!offered(&bob, 1).await);
    assert!(!offered(&claimed.person(), 3).await);
    assert!(!offered(&bob, 3).await);
    assert!(offered(&alice, 3).await);
    assert!(!offered(&bob, 4).await, "the undo of the new name");
    // With open identities everybody may.
    let history = savt.person().get("/history").await.is(200);
    assert_eq!(history.all("#event-4 button").len(), 1);
}
