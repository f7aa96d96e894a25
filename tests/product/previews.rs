//! Links as chats and people change them, and what chats show of them.

use savt::http::origin::{Origin, OriginPolicy};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::db_test,
};

const BOTS: [&str; 3] = [
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
];

/// Requests an address as it stands; `get` would normalize it.
async fn location(person: &TestClient, path: &str) -> String {
    let answer = person.get(path).await.is(308);
    answer.header("location").to_owned()
}

fn property(answer: &Answer, name: &str) -> String {
    answer.attribute(&format!("meta[property='og:{name}']"), "content")
}

db_test!(a_changed_link_leads_to_the_board);
async fn a_changed_link_leads_to_the_board(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let board = alice.create_board("Where to eat").await;
    let before = savt.stored().await;
    let slug = board.strip_prefix("/b/").unwrap();
    for added in [
        ".",
        ",",
        ")",
        ").",
        "%20",
        "%29",
        "!",
        "%22",
        "%E2%80%A6",
        "%C2%A0",
    ] {
        assert_eq!(location(&alice, &format!("{board}{added}")).await, board);
    }
    let confused = slug.replace('0', "o").replace('1', "I");
    for typed in [
        slug.to_uppercase(),
        slug.replace('-', ""),
        slug.replace('-', "").to_uppercase(),
        slug.replace('-', "%20"),
        confused,
    ] {
        let path = format!("/b/{typed}");
        if path != board {
            assert_eq!(location(&alice, &path).await, board, "{typed}");
        }
    }
    assert_eq!(location(&alice, &board.to_uppercase()).await, board);
    // What follows the board is kept.
    let capitals = format!("/b/{}", slug.to_uppercase());
    assert_eq!(
        location(&alice, &format!("{capitals}/history?before=7")).await,
        format!("{board}/history?before=7")
    );
    assert_eq!(
        location(&alice, &format!("{board}/share).")).await,
        format!("{board}/share")
    );
    let view = alice.get(&format!("{board}?view=wall).")).await.is(200);
    assert_eq!(view.all("body.projector").len(), 1);
    let head = alice.head(&format!("{board}.")).await;
    assert_eq!(
        (head.status, head.header("location")),
        (308, board.as_str())
    );
    // The root is the address of the board `main`.
    for path in ["/)", "/,", "/%20"] {
        assert_eq!(location(&alice, path).await, "/", "{path}");
    }
    // Forms never carry such an address.
    alice
        .post(&format!("{board}./create/item/"), &[("name", "X")])
        .await
        .is(404);
    assert_eq!(savt.stored().await, before);
}

db_test!(an_address_of_no_board_stays_unknown);
async fn an_address_of_no_board_stays_unknown(savt: Savt) {
    let alice = savt.person();
    for path in [
        "/b/abcd-efgh-jkmn-pqrs",
        "/b/ABCD-EFGH-JKMN-PQRS.",
        "/b/abcdefghjkmnpqrs",
        "/b/.",
        "/b/%20",
        "/b/a%2Fb",
        "/b",
        "/b/",
        "/nothing.",
        "/history.",
        "/%00",
    ] {
        let answer = alice.get(path).await.is(404);
        assert!(answer.headers.get("location").is_none(), "{path}");
    }
    // A board of which there is one, but a page of which there is none.
    let board = alice.create_board("Where to eat").await;
    alice.get(&format!("{board}/items/7")).await.is(404);
    alice.get(&format!("{board}/nothing.")).await.is(308);
    alice.get(&format!("{board}/nothing")).await.is(404);
}

db_test!(a_preview_says_what_is_decided_and_how_it_stands);
async fn a_preview_says_what_is_decided_and_how_it_stands(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let board = alice.on_board(&alice.create_board("Pizza night <3").await);
    let empty = board.get("").await.is(200);
    assert_eq!(
        property(&empty, "description"),
        "Nothing here yet. Add the first pizza."
    );
    for n in 0..12 {
        board.create_item(&format!("Pizza {n}")).await;
    }
    for n in 0..3 {
        let topping = board.suggest(&format!("Topping {n}"), 1, 1).await;
        board.veto(topping).await;
    }
    board.withdraw_veto(1).await;
    for view in ["", "?view=wall"] {
        let page = board.get(view).await.is(200);
        let standing = "12 pizzas, 3 toppings, 2 vetoed";
        assert_eq!(property(&page, "title"), "Pizza night <3");
        assert_eq!(property(&page, "description"), standing);
        assert_eq!(
            page.attribute("meta[name=description]", "content"),
            standing
        );
        assert_eq!(property(&page, "url"), board.address_of(""));
        let icon = property(&page, "image");
        let origin = alice.address_of("/");
        let icon = icon.strip_prefix(origin.trim_end_matches('/')).unwrap();
        alice.get(icon).await.is(200);
        let german = board.reading("de").get(view).await.is(200);
        assert_eq!(
            property(&german, "description"),
            "12 Pizzen, 3 Beläge, 2 mit Veto"
        );
    }
    assert_eq!(
        property(&alice.get("/").await.is(200), "title"),
        "SAVT: Pizzas"
    );
}

db_test!(a_preview_names_the_public_address);
async fn a_preview_names_the_public_address(savt: Savt) {
    let policy = OriginPolicy {
        public: Some("https://savt.example".parse::<Origin>().unwrap()),
        ..OriginPolicy::default()
    };
    let public = savt
        .another_with(|app| {
            let allowed_hosts = app.allowed_hosts().clone();
            app.with_addresses(policy, allowed_hosts)
        })
        .await;
    let alice = public.person();
    let page = alice.get("/").await.is(200);
    assert_eq!(property(&page, "url"), "https://savt.example/");
    assert!(property(&page, "image").starts_with("https://savt.example/assets/icon-512."));
    // Reached through another host, the page differs, and so does its entity tag.
    let bob = savt.person();
    let etag = bob.get("/").await.is(200).header("etag").to_owned();
    let elsewhere = bob.get_request("/").header("Host", "other.example");
    let elsewhere = send(elsewhere.header("If-None-Match", etag))
        .await
        .unwrap()
        .is(200);
    assert_eq!(property(&elsewhere, "url"), "http://other.example/");
}

db_test!(a_preview_bot_does_not_take_part);
async fn a_preview_bot_does_not_take_part(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("Margherita").await;
    let before = savt.stored().await;
    for bot in BOTS {
        let stranger = savt.person();
        for path in [
            "/",
            "/?view=wall",
            "/history",
            "/share",
            "/presence",
            "/boards",
        ] {
            let request = stranger.get_request(path).header("User-Agent", bot);
            let page = send(request).await.unwrap().is(200);
            let head = stranger.head(path).await.is(200);
            assert!(head.body.is_empty());
            assert_eq!(head.header("content-type"), page.header("content-type"));
        }
        assert_eq!(
            stranger.get("/presence").await.is(200).one("main h2"),
            "1 here",
            "only the reader"
        );
    }
    assert_eq!(savt.stored().await, before);
    assert_eq!(savt.stored().await.stats().people, 1);
}
