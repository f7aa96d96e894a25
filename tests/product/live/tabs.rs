//! Two tabs of one browser always show the same participant.

use crate::harness::{app::Savt, client::TestClient, databases::db_test, follower::Follower};

async fn two_tabs(person: &TestClient) -> [Follower; 2] {
    [Follower::open(person).await, Follower::open(person).await]
}

/// The name shown in the second tab, once both are up to date.
async fn identity_in_second_tab(tabs: &mut [Follower; 2]) -> String {
    for tab in tabs.iter_mut() {
        tab.assert_matches_reload().await;
    }
    tabs[1].page.me.clone()
}

db_test!(joining_in_one_tab_joins_in_the_other);
async fn joining_in_one_tab_joins_in_the_other(savt: Savt) {
    let mut tabs = two_tabs(&savt.person()).await;
    assert_eq!(identity_in_second_tab(&mut tabs).await, "Who are you?");
    let fields = [("name", "Ham")];
    tabs[0].submit("/create/feature/", &fields).await.is(200);
    tabs[0].submit("/features/1/veto", &[]).await.is(200);
    assert_eq!(identity_in_second_tab(&mut tabs).await, "You are User-1");
    let row = &tabs[1].page.shown.free[0];
    assert_eq!(row.button, "Take back veto on Ham");
}

db_test!(a_rename_in_one_tab_reaches_the_other);
async fn a_rename_in_one_tab_reaches_the_other(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    alice.veto(ham).await;
    let mut tabs = two_tabs(&alice).await;
    let fields = [("name", "Alicia")];
    tabs[0].submit("/participant", &fields).await.is(200);
    assert_eq!(identity_in_second_tab(&mut tabs).await, "You are Alicia");
    let shown = tabs[1].page.shown.to_string();
    assert_eq!(shown, "free: Ham [vetoed by Alicia]");
}

db_test!(claiming_a_name_updates_the_vetoes_in_both_tabs);
async fn claiming_a_name_updates_the_vetoes_in_both_tabs(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let [hers, his] = [
        alice.suggest("Ham", 1, None).await,
        alice.suggest("Olives", 1, None).await,
    ];
    alice.veto(hers).await;
    let bob = savt.person_called("Bob").await;
    bob.veto(his).await;
    let mut tabs = two_tabs(&bob).await;
    let mut phone = Follower::open(&alice).await;
    let fields = [("name", "Alice"), ("claim", "1")];
    tabs[0].submit("/participant", &fields).await.is(200);
    assert_eq!(identity_in_second_tab(&mut tabs).await, "You are Alice");
    let buttons = |page: &Follower| -> Vec<String> {
        let rows = page.page.shown.free.iter();
        rows.map(|row| row.button.clone()).collect()
    };
    assert_eq!(buttons(&tabs[1]), ["Take back veto on Ham", "Veto Olives"]);
    // After an undo by someone else the browser is Bob's again.
    alice.undo(alice.last_event().await).await;
    assert_eq!(identity_in_second_tab(&mut tabs).await, "You are Bob");
    assert_eq!(buttons(&tabs[1]), ["Veto Ham", "Take back veto on Olives"]);
    phone.assert_matches_reload().await;
}

db_test!(two_browsers_of_one_participant_stay_in_step);
async fn two_browsers_of_one_participant_stay_in_step(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let ham = phone.suggest("Ham", 1, None).await;
    let laptop = savt.person();
    let mut looks = [Follower::open(&phone).await, Follower::open(&laptop).await];
    laptop.claim("Alice").await;
    assert_eq!(identity_in_second_tab(&mut looks).await, "You are Alice");
    phone.veto(ham).await;
    identity_in_second_tab(&mut looks).await;
    let row = &looks[1].page.shown.free[0];
    assert_eq!(row.button, "Take back veto on Ham");
    laptop.set_name("Alicia").await;
    assert_eq!(identity_in_second_tab(&mut looks).await, "You are Alicia");
}
