//! Sharing a board: its link as the browser found it, as text and as a QR code, on a page and in the sheet.

use savt::model::Board;

use crate::harness::{
    app::Savt,
    client::{Answer, Person, send},
    databases::on_both,
    qr,
};

/// The page as it is for a browser that sends these headers.
async fn shared(person: &Person, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = person.getting_at(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request).await.unwrap()
}

/// The link, which stands in every place of the page alike.
#[track_caller]
fn link(answer: &Answer) -> String {
    let link = answer.attribute(".address a", "href");
    assert_eq!(answer.one(".address"), link);
    assert_eq!(answer.attribute(".ways", "data-link"), link);
    assert_eq!(answer.one("svg.qr title"), format!("QR code of {link}"));
    assert_eq!(qr::in_page(&answer.body), link);
    link
}

on_both!(every_board_has_its_own_link);
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
        assert_eq!(page.attribute(".ways", "data-title"), title);
        assert_eq!(page.one("h1"), title);
        assert_eq!(page.one("main h2"), "Share this board");
    }
    let nowhere = alice.on_board("/b/0123456789abcdefghjkmnpqrs");
    nowhere.get("/share").await.is(404);
}

on_both!(the_link_is_what_the_browser_asked_for);
async fn the_link_is_what_the_browser_asked_for(savt: Savt) {
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
        let page = shared(&alice, &share, headers).await.is(200);
        assert_eq!(link(&page), format!("{origin}{base}"));
        assert!(page.all(".only-here").is_empty(), "{origin}");
    }
    for host in ["you@evil.example", "savt.example/x", "'onload='"] {
        let page = shared(&alice, &share, &[("Host", host)]).await.is(400);
        assert!(!page.body.contains("evil") && !page.body.contains("onload"));
    }
}

on_both!(a_link_of_this_machine_only_says_so);
async fn a_link_of_this_machine_only_says_so(savt: Savt) {
    let alice = savt.person();
    for (host, port) in [
        ("localhost:8000", 8000),
        ("127.0.0.1:8123", 8123),
        ("[::1]", 80),
    ] {
        let page = shared(&alice, "/share", &[("Host", host)]).await.is(200);
        assert_eq!(link(&page), format!("http://{host}/"));
        let words = page.one(".only-here");
        assert!(words.contains("no other device can open it"), "{words}");
        assert!(
            words.contains(&format!("--listen 0.0.0.0:{port} ")),
            "{words}"
        );
    }
}

on_both!(the_sheet_gets_the_same_by_itself);
async fn the_sheet_gets_the_same_by_itself(savt: Savt) {
    let alice = savt.person();
    let page = alice.get("/share").await.is(200);
    let sheet = alice.with_htmx().get("/share").await.is(200);
    assert_eq!(sheet.targets(), ["innerHTML #sheet"]);
    assert_eq!(qr::in_page(&sheet.body), link(&page));
    assert!(!sheet.body.contains("<html"));
    for answer in [page, sheet] {
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert!(answer.header("vary").contains("HX-Request"));
        // What the Content-Security-Policy would refuse.
        assert!(!answer.body.contains("style="), "{}", answer.body);
        assert!(!answer.body.contains("onclick"), "{}", answer.body);
    }
}

on_both!(looking_changes_nothing);
async fn looking_changes_nothing(savt: Savt) {
    let before: Board = savt.stored().await;
    let alice = savt.person();
    alice.get("/share").await.is(200);
    alice.with_htmx().get("/share").await.is(200);
    alice.post("/share", &[]).await.is(405);
    assert_eq!(savt.stored().await, before);
}
