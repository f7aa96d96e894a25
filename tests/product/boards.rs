//! The list of the boards in which this browser takes part.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use savt::db::Backend;

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::{Fresh, db_test},
};

async fn boards_page(person: &TestClient) -> Answer {
    // The list does not depend on the board.
    person.on_board("").get("/boards").await.is(200)
}

/// The names and addresses of the listed boards.
async fn board_links(person: &TestClient) -> Vec<(String, String)> {
    let page = boards_page(person).await;
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

db_test!(the_list_contains_the_boards_the_browser_takes_part_in);
async fn the_list_contains_the_boards_the_browser_takes_part_in(savt: Savt) {
    let alice = savt.person();
    let mut bases = Vec::new();
    for name in ["Where to <eat>", "Only made", "Only viewed", "When"] {
        bases.push(alice.create_board(name).await);
    }
    let [eat, _, looked_at, when] = [0, 1, 2, 3].map(|n| alice.on_board(&bases[n]));
    eat.set_name("Alice & <b>co</b>").await;
    looked_at.get("").await.is(200);
    when.create_item("Monday").await;
    alice.create_item("Margherita").await;
    let main = || ("SAVT".to_owned(), "/".to_owned());
    let eat_at = || ("Where to <eat>".to_owned(), bases[0].clone());
    let when_at = || ("When".to_owned(), bases[3].clone());
    assert_eq!(board_links(&alice).await, [main(), when_at(), eat_at()]);
    let page = boards_page(&alice).await;
    let entry = &page.all("#boards p")[2];
    assert!(
        entry.starts_with("You are Alice & <b>co</b>. Last change: "),
        "{entry}"
    );

    // A change by someone else moves the board up, and their own list differs.
    let bob = savt.person();
    bob.on_board(&bases[0]).create_item("Here").await;
    assert_eq!(board_links(&alice).await, [eat_at(), main(), when_at()]);
    assert_eq!(board_links(&bob).await, [eat_at()]);
    for (_, address) in board_links(&alice).await {
        alice
            .on_board(address.trim_end_matches('/'))
            .get("")
            .await
            .is(200);
    }
    // A second browser of the same participant lists the board too.
    let phone = savt.person();
    phone.on_board(&bases[0]).claim("Alice & <b>co</b>").await;
    assert_eq!(board_links(&phone).await, [eat_at()]);
}

db_test!(a_new_browser_gets_an_empty_list_and_no_cookie);
async fn a_new_browser_gets_an_empty_list_and_no_cookie(savt: Savt) {
    let stranger = savt.person();
    let page = boards_page(&stranger).await;
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
        let request = stranger.get_request("/boards").header("Cookie", cookie);
        let page = send(request).await.unwrap().is(200);
        assert!(page.all("#boards li").is_empty(), "{cookie}");
    }
    // Reading the list changes no board.
    assert_eq!(savt.stored().await.version(), 0);
    assert!(boards_page(&stranger).await.all("#boards li").is_empty());
}

db_test!(only_the_latest_fifty_boards_are_listed);
async fn only_the_latest_fifty_boards_are_listed(savt: Savt) {
    let alice = savt.person();
    for n in 1..=51 {
        let base = alice.create_board(&format!("Board {n}")).await;
        alice.on_board(&base).set_name("Alice").await;
        if n == 50 {
            assert!(boards_page(&alice).await.all("#boards + .hint").is_empty());
        }
    }
    let names: Vec<String> = board_links(&alice)
        .await
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let latest: Vec<String> = (2..=51).rev().map(|n| format!("Board {n}")).collect();
    assert_eq!(names, latest);
    let more = boards_page(&alice).await.one("#boards + .hint");
    assert!(more.starts_with("Only the most recently changed"), "{more}");
}

db_test!(every_board_links_to_the_list);
async fn every_board_links_to_the_list(savt: Savt) {
    let alice = savt.person();
    let board = alice.on_board(&alice.create_board("Where to eat").await);
    for page in [alice.get("").await, board.get("").await] {
        assert_eq!(page.one("footer a[href='/boards']"), "Your boards");
    }
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_read_through_an_index() {
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
