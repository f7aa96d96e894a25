//! An answer shows sooner what the stream tells as well: one's own echo changes nothing, and what is old does not overwrite
//! what is new.

use crate::harness::{app::Savt, client::Person, databases::on_both, follower::Follower};

/// Somebody with a board of one pizza, One, with Ham, and free Salad.
async fn at_a_pizza(savt: &Savt) -> (Person, Follower) {
    let alice = savt.person_called("Alice").await;
    let one = alice.create_item("One").await;
    alice.suggest("Ham", 1, one).await;
    alice.suggest("Salad", 1, None).await;
    let follower = Follower::of(&alice).await;
    (alice, follower)
}

on_both!(ones_own_echo_shows_nothing_new);
async fn ones_own_echo_shows_nothing_new(savt: Savt) {
    let (_, mut alice) = at_a_pizza(&savt).await;
    for (path, fields) in [
        ("/create/item/", &[("name", "Other")][..]),
        ("/create/feature/", &[("name", "Wine")]),
        ("/features/1/veto", &[]),
        ("/features/1/unveto", &[]),
        ("/features/1/edit", &[("name", "Speck"), ("amount", "2")]),
        ("/features/1/move", &[("item_id", "2")]),
        ("/items/2/edit", &[("name", "Second"), ("kind", "raw")]),
        ("/items/2/merge", &[("into", "1")]),
        ("/features/1/move", &[("item_id", "")]),
        ("/features/1/delete", &[]),
        ("/items/1/delete", &[]),
    ] {
        let version = savt.stored().await.version();
        let answer = alice.press(path, fields).await.is(200);
        assert_eq!(answer.header("savt-version"), (version + 1).to_string());
        let (shown, news) = (alice.page.shown.clone(), alice.page.news);
        alice.is_as_loaded().await;
        assert_eq!(alice.page.shown, shown, "{path} showed at once");
        assert_eq!(alice.page.news, news, "{path} showed once");
    }
}

on_both!(an_older_echo_does_not_overwrite_a_newer_answer);
async fn an_older_echo_does_not_overwrite_a_newer_answer(savt: Savt) {
    let (_, mut alice) = at_a_pizza(&savt).await;
    let before = alice.last();
    for (path, fields) in [
        ("/features/1/veto", &[][..]),
        ("/features/1/unveto", &[]),
        ("/features/1/move", &[("item_id", "")]),
        ("/features/1/move", &[("item_id", "1")]),
        ("/items/1/edit", &[("name", "First"), ("kind", "")]),
        ("/items/1/delete", &[]),
    ] {
        alice.press(path, fields).await.is(200);
    }
    assert_eq!(alice.page.shown.to_string(), "free: Ham, Salad");
    for number in before + 1..=before + 6 {
        alice.hear_until(number).await;
        assert_eq!(alice.page.shown.to_string(), "free: Ham, Salad", "{number}");
    }
    alice.is_as_loaded().await;
}

on_both!(an_answer_that_comes_late_does_not_overwrite_what_others_did_since);
async fn an_answer_that_comes_late_does_not_overwrite_what_others_did_since(savt: Savt) {
    let (alice, mut follower) = at_a_pizza(&savt).await;
    let bob = savt.person_called("Bob").await;
    let person = follower.person.clone();
    let fields = [("name", "Speck"), ("amount", "1")];
    let edited = person.post("/features/1/edit", &fields).await.is(200);
    bob.edit_feature(1, "Bacon", 1).await;
    let deleted = person.post("/features/2/delete", &[]).await.is(200);
    bob.undo(alice.last_event().await).await;
    follower.is_as_loaded().await;
    for late in [edited, deleted] {
        follower.take(&late);
        follower.is_as_loaded().await;
    }
    assert_eq!(follower.page.shown.to_string(), "One: Bacon\nfree: Salad");
}

on_both!(a_refusal_that_comes_late_takes_nothing_away_that_is_back);
async fn a_refusal_that_comes_late_takes_nothing_away_that_is_back(savt: Savt) {
    let (_, mut alice) = at_a_pizza(&savt).await;
    let bob = savt.person_called("Bob").await;
    bob.delete_feature(1).await;
    let person = alice.person.clone();
    let gone = person.post("/features/1/veto", &[]).await.is(410);
    let no_menu = person.get("/features/1").await.is(410);
    bob.undo(bob.last_event().await).await;
    alice.is_as_loaded().await;
    for late in [gone, no_menu] {
        alice.take(&late);
        alice.is_as_loaded().await;
    }
    assert_eq!(alice.page.shown.to_string(), "One: Ham\nfree: Salad");
}

on_both!(a_refusal_takes_away_what_is_gone);
async fn a_refusal_takes_away_what_is_gone(savt: Savt) {
    let (_, mut alice) = at_a_pizza(&savt).await;
    savt.person().delete_feature(1).await;
    savt.person().create_item("Later").await;
    alice.press("/features/1/veto", &[]).await.is(410);
    assert_eq!(alice.page.shown.to_string(), "One\nfree: Salad");
    alice.is_as_loaded().await;
}

on_both!(what_was_shown_by_an_answer_and_changed_back_while_one_was_away_is_as_it_was);
async fn what_was_shown_by_an_answer_and_changed_back_while_one_was_away_is_as_it_was(savt: Savt) {
    let (_, mut alice) = at_a_pizza(&savt).await;
    let bob = savt.person_called("Bob").await;
    for (path, fields) in [
        (
            "/features/1/edit",
            &[("name", "Speck"), ("amount", "2")][..],
        ),
        ("/features/1/veto", &[]),
        ("/features/1/move", &[("item_id", "")]),
        ("/features/2/delete", &[]),
        ("/items/1/edit", &[("name", "First"), ("kind", "raw")]),
        ("/items/1/delete", &[]),
        ("/create/item/", &[("name", "Other")]),
        ("/participant", &[("name", "Alicia")]),
    ] {
        alice.is_as_loaded().await;
        alice.drop_stream();
        alice.press(path, fields).await.is(200);
        bob.undo(bob.last_event().await).await;
        alice.resume().await;
        alice.is_as_loaded().await;
    }
    assert_eq!(alice.reloads, 0);
}
