//! The page of one's boards: those on which this browser is somebody.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use savt::db::Backend;

use crate::harness::{
    app::Savt,
    client::{Answer, Person, send},
    databases::{Fresh, on_both},
};

async fn boards(person: &Person) -> Answer {
    // The same page for a browser on whichever board.
    person.on_board("").get("/boards").await.is(200)
}

/// The names of the boards with the addresses they lead to.
async fn listed(person: &Person) -> Vec<(String, String)> {
    let page = boards(person).await;
    let names = page.all("#boards a");
    let links = page
        .body
        .split("<ul class=\"boards\" id=\"boards\">")
        .nth(1);
    let links = links
        .unwrap()
        .split("</ul>")
        .next()
        .unwrap()
        .split("<a href=\"")
        .skip(1);
    let links = links.map(|rest| rest.split('"').next().unwrap().to_owned());
    names.into_iter().zip(links).collect()
}

on_both!(a_browser_finds_the_boards_on_which_it_is_somebody);
async fn a_browser_finds_the_boards_on_which_it_is_somebody(savt: Savt) {
    let alice = savt.person();
    let mut bases = Vec::new();
    for name in ["Where to <eat>", "Only made", "Only looked at", "When"] {
        bases.push(alice.create_board(name).await);
    }
    let [eat, _, looked_at, when] = [0, 1, 2, 3].map(|n| alice.on_board(&bases[n]));
    eat.call("Alice & <b>co</b>").await;
    looked_at.get("").await.is(200);
    when.create_item("Monday").await;
    alice.create_item("Margherita").await;
    let main = || ("SAVT".to_owned(), "/".to_owned());
    let eat_at = || ("Where to <eat>".to_owned(), bases[0].clone());
    let when_at = || ("When".to_owned(), bases[3].clone());
    assert_eq!(listed(&alice).await, [main(), when_at(), eat_at()]);
    let page = boards(&alice).await;
    let told = &page.all("#boards p")[2];
    assert!(
        told.starts_with("You are Alice & <b>co</b>. Last change: "),
        "{told}"
    );

    // Somebody else does something there, which brings it up, and has boards of their own.
    let bob = savt.person();
    bob.on_board(&bases[0]).create_item("Here").await;
    assert_eq!(listed(&alice).await, [eat_at(), main(), when_at()]);
    assert_eq!(listed(&bob).await, [eat_at()]);
    for (_, address) in listed(&alice).await {
        alice
            .on_board(address.trim_end_matches('/'))
            .get("")
            .await
            .is(200);
    }
    // Another phone that becomes the same person has the board as well.
    let phone = savt.person();
    phone.on_board(&bases[0]).claim("Alice & <b>co</b>").await;
    assert_eq!(listed(&phone).await, [eat_at()]);
}

on_both!(who_is_nobody_yet_gets_an_empty_list_and_nothing_else);
async fn who_is_nobody_yet_gets_an_empty_list_and_nothing_else(savt: Savt) {
    let stranger = savt.person();
    let page = boards(&stranger).await;
    assert!(
        page.headers.get("set-cookie").is_none(),
        "{:?}",
        page.headers
    );
    assert!(page.one("p.empty").contains("not taken part in any board"));
    assert!(page.all("#boards li").is_empty());
    assert_eq!(page.attribute(".new-board", "action"), "/boards");
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert!(page.header("vary").contains("Cookie"));
    for cookie in ["savt=", "savt=x", "savt=00000000000000000000000000000000"] {
        let request = stranger.getting_at("/boards").header("Cookie", cookie);
        let page = send(request).await.unwrap().is(200);
        assert!(page.all("#boards li").is_empty(), "{cookie}");
    }
    // Whoever reads it has done nothing on any board.
    assert_eq!(savt.stored().await.version(), 0);
    assert!(boards(&stranger).await.all("#boards li").is_empty());
}

on_both!(of_very_many_the_latest_are_listed);
async fn of_very_many_the_latest_are_listed(savt: Savt) {
    let alice = savt.person();
    for n in 1..=51 {
        let base = alice.create_board(&format!("Board {n}")).await;
        alice.on_board(&base).call("Alice").await;
        if n == 50 {
            assert!(boards(&alice).await.all("#boards + .hint").is_empty());
        }
    }
    let names: Vec<String> = listed(&alice)
        .await
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let latest: Vec<String> = (2..=51).rev().map(|n| format!("Board {n}")).collect();
    assert_eq!(names, latest);
    let more = boards(&alice).await.one("#boards + .hint");
    assert!(more.starts_with("There are more"), "{more}");
}

on_both!(every_board_leads_there);
async fn every_board_leads_there(savt: Savt) {
    let alice = savt.person();
    let board = alice.on_board(&alice.create_board("Where to eat").await);
    for page in [alice.get("").await, board.get("").await] {
        assert_eq!(page.one("footer a"), "Your boards");
        assert_eq!(page.attribute("footer a", "href"), "/boards");
    }
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_found_by_an_index() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let database = fresh.open().await;
    let plan = "EXPLAIN QUERY PLAN SELECT board_id FROM browsers WHERE token = 'x'";
    let mut conn = database.read().await.unwrap();
    let plan: Vec<Plan> = conn.load(sql_query(plan)).await.unwrap();
    let steps: Vec<&str> = plan.iter().map(|step| step.detail.as_str()).collect();
    assert_eq!(
        steps,
        ["SEARCH browsers USING COVERING INDEX browsers_token (token=?)"]
    );
}
