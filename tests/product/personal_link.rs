//! Personal links, which move a name to another device, and `--identity claimed`.

use chrono::TimeDelta;
use savt::{
    board::now,
    model::{Board, Identity, PersonalLink},
};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::db_test,
    qr,
};

/// The path of a client's personal link.
async fn link_of(person: &TestClient) -> String {
    let page = person.get("/personal-link").await.is(200);
    let link = page.attribute(".address a", "href");
    assert_eq!(page.attribute(".share-actions", "data-link"), link);
    assert_eq!(qr::in_page(&page.body), link);
    let at = person.address_of("/personal-link/open?key=");
    assert!(link.starts_with(&at), "{link}");
    let (_, bare) = link.split_once("://").unwrap();
    bare[bare.find('/').unwrap()..].to_owned()
}

fn key_of(path: &str) -> &str {
    path.split_once("?key=").unwrap().1
}

async fn open_link(person: &TestClient, path: &str) -> Answer {
    send(person.get_request(path)).await.unwrap()
}

async fn redeem(person: &TestClient, path: &str) -> Answer {
    person
        .post("/personal-link/open", &[("key", key_of(path))])
        .await
}

/// Asserts that this link is rejected and changes nothing.
async fn assert_spent(savt: &Savt, stranger: &TestClient, path: &str) {
    let before = savt.stored().await;
    let opened = open_link(stranger, path).await.is(410);
    assert!(
        opened
            .one(".problem p")
            .starts_with("This link no longer works")
    );
    redeem(stranger, path).await.is(410);
    assert_eq!(savt.stored().await, before, "{path}");
}

db_test!(a_personal_link_moves_a_name_to_another_device);
async fn a_personal_link_moves_a_name_to_another_device(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let ham = phone.suggest("Ham", 1, None).await;
    phone.veto(ham).await;
    let page = phone.get("").await;
    let offered = page.one("#me .personal-link a");
    assert_eq!(offered, "Use your name on another device");
    let link = link_of(&phone).await;

    let before = savt.stored().await;
    let laptop = savt.person();
    let confirmation = open_link(&laptop, &link).await.is(200);
    assert_eq!(confirmation.one("main h2"), "Are you Alice?");
    assert_eq!(confirmation.one("main button"), "Yes, I am Alice");
    assert_eq!(
        savt.stored().await,
        before,
        "opening the link changes nothing"
    );
    assert_eq!(laptop.page().await.me, "Who are you?");

    let key = confirmation.attribute("main input[name=key]", "value");
    assert_eq!(key, key_of(&link));
    let taken = redeem(&laptop, &link).await.is(303);
    assert_eq!(taken.header("location"), "/");
    let page = laptop.page().await;
    assert_eq!(page.me, "You are Alice");
    assert_eq!(page.toasts, ["Alice joined from another browser"]);
    assert_eq!(page.feature("Ham").button, "Take back veto on Ham");
    assert_eq!(phone.page().await.me, "You are Alice");
    assert_eq!(savt.stored().await.stats().people, 1);

    let after = savt.stored().await;
    redeem(&laptop, &link).await.is(303);
    open_link(&laptop, &link).await.is(303);
    assert_eq!(savt.stored().await, after, "a second use has no effect");
    assert_spent(&savt, &savt.person(), &link).await;
}

db_test!(opening_a_link_leaves_the_previous_participant_unchanged);
async fn opening_a_link_leaves_the_previous_participant_unchanged(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let laptop = savt.person_called("Bob").await;
    let link = link_of(&phone).await;
    let confirmation = open_link(&laptop, &link).await.is(200);
    let hint = confirmation.one("main .hint");
    assert!(hint.contains("Until now it was Bob"), "{hint}");
    redeem(&laptop, &link).await.is(303);
    assert_eq!(laptop.page().await.me, "You are Alice");
    assert_eq!(savt.stored().await.stats().people, 2);
}

db_test!(opening_a_link_takes_over_what_an_unnamed_participant_did);
async fn opening_a_link_takes_over_what_an_unnamed_participant_did(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let laptop = savt.person();
    let ham = laptop.suggest("Ham", 1, None).await;
    laptop.veto(ham).await;
    let link = link_of(&phone).await;
    let confirmation = open_link(&laptop, &link).await.is(200);
    let hint = confirmation.one("main .hint");
    assert!(
        hint.ends_with("Everything it did as User-2 will be Alice’s."),
        "{hint}"
    );
    redeem(&laptop, &link).await.is(303);
    assert_eq!(phone.sees().await, "free: Ham [vetoed by Alice]");
    assert_eq!(savt.stored().await.stats().people, 1);
}

db_test!(a_link_works_on_another_process_and_board);
async fn a_link_works_on_another_process_and_board(savt: Savt) {
    let other = savt.another().await;
    let base = savt.person().create_board("Where to eat").await;
    let phone = savt.person().on_board(&base);
    phone.set_name("Alice").await;
    let link = link_of(&phone).await;
    let laptop = other.person().on_board(&base);
    open_link(&laptop, &link).await.is(200);
    redeem(&laptop, &link).await.is(303);
    assert_eq!(laptop.page().await.me, "You are Alice");
}

/// The link of a board's first browser as created some minutes ago.
fn link_created(board: &Board, minutes_ago: i64) -> String {
    let browser = &board.rows().browsers[0].id;
    let then = now() - TimeDelta::minutes(minutes_ago);
    let link = PersonalLink::issue(board, browser, then).unwrap();
    format!("/personal-link/open?key={}", link.secret())
}

db_test!(a_link_expires_after_ten_minutes);
async fn a_link_expires_after_ten_minutes(savt: Savt) {
    savt.person_called("Alice").await;
    let stranger = savt.person();
    let board = savt.stored().await;
    assert_spent(&savt, &stranger, &link_created(&board, 11)).await;
    let fresh = link_created(&board, 9);
    open_link(&stranger, &fresh).await.is(200);
    redeem(&stranger, &fresh).await.is(303);
    assert_eq!(stranger.page().await.me, "You are Alice");
}

db_test!(a_forged_link_is_rejected);
async fn a_forged_link_is_rejected(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let link = link_of(&alice).await;
    let key = key_of(&link);
    let parts: Vec<&str> = key.split('-').collect();
    let [who, until, seal] = parts[..] else {
        panic!("{key}");
    };
    let later: i64 = until.parse::<i64>().unwrap() + 1;
    let other = if seal.starts_with('0') { "1" } else { "0" };
    let bobs = link_of(&bob).await;
    let (_, bobs_seal) = bobs.rsplit_once('-').unwrap();
    for forged in [
        format!("{who}-{later}-{seal}"),
        format!("2-{until}-{seal}"),
        format!("9-{until}-{seal}"),
        format!("{who}-{until}-{other}{}", &seal[1..]),
        format!("{who}-{until}-{bobs_seal}"),
        format!("{who}-{until}-{}", "0".repeat(32)),
        format!("{who}-{until}-{}", &seal[..31]),
        format!("{who}-{until}-+{}", &seal[1..]),
        format!("{who}-{until}-{seal}-"),
        format!("{who}-99999999999999999-{seal}"),
        "é".to_owned(),
        String::new(),
    ] {
        let path = format!("/personal-link/open?key={forged}");
        assert_spent(&savt, &savt.person(), &path).await;
    }
}

db_test!(a_link_is_valid_on_one_board);
async fn a_link_is_valid_on_one_board(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let base = alice.create_board("Where to eat").await;
    alice.on_board(&base).set_name("Alice").await;
    let link = link_of(&alice).await;
    let stranger = savt.person().on_board(&base);
    redeem(&stranger, &link).await.is(410);
    assert_eq!(stranger.page().await.me, "Who are you?");
}

db_test!(a_link_expires_with_its_browser);
async fn a_link_expires_with_its_browser(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let laptop = savt.person();
    laptop.claim("Alice").await;
    let link = link_of(&laptop).await;
    phone.undo(phone.last_event().await).await;
    assert_eq!(laptop.page().await.me, "Who are you?");
    assert_spent(&savt, &savt.person(), &link).await;
}

db_test!(a_visitor_without_a_name_has_no_link);
async fn a_visitor_without_a_name_has_no_link(savt: Savt) {
    let stranger = savt.person();
    assert!(stranger.get("").await.all(".personal-link").is_empty());
    stranger.get("/personal-link").await.is(404);
}

db_test!(pages_with_a_secret_are_not_cached);
async fn pages_with_a_secret_are_not_cached(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let sheet = alice.with_htmx().get("/personal-link").await.is(200);
    assert_eq!(sheet.targets(), ["innerHTML #sheet"]);
    assert_eq!(sheet.header("cache-control"), "no-store");
    let link = link_of(&alice).await;
    let confirmation = open_link(&savt.person(), &link).await.is(200);
    assert_eq!(confirmation.header("cache-control"), "no-store");
    let read = PersonalLink::parse(key_of(&link)).unwrap();
    assert_eq!(
        format!("{read:?}"),
        "PersonalLink { participant: ParticipantId(1), .. }"
    );
    let board = savt.stored().await;
    let hash = board.rows().browsers[0].id.as_str().to_owned();
    assert!(!format!("{board:?}").contains(&hash));
}

/// Starts another server on the same database with `--identity claimed`.
async fn with_claimed_identity(savt: &Savt) -> Savt {
    savt.another_with(|app| app.with_identity(Identity::Claimed))
        .await
}

db_test!(with_claimed_identity_a_taken_name_needs_a_link);
async fn with_claimed_identity_a_taken_name_needs_a_link(savt: Savt) {
    let savt = with_claimed_identity(&savt).await;
    let phone = savt.person_called("Alice").await;
    let before = savt.stored().await;
    let stranger = savt.person();
    for fields in [
        &[("name", "alice")][..],
        &[("name", "ALICE"), ("claim", "1")],
    ] {
        let page = stranger.post("/participant", fields).await.is(409);
        assert_eq!(page.one("#me-reason-text"), "This name is taken.");
        assert!(
            page.one("#me-reason .hint")
                .starts_with("If this is your name")
        );
        assert!(page.all("#me-reason button").is_empty());
        let htmx = stranger.with_htmx().post("/participant", fields).await;
        assert!(htmx.is(409).all("button").is_empty());
    }
    assert_eq!(savt.stored().await, before);

    let link = link_of(&phone).await;
    redeem(&stranger, &link).await.is(303);
    assert_eq!(stranger.page().await.me, "You are Alice");
    stranger.claim("Alicia").await;
    assert_eq!(
        phone.page().await.me,
        "You are Alicia",
        "a free name can be taken"
    );
}

db_test!(with_claimed_identity_only_the_owner_undoes_a_claim);
async fn with_claimed_identity_only_the_owner_undoes_a_claim(savt: Savt) {
    let savt = with_claimed_identity(&savt).await;
    let alice = savt.person_called("Alice").await;
    let joined = alice.last_event().await;
    let bob = savt.person_called("Bob").await;
    let refused = async |person: &TestClient, event: i64| {
        let before = savt.stored().await;
        let answer = person.post(&format!("/undo/{event}"), &[]).await.is(403);
        assert_eq!(
            answer.one(".problem p"),
            "Only Alice can undo this, because it changes who Alice is."
        );
        assert_eq!(savt.stored().await, before);
    };
    refused(&bob, joined).await;
    refused(&savt.person(), joined).await;
    alice.set_name("Ada").await;
    alice.undo(alice.last_event().await).await;
    assert_eq!(alice.page().await.me, "You are Alice");
    refused(&bob, alice.last_event().await).await;

    let laptop = savt.person_called("Carl").await;
    redeem(&laptop, &link_of(&alice).await).await.is(303);
    let redeemed = alice.last_event().await;
    refused(&bob, redeemed).await;
    alice.undo(redeemed).await;
    assert_eq!(
        laptop.page().await.me,
        "You are Carl",
        "undo detaches the device"
    );
    refused(&laptop, laptop.last_event().await).await;

    let ham = alice.suggest("Ham", 1, None).await;
    bob.undo(bob.last_event().await).await;
    bob.get(&format!("/features/{ham}")).await.is(410);
}
