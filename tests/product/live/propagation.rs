//! Every change by one participant reaches every open page, which then equals a freshly loaded one.

use crate::harness::{app::Savt, databases::db_test, follower::Follower};

/// Two open pages of one board: that of a visitor, and that of Bob, who vetoed Ham.
struct Observers {
    follower: Follower,
    vetoer: Follower,
}

impl Observers {
    /// Creates a board with two pizzas, One with Ham and Olives, Other with Ham, and free Salad. Bob vetoed both Ham.
    async fn new(savt: &Savt) -> Observers {
        let bob = savt.person_called("Bob").await;
        let one = bob.create_item("One").await;
        let other = bob.create_item_of_kind("Other", "vegan").await;
        for (name, amount, item) in [
            ("Ham", 2, Some(one)),
            ("Olives", 1, Some(one)),
            ("Ham", 2, Some(other)),
            ("Salad", 1, None),
        ] {
            bob.suggest(name, amount, item).await;
        }
        bob.veto(1).await;
        bob.veto(3).await;
        Observers {
            follower: Follower::open(&savt.person()).await,
            vetoer: Follower::open(&bob).await,
        }
    }

    /// Asserts that both pages are up to date without a reload, and returns their content.
    async fn converged_text(&mut self) -> String {
        self.follower.assert_matches_reload().await;
        self.vetoer.assert_matches_reload().await;
        assert_eq!((self.follower.reloads, self.vetoer.reloads), (0, 0));
        let seen = self.follower.page.shown.to_string();
        assert_eq!(self.vetoer.page.shown.to_string(), seen);
        seen
    }
}

db_test!(new_items_and_features_reach_every_page);
async fn new_items_and_features_reach_every_page(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let alice = savt.person();
    let before = observers.converged_text().await;
    let third = alice.create_item_of_kind("Third", "raw").await;
    alice.suggest("Kale", 2, third).await;
    alice.suggest("Wine", 1, None).await;
    alice.suggest("Ham", 1, 1).await;
    assert_eq!(
        observers.converged_text().await,
        before
            .replace("One: Ham ×2", "One: Ham ×3")
            .replace("\nfree: Salad", "\nThird (raw): Kale ×2\nfree: Salad, Wine")
    );
    assert_eq!(
        observers.follower.page.stats,
        "3 pizzas, 6 toppings, 2 vetoed, 2 people"
    );
}

db_test!(vetoes_and_withdrawals_reach_every_page);
async fn vetoes_and_withdrawals_reach_every_page(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let alice = savt.person_called("Alice").await;
    alice.veto(1).await;
    alice.veto(4).await;
    assert_eq!(
        observers.converged_text().await,
        "One: Ham ×2 [vetoed by Bob, Alice], Olives\n\
         Other (vegan): Ham ×2 [vetoed by Bob]\n\
         free: Salad [vetoed by Alice]"
    );
    alice.withdraw_veto(1).await;
    alice.withdraw_veto(4).await;
    assert_eq!(
        observers.converged_text().await,
        "One: Ham ×2 [vetoed by Bob], Olives\nOther (vegan): Ham ×2 [vetoed by Bob]\nfree: Salad"
    );
}

db_test!(veto_buttons_depend_on_the_viewer);
async fn veto_buttons_depend_on_the_viewer(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let alice = savt.person_called("Alice").await;
    alice.veto(1).await;
    observers.converged_text().await;
    let button = |page: &Follower| page.page.shown.items[0].features[0].button.clone();
    assert_eq!(button(&observers.follower), "Veto Ham");
    assert_eq!(button(&observers.vetoer), "Take back veto on Ham");
}

db_test!(edits_reach_every_page);
async fn edits_reach_every_page(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let alice = savt.person();
    alice.edit_item(1, "First", "meat").await;
    alice.edit_feature(1, "Speck", 3).await;
    alice.edit_feature(4, "Green salad", 1).await;
    assert_eq!(
        observers.converged_text().await,
        "First (meat): Speck ×3 [vetoed by Bob, when it was Ham], Olives\n\
         Other (vegan): Ham ×2 [vetoed by Bob]\n\
         free: Green salad"
    );
}

db_test!(moves_reach_every_page);
async fn moves_reach_every_page(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let alice = savt.person();
    // To the last position, to the first, and to an item where part of it does not fit.
    alice.move_to(4, 1).await;
    alice.move_to(2, None).await;
    alice.move_to(1, 2).await;
    assert_eq!(
        observers.converged_text().await,
        "One: Ham [vetoed by Bob], Salad\nOther (vegan): Ham ×3 [vetoed by Bob]\nfree: Olives"
    );
    alice.move_to(4, None).await;
    alice.move_to(2, None).await;
    assert!(
        observers
            .converged_text()
            .await
            .ends_with("free: Olives, Salad")
    );
}

db_test!(merges_and_splits_reach_every_page);
async fn merges_and_splits_reach_every_page(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let alice = savt.person();
    alice.move_to(1, None).await;
    alice.merge(1, 2).await;
    assert_eq!(
        observers.converged_text().await,
        "One-Other (vegan): Olives, Ham ×2 [vetoed by Bob]\nfree: Ham ×2 [vetoed by Bob], Salad"
    );
    alice.split(2).await;
    assert_eq!(
        observers.converged_text().await,
        "One-Other-Olives (vegan): Olives\n\
         One-Other-Ham (vegan): Ham ×2 [vetoed by Bob]\n\
         free: Ham ×2 [vetoed by Bob], Salad"
    );
}

db_test!(deletions_and_their_undo_reach_every_page);
async fn deletions_and_their_undo_reach_every_page(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let alice = savt.person();
    let before = observers.converged_text().await;
    alice.delete_feature(1).await;
    assert!(
        observers
            .converged_text()
            .await
            .starts_with("One: Olives\n")
    );
    let deleted_feature = alice.last_event().await;
    alice.delete_item(2).await;
    assert_eq!(
        observers.converged_text().await,
        "One: Olives\nfree: Ham ×2 [vetoed by Bob], Salad"
    );
    alice.undo(alice.last_event().await).await;
    alice.undo(deleted_feature).await;
    assert_eq!(observers.converged_text().await, before);
}

db_test!(undo_of_every_change_reaches_every_page);
async fn undo_of_every_change_reaches_every_page(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let alice = savt.person_called("Alice").await;
    let before = observers.converged_text().await;
    for (path, fields) in [
        ("/create/item/", &[("name", "Third")][..]),
        ("/create/feature/", &[("name", "Wine")]),
        ("/create/feature/", &[("name", "Olives"), ("item_id", "1")]),
        ("/features/1/veto", &[]),
        ("/features/1/move", &[("item_id", "2")]),
        ("/features/1/move", &[("item_id", "")]),
        ("/features/1/edit", &[("name", "Speck"), ("amount", "1")]),
        ("/features/1/delete", &[]),
        ("/items/1/edit", &[("name", "First"), ("kind", "raw")]),
        ("/items/1/merge", &[("into", "2")]),
        ("/items/1/split", &[]),
        ("/items/1/delete", &[]),
    ] {
        alice.post(path, fields).await.is(303);
        assert_ne!(observers.converged_text().await, before, "{path}");
        alice.undo(alice.last_event().await).await;
        assert_eq!(observers.converged_text().await, before, "{path}");
    }
}

db_test!(a_new_participant_name_reaches_every_page);
async fn a_new_participant_name_reaches_every_page(savt: Savt) {
    let mut observers = Observers::new(&savt).await;
    let bob = observers.vetoer.person.clone();
    bob.set_name("Robert").await;
    assert_eq!(
        observers.converged_text().await,
        "One: Ham ×2 [vetoed by Robert], Olives\n\
         Other (vegan): Ham ×2 [vetoed by Robert]\n\
         free: Salad"
    );
    assert_eq!(observers.vetoer.page.me, "You are Robert");
    assert_eq!(observers.follower.page.me, "Who are you?");
}
