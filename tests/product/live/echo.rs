//! A change reaches its sender twice, by the response and by the stream: the second copy changes nothing, and older
//! data never overwrites newer data.

use crate::harness::{app::Savt, client::TestClient, databases::db_test, follower::Follower};

/// A client that follows a board with the pizza One with Ham, and free Salad.
async fn follow_board_with_features(savt: &Savt) -> (TestClient, Follower) {
    let alice = savt.person_called("Alice").await;
    let one = alice.create_item("One").await;
    alice.suggest("Ham", 1, one).await;
    alice.suggest("Salad", 1, None).await;
    let follower = Follower::open(&alice).await;
    (alice, follower)
}

db_test!(the_streamed_copy_of_an_own_change_changes_nothing);
async fn the_streamed_copy_of_an_own_change_changes_nothing(savt: Savt) {
    let (_, mut alice) = follow_board_with_features(&savt).await;
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
        let answer = alice.submit(path, fields).await.is(200);
        assert_eq!(answer.header("savt-version"), (version + 1).to_string());
        let (shown, changes) = (alice.page.shown.clone(), alice.page.changes);
        alice.assert_matches_reload().await;
        assert_eq!(alice.page.shown, shown, "{path} must show at once");
        assert_eq!(alice.page.changes, changes, "{path} must show only once");
    }
}

db_test!(a_late_stream_message_does_not_overwrite_a_newer_answer);
async fn a_late_stream_message_does_not_overwrite_a_newer_answer(savt: Savt) {
    let (_, mut alice) = follow_board_with_features(&savt).await;
    let before = alice.last();
    for (path, fields) in [
        ("/features/1/veto", &[][..]),
        ("/features/1/unveto", &[]),
        ("/features/1/move", &[("item_id", "")]),
        ("/features/1/move", &[("item_id", "1")]),
        ("/items/1/edit", &[("name", "First"), ("kind", "")]),
        ("/items/1/delete", &[]),
    ] {
        alice.submit(path, fields).await.is(200);
    }
    assert_eq!(alice.page.shown.to_string(), "free: Ham, Salad");
    for number in before + 1..=before + 6 {
        alice.receive_until(number).await;
        assert_eq!(alice.page.shown.to_string(), "free: Ham, Salad", "{number}");
    }
    alice.assert_matches_reload().await;
}

db_test!(a_late_answer_does_not_overwrite_newer_changes);
async fn a_late_answer_does_not_overwrite_newer_changes(savt: Savt) {
    let (alice, mut follower) = follow_board_with_features(&savt).await;
    let bob = savt.person_called("Bob").await;
    let person = follower.person.clone();
    let fields = [("name", "Speck"), ("amount", "1")];
    let edited = person.post("/features/1/edit", &fields).await.is(200);
    bob.edit_feature(1, "Bacon", 1).await;
    let deleted = person.post("/features/2/delete", &[]).await.is(200);
    bob.undo(alice.last_event().await).await;
    follower.assert_matches_reload().await;
    for late in [edited, deleted] {
        follower.apply_answer(&late);
        follower.assert_matches_reload().await;
    }
    assert_eq!(follower.page.shown.to_string(), "One: Bacon\nfree: Salad");
}

db_test!(a_late_410_answer_does_not_remove_a_restored_row);
async fn a_late_410_answer_does_not_remove_a_restored_row(savt: Savt) {
    let (_, mut alice) = follow_board_with_features(&savt).await;
    let bob = savt.person_called("Bob").await;
    bob.delete_feature(1).await;
    let person = alice.person.clone();
    let deleted = person.post("/features/1/veto", &[]).await.is(410);
    let no_menu = person.get("/features/1").await.is(410);
    bob.undo(bob.last_event().await).await;
    alice.assert_matches_reload().await;
    for late in [deleted, no_menu] {
        alice.apply_answer(&late);
        alice.assert_matches_reload().await;
    }
    assert_eq!(alice.page.shown.to_string(), "One: Ham\nfree: Salad");
}

db_test!(a_410_answer_removes_the_deleted_row);
async fn a_410_answer_removes_the_deleted_row(savt: Savt) {
    let (_, mut alice) = follow_board_with_features(&savt).await;
    savt.person().delete_feature(1).await;
    savt.person().create_item("Later").await;
    alice.submit("/features/1/veto", &[]).await.is(410);
    assert_eq!(alice.page.shown.to_string(), "One\nfree: Salad");
    alice.assert_matches_reload().await;
}

db_test!(a_change_undone_while_disconnected_is_reverted_on_resume);
async fn a_change_undone_while_disconnected_is_reverted_on_resume(savt: Savt) {
    let (_, mut alice) = follow_board_with_features(&savt).await;
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
        alice.assert_matches_reload().await;
        alice.drop_stream();
        alice.submit(path, fields).await.is(200);
        // A veto can be undone only by its owner.
        let undoer = if path.ends_with("/veto") {
            &alice.person
        } else {
            &bob
        };
        undoer.undo(bob.last_event().await).await;
        alice.resume().await;
        alice.assert_matches_reload().await;
    }
    assert_eq!(alice.reloads, 0);
}
