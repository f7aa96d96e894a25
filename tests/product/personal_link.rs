//! A name that belongs to the browser that took it, and the personal link by which it goes along to another device.

use chrono::TimeDelta;
use savt::{
    board::now,
    model::{Board, Identity, PersonalLink},
};

use crate::harness::{
    app::Savt,
    client::{Answer, Person, send},
    databases::on_both,
    qr,
};

/// The address of somebody's personal link, without scheme and host.
async fn link_of(person: &Person) -> String {
    let page = person.get("/personal-link").await.is(200);
    let link = page.attribute(".address a", "href");
    assert_eq!(page.attribute(".ways", "data-link"), link);
    assert_eq!(qr::in_page(&page.body), link);
    let at = person.address_of("/personal-link/open?key=");
    assert!(link.starts_with(&at), "{link}");
    let (_, bare) = link.split_once("://").unwrap();
    bare[bare.find('/').unwrap()..].to_owned()
}

fn key_of(path: &str) -> &str {
    path.split_once("?key=").unwrap().1
}

async fn open(person: &Person, path: &str) -> Answer {
    send(person.getting_at(path)).await.unwrap()
}

async fn take(person: &Person, path: &str) -> Answer {
    person
        .post("/personal-link/open", &[("key", key_of(path))])
        .await
}

/// Neither asks nor lets in whoever comes by this link.
async fn assert_spent(savt: &Savt, stranger: &Person, path: &str) {
    let before = savt.stored().await;
    let opened = open(stranger, path).await.is(410);
    assert!(
        opened
            .one(".problem p")
            .starts_with("This link works no more")
    );
    take(stranger, path).await.is(410);
    assert_eq!(savt.stored().await, before, "{path}");
}

on_both!(a_name_goes_along_to_another_device);
async fn a_name_goes_along_to_another_device(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let ham = phone.suggest("Ham", 1, None).await;
    phone.veto(ham).await;
    let page = phone.get("").await;
    let offered = page.one("#me .take-along a");
    assert_eq!(offered, "Take your name to another device");
    let link = link_of(&phone).await;

    let before = savt.stored().await;
    let laptop = savt.person();
    let asked = open(&laptop, &link).await.is(200);
    assert_eq!(asked.one("main h2"), "Are you Alice?");
    assert_eq!(asked.one("main button"), "Yes, I am Alice");
    assert_eq!(savt.stored().await, before, "a look changes nothing");
    assert_eq!(laptop.page().await.me, "Who are you?");

    let key = asked.attribute("main input[name=key]", "value");
    assert_eq!(key, key_of(&link));
    let taken = take(&laptop, &link).await.is(303);
    assert_eq!(taken.header("location"), "/");
    let page = laptop.page().await;
    assert_eq!(page.me, "You are Alice");
    assert_eq!(page.toasts, ["Alice came back on another browser"]);
    assert_eq!(page.feature("Ham").button, "Take back veto on Ham");
    assert_eq!(phone.page().await.me, "You are Alice");
    assert_eq!(savt.stored().await.stats().people, 1);

    let after = savt.stored().await;
    take(&laptop, &link).await.is(303);
    open(&laptop, &link).await.is(303);
    assert_eq!(savt.stored().await, after, "once more is harmless");
    assert_spent(&savt, &savt.person(), &link).await;
}

on_both!(who_was_somebody_else_there_leaves_them_behind);
async fn who_was_somebody_else_there_leaves_them_behind(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let laptop = savt.person_called("Bob").await;
    let link = link_of(&phone).await;
    let asked = open(&laptop, &link).await.is(200);
    let hint = asked.one("main .hint");
    assert!(hint.contains("So far it is Bob"), "{hint}");
    take(&laptop, &link).await.is(303);
    assert_eq!(laptop.page().await.me, "You are Alice");
    assert_eq!(savt.stored().await.stats().people, 2);
}

on_both!(it_works_at_another_process_and_on_a_board_of_ones_own);
async fn it_works_at_another_process_and_on_a_board_of_ones_own(savt: Savt) {
    let other = savt.another().await;
    let base = savt.person().create_board("Where to eat").await;
    let phone = savt.person().on_board(&base);
    phone.call("Alice").await;
    let link = link_of(&phone).await;
    let laptop = other.person().on_board(&base);
    open(&laptop, &link).await.is(200);
    take(&laptop, &link).await.is(303);
    assert_eq!(laptop.page().await.me, "You are Alice");
}

/// The link of the first browser of a board, as it was made some minutes ago.
fn made(board: &Board, minutes_ago: i64) -> String {
    let browser = &board.rows().browsers[0].token;
    let then = now() - TimeDelta::minutes(minutes_ago);
    let link = PersonalLink::of(board, browser, then).unwrap();
    format!("/personal-link/open?key={}", link.secret())
}

on_both!(it_runs_out);
async fn it_runs_out(savt: Savt) {
    savt.person_called("Alice").await;
    let stranger = savt.person();
    let board = savt.stored().await;
    assert_spent(&savt, &stranger, &made(&board, 11)).await;
    let fresh = made(&board, 9);
    open(&stranger, &fresh).await.is(200);
    take(&stranger, &fresh).await.is(303);
    assert_eq!(stranger.page().await.me, "You are Alice");
}

on_both!(it_cannot_be_forged);
async fn it_cannot_be_forged(savt: Savt) {
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

on_both!(it_is_of_one_board);
async fn it_is_of_one_board(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let base = alice.create_board("Where to eat").await;
    alice.on_board(&base).call("Alice").await;
    let link = link_of(&alice).await;
    let stranger = savt.person().on_board(&base);
    take(&stranger, &link).await.is(410);
    assert_eq!(stranger.page().await.me, "Who are you?");
}

on_both!(it_ends_with_the_browser_it_came_from);
async fn it_ends_with_the_browser_it_came_from(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let laptop = savt.person();
    laptop.claim("Alice").await;
    let link = link_of(&laptop).await;
    phone.undo(phone.last_event().await).await;
    assert_eq!(laptop.page().await.me, "Who are you?");
    assert_spent(&savt, &savt.person(), &link).await;
}

on_both!(strangers_have_none);
async fn strangers_have_none(savt: Savt) {
    let stranger = savt.person();
    assert!(stranger.get("").await.all(".take-along").is_empty());
    stranger.get("/personal-link").await.is(404);
}

on_both!(what_holds_a_secret_is_not_kept);
async fn what_holds_a_secret_is_not_kept(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let sheet = alice.with_htmx().get("/personal-link").await.is(200);
    assert_eq!(sheet.targets(), ["innerHTML #sheet"]);
    assert_eq!(sheet.header("cache-control"), "no-store");
    let link = link_of(&alice).await;
    let asked = open(&savt.person(), &link).await.is(200);
    assert_eq!(asked.header("cache-control"), "no-store");
    let read = PersonalLink::parse(key_of(&link)).unwrap();
    assert_eq!(
        format!("{read:?}"),
        "PersonalLink { participant: ParticipantId(1), .. }"
    );
    let board = savt.stored().await;
    let hash = board.rows().browsers[0].token.as_str().to_owned();
    assert!(!format!("{board:?}").contains(&hash));
}

/// A SAVT where a name belongs to the browser that took it.
async fn claimed(savt: &Savt) -> Savt {
    savt.another_that_is(|app| app.with_identity(Identity::Claimed))
        .await
}

on_both!(where_names_are_claimed_nobody_just_says_so);
async fn where_names_are_claimed_nobody_just_says_so(savt: Savt) {
    let savt = claimed(&savt).await;
    let phone = savt.person_called("Alice").await;
    let before = savt.stored().await;
    let stranger = savt.person();
    for fields in [
        &[("name", "alice")][..],
        &[("name", "ALICE"), ("claim", "1")],
    ] {
        let page = stranger.post("/participant", fields).await.is(409);
        assert_eq!(page.one("#me-reason-text"), "That name is taken");
        assert!(page.one("#me-reason .hint").starts_with("If it is yours"));
        assert!(page.all("#me-reason button").is_empty());
        let swift = stranger.with_htmx().post("/participant", fields).await;
        assert!(swift.is(409).all("button").is_empty());
    }
    assert_eq!(savt.stored().await, before);

    let link = link_of(&phone).await;
    take(&stranger, &link).await.is(303);
    assert_eq!(stranger.page().await.me, "You are Alice");
    stranger.claim("Alicia").await;
    assert_eq!(
        phone.page().await.me,
        "You are Alicia",
        "a free name is had"
    );
}

on_both!(where_names_are_claimed_undo_takes_none_away);
async fn where_names_are_claimed_undo_takes_none_away(savt: Savt) {
    let savt = claimed(&savt).await;
    let alice = savt.person_called("Alice").await;
    let joined = alice.last_event().await;
    let bob = savt.person_called("Bob").await;
    let refused = async |person: &Person, event: i64| {
        let before = savt.stored().await;
        let answer = person.post(&format!("/undo/{event}"), &[]).await.is(403);
        assert_eq!(
            answer.one(".problem p"),
            "Only Alice can undo this: it says who Alice is."
        );
        assert_eq!(savt.stored().await, before);
    };
    refused(&bob, joined).await;
    refused(&savt.person(), joined).await;
    alice.call("Ada").await;
    alice.undo(alice.last_event().await).await;
    assert_eq!(alice.page().await.me, "You are Alice");
    refused(&bob, alice.last_event().await).await;

    let laptop = savt.person_called("Carl").await;
    take(&laptop, &link_of(&alice).await).await.is(303);
    let came = alice.last_event().await;
    refused(&bob, came).await;
    alice.undo(came).await;
    assert_eq!(laptop.page().await.me, "You are Carl", "a device is let go");
    refused(&laptop, laptop.last_event().await).await;

    let ham = alice.suggest("Ham", 1, None).await;
    bob.undo(bob.last_event().await).await;
    bob.get(&format!("/features/{ham}")).await.is(410);
}
