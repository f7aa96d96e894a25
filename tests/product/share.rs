//! Sharing a board: its link with the requested host, as text and as a QR code, on a page and in the sheet.

use savt::model::Board;

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::db_test,
    qr,
};

/// Requests a path with these headers.
async fn get_with_headers(person: &TestClient, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = person.get_request(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request).await.unwrap()
}

/// Asserts that the link is the same everywhere on the page, and returns it.
#[track_caller]
fn link(answer: &Answer) -> String {
    let link = answer.attribute(".address a", "href");
    assert_eq!(answer.one(".address"), link);
    assert_eq!(answer.attribute(".share-actions", "data-link"), link);
    assert_eq!(answer.one("svg.qr title"), format!("QR code of {link}"));
    assert_eq!(qr::in_page(&answer.body), link);
    link
}

db_test!(every_board_has_its_own_link);
async fn every_board_has_its_own_link(savt: Savt) {
    let alice = savt.person();
    let base = alice.create_board("Where to <eat> & \"drink\"").await;
    for (person, title) in [
        (alice.clone(), "SAVT"),
        (alice.on_board(&base), "Where to <eat> & \"drink\""),
    ] {
        let board = person.get("").await.is(200);
        assert_eq!(board.one("nav #share"), "Share");
        let page = person.get("/share").await.is(200);
        assert_eq!(link(&page), person.address_of(""));
        assert_eq!(page.attribute(".share-actions", "data-title"), title);
        assert_eq!(page.one("h1"), title);
        assert_eq!(page.one("main h2"), "Share this board");
    }
    let nowhere = alice.on_board("/b/0123456789abcdefghjkmnpqrs");
    nowhere.get("/share").await.is(404);
}

db_test!(the_link_uses_the_requested_host);
async fn the_link_uses_the_requested_host(savt: Savt) {
    let alice = savt.person();
    let base = alice.create_board("Where to eat").await;
    let share = format!("{base}/share");
    for (headers, origin) in [
        (
            &[("Host", "192.168.1.7:8000")][..],
            "http://192.168.1.7:8000",
        ),
        (
            &[("Host", "Savt.Example"), ("X-Forwarded-Proto", "https")],
            "https://savt.example",
        ),
        (
            &[
                ("Host", "savt.example"),
                ("X-Forwarded-Host", "evil.example"),
            ],
            "http://savt.example",
        ),
    ] {
        let page = get_with_headers(&alice, &share, headers).await.is(200);
        assert_eq!(link(&page), format!("{origin}{base}"));
        assert!(page.all(".local-only").is_empty(), "{origin}");
    }
    for host in ["you@evil.example", "savt.example/x", "'onload='"] {
        let page = get_with_headers(&alice, &share, &[("Host", host)])
            .await
            .is(400);
        assert!(!page.body.contains("evil") && !page.body.contains("onload"));
    }
}

db_test!(a_loopback_link_shows_a_warning);
async fn a_loopback_link_shows_a_warning(savt: Savt) {
    let alice = savt.person();
    for (host, port) in [
        ("localhost:8000", 8000),
        ("127.0.0.1:8123", 8123),
        ("[::1]", 80),
    ] {
        let page = get_with_headers(&alice, "/share", &[("Host", host)])
            .await
            .is(200);
        assert_eq!(link(&page), format!("http://{host}/"));
        let warning = page.one(".local-only");
        assert!(warning.contains("works only on this machine"), "{warning}");
        assert!(
            warning.contains(&format!("--listen 0.0.0.0:{port} ")),
            "{warning}"
        );
    }
}

db_test!(the_sheet_contains_only_the_share_fragment);
async fn the_sheet_contains_only_the_share_fragment(savt: Savt) {
    let alice = savt.person();
    let page = alice.get("/share").await.is(200);
    let sheet = alice.with_htmx().get("/share").await.is(200);
    assert_eq!(sheet.targets(), ["innerHTML #sheet"]);
    assert_eq!(qr::in_page(&sheet.body), link(&page));
    assert!(!sheet.body.contains("<html"));
    for answer in [page, sheet] {
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert!(answer.header("vary").contains("HX-Request"));
        // The Content-Security-Policy forbids both.
        assert!(!answer.body.contains("style="), "{}", answer.body);
        assert!(!answer.body.contains("onclick"), "{}", answer.body);
    }
}

db_test!(opening_the_share_page_changes_nothing);
async fn opening_the_share_page_changes_nothing(savt: Savt) {
    let before: Board = savt.stored().await;
    let alice = savt.person();
    alice.get("/share").await.is(200);
    alice.with_htmx().get("/share").await.is(200);
    alice.post("/share", &[]).await.is(405);
    assert_eq!(savt.stored().await, before);
}
