//! Participants: rule 12, through HTTP.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use savt::model::Identity;

use crate::harness::{
    app::Savt,
    client::{TestClient, send},
    consistency::assert_consistent,
    databases::db_test,
    follower::Follower,
};

db_test!(the_first_action_creates_a_participant);
async fn the_first_action_creates_a_participant(savt: Savt) {
    let [first, second] = [savt.person(), savt.person()];
    assert_eq!(first.page().await.me, "Who are you?");
    first.create_item("Margherita").await;
    second.create_item("Marinara").await;
    assert_eq!(first.page().await.me, "You are User-1");
    assert_eq!(second.page().await.me, "You are User-2");
}

db_test!(opening_a_page_writes_nothing);
async fn opening_a_page_writes_nothing(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item("Margherita").await;
    alice.suggest("Basil", 1, pizza).await;
    let before = savt.stored().await;
    let stranger = savt.person();
    for path in ["", "/history", "/items/1", "/features/1", "/items/9"] {
        stranger.get(path).await;
        stranger.with_htmx().get(path).await;
    }
    stranger.post("/", &[]).await.is(200);
    assert_eq!(savt.stored().await, before);
}

db_test!(a_rejected_action_creates_no_participant);
async fn a_rejected_action_creates_no_participant(savt: Savt) {
    let stranger = savt.person();
    stranger.post("/features/7/veto", &[]).await.is(404);
    stranger.post("/undo/7", &[]).await.is(404);
    stranger
        .post("/create/feature/", &[("name", "")])
        .await
        .is(422);
    assert_eq!(stranger.page().await.me, "Who are you?");
    assert_eq!(savt.stored().await.version(), 0);
}

db_test!(a_new_name_appears_everywhere);
async fn a_new_name_appears_everywhere(savt: Savt) {
    let alice = savt.person();
    let ham = alice.suggest("Ham", 1, None).await;
    alice.veto(ham).await;
    alice.set_name("Alice").await;
    let page = alice.page().await;
    assert_eq!(page.me, "You are Alice");
    assert_eq!(page.toasts, ["User-1 is now called Alice"]);
    assert_eq!(page.shown.to_string(), "free: Ham [vetoed by Alice]");
    assert_eq!(
        alice.history().await,
        [
            "User-1 is now called Alice",
            "User-1 vetoed Ham",
            "User-1 suggested Ham",
            "User-1 joined",
        ]
    );
    // Each line says whom it means today, unless it says so anyway.
    let history = alice.get("/history").await.is(200);
    assert_eq!(history.all("li.event .now"), ["now Alice"; 3]);
    let answer = alice
        .with_htmx()
        .post("/participant", &[("name", "Alicia")])
        .await;
    assert_eq!(
        answer.is(200).targets(),
        [
            "place #free-features",
            "outerMorph #stats",
            "outerMorph #me",
            "beforeend #toasts"
        ]
    );
    assert_eq!(savt.person().sees().await, "free: Ham [vetoed by Alicia]");
}

db_test!(a_name_can_be_chosen_before_the_first_action);
async fn a_name_can_be_chosen_before_the_first_action(savt: Savt) {
    let alice = savt.person_called(" Alice  A. ").await;
    assert_eq!(alice.page().await.me, "You are Alice A.");
    alice.create_item("Margherita").await;
    assert_eq!(
        alice.history().await,
        ["Alice A. added Margherita", "Alice A. joined"]
    );
}

db_test!(a_taken_name_is_refused_and_can_be_claimed);
async fn a_taken_name_is_refused_and_can_be_claimed(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let ham = phone.suggest("Ham", 1, None).await;
    phone.veto(ham).await;

    let laptop = savt.person();
    let answer = laptop.post("/participant", &[("name", "ALICE")]).await;
    let answer = answer.is(409);
    assert_eq!(answer.one("#me-reason-text"), "This name is taken.");
    assert_eq!(answer.attribute("#me input[name=name]", "value"), "ALICE");
    assert_eq!(answer.one("#me-reason button"), "That's me");
    let claim = answer.attribute("#me-reason input[name=claim]", "value");
    let answer = laptop
        .with_htmx()
        .post("/participant", &[("name", "ALICE")])
        .await;
    let answer = answer.is(409);
    assert_eq!(
        answer.targets(),
        ["outerMorph #me-reason", "beforeend #toasts"]
    );
    assert_eq!(answer.one("button"), "That's me");
    assert_eq!(laptop.page().await.me, "Who are you?");

    let fields = [("name", "ALICE"), ("claim", &claim)];
    laptop.post("/participant", &fields).await.is(303);
    let page = laptop.page().await;
    assert_eq!(page.me, "You are Alice");
    assert_eq!(page.toasts, ["Alice joined from another browser"]);
    assert_eq!(page.feature("Ham").button, "Take back veto on Ham");
    laptop.withdraw_veto(ham).await;
    assert_eq!(phone.sees().await, "free: Ham");
    assert_eq!(savt.stored().await.stats().people, 1);
}

db_test!(claiming_a_name_leaves_the_previous_participant_unchanged);
async fn claiming_a_name_leaves_the_previous_participant_unchanged(savt: Savt) {
    savt.person_called("Alice").await;
    let browser = savt.person_called("Bob").await;
    let ham = browser.suggest("Ham", 1, None).await;
    browser.veto(ham).await;
    browser.claim("Alice").await;
    let page = browser.page().await;
    assert_eq!(page.me, "You are Alice");
    assert_eq!(page.toasts, ["Bob continues as Alice"]);
    assert_eq!(page.shown.to_string(), "free: Ham [vetoed by Bob]");
    browser.undo(browser.last_event().await).await;
    assert_eq!(browser.page().await.me, "You are Bob");
}

db_test!(claiming_a_name_takes_over_what_an_unnamed_participant_did);
async fn claiming_a_name_takes_over_what_an_unnamed_participant_did(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let egg = alice.suggest("Egg", 1, None).await;
    alice.veto_because(egg, "no eggs").await;
    let other = savt.another().await;
    let laptop = other.person();
    laptop.veto_because(ham, "no meat").await;
    laptop.veto_because(egg, "raw").await;
    laptop.create_item("Margherita").await;
    let mut tabs = [Follower::open(&laptop).await, Follower::open(&alice).await];
    let fields = [("name", "Alice"), ("claim", "1")];
    tabs[0].submit("/participant", &fields).await.is(200);
    let shown =
        "Margherita\nfree: Ham [vetoed by Alice (no meat)], Egg [vetoed by Alice (no eggs)]";
    let claimed = laptop.last_event().await;
    for tab in &mut tabs {
        tab.receive_until(claimed).await;
        tab.assert_matches_reload().await;
        assert_eq!(tab.page.me, "You are Alice");
        assert_eq!(tab.page.shown.to_string(), shown);
        let button = &tab.page.shown.free[0].button;
        assert_eq!(button, "Take back veto on Ham");
    }
    assert_eq!(savt.stored().await.stats().people, 1);
    let told = "User-2 continues as Alice, with everything they did before";
    assert_eq!(alice.history().await[0], told);
    assert_consistent(&[&savt, &other]).await;

    // Undo gives it back, also on the other process.
    alice.undo(claimed).await;
    for tab in &mut tabs {
        tab.receive_until(claimed + 1).await;
        tab.assert_matches_reload().await;
    }
    assert_eq!(tabs[0].page.me, "You are User-2");
    let shown = tabs[0].page.shown.to_string();
    assert!(
        shown.contains("vetoed by Alice (no eggs), User-2 (raw)"),
        "{shown}"
    );
    assert_consistent(&[&savt, &other]).await;
    laptop.claim("Alice").await;
    laptop.withdraw_veto(ham).await;
    assert_consistent(&[&savt, &other]).await;
    assert_eq!(
        alice.sees().await,
        "Margherita\nfree: Ham, Egg [vetoed by Alice (no eggs)]"
    );
}

db_test!(claiming_a_free_name_takes_it);
async fn claiming_a_free_name_takes_it(savt: Savt) {
    let alice = savt.person();
    alice.claim("Alice").await;
    assert_eq!(alice.page().await.me, "You are Alice");
}

/// The cookies set when a new client chooses a name.
async fn cookies(savt: &Savt, name: &str, forwarded: Option<&str>) -> Vec<String> {
    let mut request = savt
        .person()
        .post_request("/participant")
        .form(&[("name", name)]);
    if let Some(proto) = forwarded {
        request = request.header("X-Forwarded-Proto", proto);
    }
    let answer = send(request).await.unwrap().is(303);
    let cookies = answer.headers.get_all("set-cookie").iter();
    cookies
        .map(|cookie| cookie.to_str().unwrap().to_owned())
        .collect()
}

db_test!(the_token_cookie_is_http_only_and_same_site);
async fn the_token_cookie_is_http_only_and_same_site(savt: Savt) {
    let token = async |name: &str| {
        let set = cookies(&savt, name, None).await;
        let cookie = set.into_iter().find(|cookie| cookie.starts_with("savt="));
        let (token, attributes) = cookie.as_ref().unwrap()[5..].split_once("; ").unwrap();
        let attributes: BTreeSet<&str> = attributes.split("; ").collect();
        let expected = ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"];
        assert_eq!(attributes, expected.into());
        token.to_owned()
    };
    let [one, other] = [token("Alice").await, token("Bob").await];
    assert_ne!(one, other);
    assert_eq!(one.len(), 32, "128 bits: {one}");
    let stored = format!("{:?}", savt.stored().await);
    assert!(!stored.contains(&one), "only the hash is stored");
}

db_test!(a_second_cookie_remembers_the_name);
async fn a_second_cookie_remembers_the_name(savt: Savt) {
    let set = cookies(&savt, "Zoë & Co; =", None).await;
    let name = set.iter().find(|cookie| cookie.starts_with("savt-name="));
    assert_eq!(
        name.unwrap().split("; ").collect::<BTreeSet<&str>>(),
        [
            "savt-name=Zo%C3%AB%20&%20Co%3B%20%3D",
            "HttpOnly",
            "SameSite=Lax",
            "Path=/",
            "Max-Age=31536000"
        ]
        .into()
    );
}

db_test!(cookies_are_secure_behind_tls);
async fn cookies_are_secure_behind_tls(savt: Savt) {
    for cookie in cookies(&savt, "Alice", Some("https")).await {
        assert!(cookie.contains("; Secure"), "{cookie}");
    }
    for cookie in cookies(&savt, "Bob", Some("http")).await {
        assert!(!cookie.contains("; Secure"), "{cookie}");
    }
}

db_test!(an_invalid_token_is_replaced);
async fn an_invalid_token_is_replaced(savt: Savt) {
    for token in ["", "admin", "0123456789ABCDEF0123456789abcdef", "\"x\""] {
        let person = savt.person();
        let url = person.address_of("").parse().unwrap();
        person.jar.add_cookie_str(&format!("savt={token}"), &url);
        let answer = person.get("").await.is(200);
        assert!(answer.header("set-cookie").starts_with("savt="), "{token}");
    }
    let client = savt.person();
    client.page().await;
    let answer = client.get("").await;
    assert!(!answer.headers.contains_key("set-cookie"));
}

db_test!(a_new_board_offers_and_uses_the_last_chosen_name);
async fn a_new_board_offers_and_uses_the_last_chosen_name(savt: Savt) {
    let zoë = savt.person_called("Zoë & Co; =").await;
    let other = zoë.on_board(&zoë.create_board("Where to eat").await);
    let answer = other.get("").await.is(200);
    assert_eq!(answer.one("#me > summary"), "Who are you?");
    assert_eq!(
        answer.attribute("#me input[name=name]", "value"),
        "Zoë & Co; ="
    );
    other.create_item("Here").await;
    assert_eq!(other.page().await.me, "You are Zoë & Co; =");
    assert_eq!(
        other.history().await,
        ["Zoë & Co; = added Here", "Zoë & Co; = joined"]
    );

    // With claimed identities too; a name that is taken is not used.
    let claimed = savt
        .another_with(|app| app.with_identity(Identity::Claimed))
        .await;
    for (savt, board) in [(&savt, "Where to drink"), (&claimed, "When")] {
        let board = zoë.create_board(board).await;
        let stranger = savt.person().on_board(&board);
        let mine = zoë.moved_to(savt.address()).on_board(&board);
        stranger.set_name("ZOË & Co; =").await;
        mine.create_item("There").await;
        assert_eq!(mine.page().await.me, "You are User-2");
        mine.set_name("Zoë").await;
        let next = mine.on_board(&zoë.create_board("Next").await);
        next.create_item("Where").await;
        assert_eq!(next.page().await.me, "You are Zoë");
        // Chosen again, so that the browser remembers it.
        zoë.set_name("Zoë & Co; =").await;
    }
}

db_test!(a_claimed_name_is_remembered_as_its_owner_spells_it);
async fn a_claimed_name_is_remembered_as_its_owner_spells_it(savt: Savt) {
    savt.person_called("Alice").await;
    let phone = savt.person();
    phone.claim("ALICE").await;
    let other = phone.on_board(&phone.create_board("Where to eat").await);
    other.create_item("Here").await;
    assert_eq!(other.page().await.me, "You are Alice");
}

db_test!(a_default_name_is_not_used_on_another_board);
async fn a_default_name_is_not_used_on_another_board(savt: Savt) {
    savt.person().create_item("One").await;
    let person = savt.person();
    let url = person.address_of("").parse().unwrap();
    person.jar.add_cookie_str("savt-name=User-7", &url);
    assert_eq!(
        person
            .get("")
            .await
            .attribute("#me input[name=name]", "value"),
        ""
    );
    person.create_item("Two").await;
    assert_eq!(person.page().await.me, "You are User-2");
    person.claim("User-1").await;
    let other = person.on_board(&person.create_board("Where to eat").await);
    for _ in 0..2 {
        other.create_item("").await;
    }
    assert_eq!(other.page().await.me, "You are User-1");
}

db_test!(concurrent_first_actions_create_distinct_participants);
async fn concurrent_first_actions_create_distinct_participants(savt: Savt) {
    let people = savt.people(33);
    join_all(people.iter().map(TestClient::page)).await;
    join_all(people.iter().map(|person| person.create_item(""))).await;
    let pages = join_all(people.iter().map(TestClient::page)).await;
    let names: BTreeSet<String> = pages.into_iter().map(|page| page.me).collect();
    let expected: BTreeSet<String> = (1..=33).map(|n| format!("You are User-{n}")).collect();
    assert_eq!(names, expected);
}

db_test!(concurrent_actions_of_one_browser_create_one_participant);
async fn concurrent_actions_of_one_browser_create_one_participant(savt: Savt) {
    let alice = savt.person();
    alice.page().await;
    join_all((0..10).map(|_| alice.create_item(""))).await;
    assert_eq!(savt.stored().await.stats().people, 1);
}

db_test!(a_default_name_in_use_is_skipped);
async fn a_default_name_in_use_is_skipped(savt: Savt) {
    savt.person_called("user-2").await;
    let second = savt.person();
    second.create_item("").await;
    assert_eq!(second.page().await.me, "You are User-3");
    let third = savt.person();
    third.create_item("").await;
    assert_eq!(third.page().await.me, "You are User-4");
}
