//! Two tabs of one browser are one person, in both, whatever one of them does.

use crate::harness::{app::Savt, client::Person, databases::on_both, follower::Follower};

async fn two_tabs(person: &Person) -> [Follower; 2] {
    [Follower::of(person).await, Follower::of(person).await]
}

/// What the other tab says of who one is, once both have heard all there is.
async fn me(tabs: &mut [Follower; 2]) -> String {
    for tab in tabs.iter_mut() {
        tab.is_as_loaded().await;
    }
    tabs[1].page.me.clone()
}

on_both!(who_joins_in_one_tab_has_joined_in_the_other);
async fn who_joins_in_one_tab_has_joined_in_the_other(savt: Savt) {
    let mut tabs = two_tabs(&savt.person()).await;
    assert_eq!(me(&mut tabs).await, "Who are you?");
    let fields = [("name", "Ham")];
    tabs[0].press("/create/feature/", &fields).await.is(200);
    tabs[0].press("/features/1/veto", &[]).await.is(200);
    assert_eq!(me(&mut tabs).await, "You are User-1");
    let row = &tabs[1].page.shown.free[0];
    assert_eq!(row.button, "Take back veto on Ham");
}

on_both!(a_new_name_in_one_tab_is_the_name_in_the_other);
async fn a_new_name_in_one_tab_is_the_name_in_the_other(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    alice.veto(ham).await;
    let mut tabs = two_tabs(&alice).await;
    let fields = [("name", "Alicia")];
    tabs[0].press("/participant", &fields).await.is(200);
    assert_eq!(me(&mut tabs).await, "You are Alicia");
    let shown = tabs[1].page.shown.to_string();
    assert_eq!(shown, "free: Ham [vetoed by Alicia]");
}

on_both!(who_becomes_somebody_else_sees_their_vetoes_in_both_tabs);
async fn who_becomes_somebody_else_sees_their_vetoes_in_both_tabs(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let [hers, his] = [
        alice.suggest("Ham", 1, None).await,
        alice.suggest("Olives", 1, None).await,
    ];
    alice.veto(hers).await;
    let bob = savt.person_called("Bob").await;
    bob.veto(his).await;
    let mut tabs = two_tabs(&bob).await;
    let mut phone = Follower::of(&alice).await;
    let fields = [("name", "Alice"), ("claim", "1")];
    tabs[0].press("/participant", &fields).await.is(200);
    assert_eq!(me(&mut tabs).await, "You are Alice");
    let buttons = |page: &Follower| -> Vec<String> {
        let rows = page.page.shown.free.iter();
        rows.map(|row| row.button.clone()).collect()
    };
    assert_eq!(buttons(&tabs[1]), ["Take back veto on Ham", "Veto Olives"]);
    // Undone by whoever, it is Bob's browser again.
    alice.undo(alice.last_event().await).await;
    assert_eq!(me(&mut tabs).await, "You are Bob");
    assert_eq!(buttons(&tabs[1]), ["Veto Ham", "Take back veto on Olives"]);
    phone.is_as_loaded().await;
}

on_both!(one_person_at_two_browsers_is_one_in_both);
async fn one_person_at_two_browsers_is_one_in_both(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let ham = phone.suggest("Ham", 1, None).await;
    let laptop = savt.person();
    let mut looks = [Follower::of(&phone).await, Follower::of(&laptop).await];
    laptop.claim("Alice").await;
    assert_eq!(me(&mut looks).await, "You are Alice");
    phone.veto(ham).await;
    me(&mut looks).await;
    let row = &looks[1].page.shown.free[0];
    assert_eq!(row.button, "Take back veto on Ham");
    laptop.call("Alicia").await;
    assert_eq!(me(&mut looks).await, "You are Alicia");
}
