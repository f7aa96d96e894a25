//! Whatever one does shows on everybody else's page, which then is what one gets who loads it.

use crate::harness::{app::Savt, databases::on_both, follower::Follower};

/// Somebody who looks on, somebody who looks at the same board and vetoed Ham, and what all see after one did something.
struct Room {
    follower: Follower,
    vetoer: Follower,
}

impl Room {
    /// A board with two pizzas, One with Ham and Olives, Other with Ham, and free Salad; Bob vetoed all Ham.
    async fn of(savt: &Savt) -> Room {
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
        Room {
            follower: Follower::of(&savt.person()).await,
            vetoer: Follower::of(&bob).await,
        }
    }

    /// What both see now, after each got it by the stream.
    async fn sees(&mut self) -> String {
        self.follower.is_as_loaded().await;
        self.vetoer.is_as_loaded().await;
        assert_eq!((self.follower.reloads, self.vetoer.reloads), (0, 0));
        let seen = self.follower.page.shown.to_string();
        assert_eq!(self.vetoer.page.shown.to_string(), seen);
        seen
    }
}

on_both!(what_is_made_shows);
async fn what_is_made_shows(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let alice = savt.person();
    let before = room.sees().await;
    let third = alice.create_item_of_kind("Third", "raw").await;
    alice.suggest("Kale", 2, third).await;
    alice.suggest("Wine", 1, None).await;
    alice.suggest("Ham", 1, 1).await;
    assert_eq!(
        room.sees().await,
        before
            .replace("One: Ham ×2", "One: Ham ×3")
            .replace("\nfree: Salad", "\nThird (raw): Kale ×2\nfree: Salad, Wine")
    );
    assert_eq!(
        room.follower.page.stats,
        "3 pizzas, 6 toppings, 2 vetoed, 2 people"
    );
}

on_both!(what_is_vetoed_and_taken_back_shows);
async fn what_is_vetoed_and_taken_back_shows(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let alice = savt.person_called("Alice").await;
    alice.veto(1).await;
    alice.veto(4).await;
    assert_eq!(
        room.sees().await,
        "One: Ham ×2 [vetoed by Bob, Alice], Olives\n\
         Other (vegan): Ham ×2 [vetoed by Bob]\n\
         free: Salad [vetoed by Alice]"
    );
    alice.take_back(1).await;
    alice.take_back(4).await;
    assert_eq!(
        room.sees().await,
        "One: Ham ×2 [vetoed by Bob], Olives\nOther (vegan): Ham ×2 [vetoed by Bob]\nfree: Salad"
    );
}

on_both!(the_button_is_for_whoever_sees_it);
async fn the_button_is_for_whoever_sees_it(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let alice = savt.person_called("Alice").await;
    alice.veto(1).await;
    room.sees().await;
    let button = |page: &Follower| page.page.shown.items[0].features[0].button.clone();
    assert_eq!(button(&room.follower), "Veto Ham");
    assert_eq!(button(&room.vetoer), "Take back veto on Ham");
}

on_both!(what_is_edited_shows);
async fn what_is_edited_shows(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let alice = savt.person();
    alice.edit_item(1, "First", "meat").await;
    alice.edit_feature(1, "Speck", 3).await;
    alice.edit_feature(4, "Green salad", 1).await;
    assert_eq!(
        room.sees().await,
        "First (meat): Speck ×3 [vetoed by Bob], Olives\n\
         Other (vegan): Ham ×2 [vetoed by Bob]\n\
         free: Green salad"
    );
}

on_both!(what_is_moved_shows_where_it_is_now);
async fn what_is_moved_shows_where_it_is_now(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let alice = savt.person();
    // To the last place, to the first place, and to where some of it does not fit.
    alice.move_to(4, 1).await;
    alice.move_to(2, None).await;
    alice.move_to(1, 2).await;
    assert_eq!(
        room.sees().await,
        "One: Ham [vetoed by Bob], Salad\nOther (vegan): Ham ×3 [vetoed by Bob]\nfree: Olives"
    );
    alice.move_to(4, None).await;
    alice.move_to(2, None).await;
    assert!(room.sees().await.ends_with("free: Olives, Salad"));
}

on_both!(what_is_merged_and_split_shows);
async fn what_is_merged_and_split_shows(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let alice = savt.person();
    alice.move_to(1, None).await;
    alice.merge(1, 2).await;
    assert_eq!(
        room.sees().await,
        "One-Other (vegan): Olives, Ham ×2 [vetoed by Bob]\nfree: Ham ×2 [vetoed by Bob], Salad"
    );
    alice.split(2).await;
    assert_eq!(
        room.sees().await,
        "One-Other-Olives (vegan): Olives\n\
         One-Other-Ham (vegan): Ham ×2 [vetoed by Bob]\n\
         free: Ham ×2 [vetoed by Bob], Salad"
    );
}

on_both!(what_is_deleted_goes_and_undo_brings_it_back);
async fn what_is_deleted_goes_and_undo_brings_it_back(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let alice = savt.person();
    let before = room.sees().await;
    alice.delete_feature(1).await;
    assert!(room.sees().await.starts_with("One: Olives\n"));
    let deleted_feature = alice.last_event().await;
    alice.delete_item(2).await;
    assert_eq!(
        room.sees().await,
        "One: Olives\nfree: Ham ×2 [vetoed by Bob], Salad"
    );
    alice.undo(alice.last_event().await).await;
    alice.undo(deleted_feature).await;
    assert_eq!(room.sees().await, before);
}

on_both!(every_kind_of_change_can_be_undone_before_all_eyes);
async fn every_kind_of_change_can_be_undone_before_all_eyes(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let alice = savt.person_called("Alice").await;
    let before = room.sees().await;
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
        assert_ne!(room.sees().await, before, "{path}");
        alice.undo(alice.last_event().await).await;
        assert_eq!(room.sees().await, before, "{path}");
    }
}

on_both!(a_new_name_shows_wherever_it_stands);
async fn a_new_name_shows_wherever_it_stands(savt: Savt) {
    let mut room = Room::of(&savt).await;
    let bob = room.vetoer.person.clone();
    bob.call("Robert").await;
    assert_eq!(
        room.sees().await,
        "One: Ham ×2 [vetoed by Robert], Olives\n\
         Other (vegan): Ham ×2 [vetoed by Robert]\n\
         free: Salad"
    );
    assert_eq!(room.vetoer.page.me, "You are Robert");
    assert_eq!(room.follower.page.me, "Who are you?");
}
