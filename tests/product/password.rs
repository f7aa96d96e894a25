//! The site password.

mod guessing;
mod secrets;

use std::collections::BTreeSet;

use savt::{
    db::Backend,
    web::{Password, SitePassword},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::{Fresh, db_test},
    process::{Process, run},
};

const PASSWORD: &str = "Käsekuchen & Co";

/// Starts another server on the same database with this password.
async fn with_password(savt: &Savt, password: &str) -> Savt {
    let password: Password = password.parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    savt.another_with(|app| app.with_site_password(lock)).await
}

async fn post_login(person: &TestClient, password: &str, to: &str) -> Answer {
    person
        .post("/login", &[("password", password), ("to", to)])
        .await
}

async fn log_in(person: &TestClient) {
    let answer = post_login(person, PASSWORD, "/").await.is(303);
    assert_eq!(answer.header("location"), "/");
}

db_test!(without_a_session_nothing_is_visible_or_changed);
async fn without_a_session_nothing_is_visible_or_changed(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let base = alice.create_board("Where to eat").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let before = savt.stored().await;
    let protected = with_password(&savt, PASSWORD).await;
    // A participant without a session has no access either.
    for stranger in [protected.person(), alice.moved_to(protected.address())] {
        for (path, to) in [
            ("", "%2F"),
            ("/history?before=7", "%2Fhistory%3Fbefore%3D7"),
            ("/boards", "%2Fboards"),
            ("/share", "%2Fshare"),
            ("/assets", "%2Fassets"),
            ("/login/", "%2Flogin%2F"),
            ("//login", "%2F%2Flogin"),
            ("/nothing", "%2Fnothing"),
        ] {
            let answer = stranger.get(path).await.is(303);
            assert_eq!(answer.header("location"), format!("/login?to={to}"));
            assert_eq!(answer.body, "");
        }
        let board = stranger.on_board(&base).get("").await.is(303);
        assert!(board.header("location").starts_with("/login?to=%2Fb%2F"));

        let stream = stranger.get_request("/events");
        let stream = stream.header("Accept", "text/event-stream");
        send(stream).await.unwrap().is(401);
        let veto = format!("/features/{ham}/veto");
        let htmx = stranger.with_htmx();
        for answer in [
            htmx.post(&veto, &[]).await,
            htmx.get("/share").await,
            htmx.get("/events").await,
        ] {
            assert_eq!(answer.is(401).toasts().len(), 1);
        }
        for path in [
            &veto,
            "/create/item/",
            "/boards",
            "/logout",
            "/b/x/language",
        ] {
            let answer = stranger.post(path, &[("name", "Pizza")]).await.is(401);
            assert!(answer.one(".problem p").contains("not logged in"));
        }
    }
    assert_eq!(savt.stored().await, before);
}

db_test!(alternative_path_spellings_do_not_bypass_the_login);
async fn alternative_path_spellings_do_not_bypass_the_login(savt: Savt) {
    savt.person_called("Alice").await;
    let protected = with_password(&savt, PASSWORD).await;
    for address in [
        "/assets/../history",
        "/assets/%2e%2e/history",
        "/assets/..%2fhistory",
        "/assets/x/../../",
        "/login/../history",
        "/login;/history",
        "/%2fhistory",
        "/./history",
        "//history",
        "http://savt.example/history",
        "http://savt.example/assets/../history",
    ] {
        let mut stream = TcpStream::connect(protected.address()).await.unwrap();
        let head = format!("GET {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status = answer.split(' ').nth(1);
        assert!(matches!(status, Some("303" | "404")), "{address}: {answer}");
        assert!(!answer.contains("Alice"), "{address}");
    }
}

db_test!(public_resources_need_no_login);
async fn public_resources_need_no_login(savt: Savt) {
    let savt = with_password(&savt, PASSWORD).await;
    let stranger = savt.person();
    let page = stranger.get("/login").await.is(200);
    let style = page.attribute("link[rel=stylesheet]", "href");
    let manifest = page.attribute("link[rel=manifest]", "href");
    for path in ["/healthz", "/readyz", &style, &manifest] {
        stranger.get(path).await.is(200);
    }
    stranger.get("/favicon.ico").await.is(307);
}

db_test!(a_session_lasts_until_logout);
async fn a_session_lasts_until_logout(savt: Savt) {
    let savt = with_password(&savt, PASSWORD).await;
    let alice = savt.person();
    let redirect = alice.get("/history?before=7").await.is(303);
    let page = send(alice.get_request(redirect.header("location"))).await;
    let page = page.unwrap().is(200);
    assert_eq!(page.one("main h2"), "Log in to SAVT");
    let to = page.attribute("main input[name=to]", "value");
    let entered = post_login(&alice, PASSWORD, &to).await.is(303);
    assert_eq!(entered.header("location"), "/history?before=7");
    let session = session_cookie(&entered);
    let attributes: BTreeSet<&str> = session.split("; ").skip(1).collect();
    let expected = ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"];
    assert_eq!(attributes, expected.into());

    alice.set_name("Alice").await;
    assert_eq!(alice.page().await.me, "You are Alice");
    let again = alice.get("/login").await.is(303);
    assert_eq!(again.header("location"), "/");

    assert_eq!(alice.get("").await.one("footer .log-out"), "Log out");
    let logged_out = alice.post("/logout", &[]).await.is(303);
    assert_eq!(logged_out.header("location"), "/");
    alice.get("").await.is(303);
    log_in(&alice).await;
    assert_eq!(
        alice.page().await.me,
        "You are Alice",
        "the participant is unchanged"
    );
}

fn session_cookie(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
    let session = cookies.find(|cookie| {
        cookie
            .trim_start_matches("__Host-")
            .starts_with("savt-session=")
    });
    session.unwrap().to_owned()
}

db_test!(the_session_cookie_is_secure_behind_tls);
async fn the_session_cookie_is_secure_behind_tls(savt: Savt) {
    let savt = with_password(&savt, PASSWORD).await;
    let form = savt.person().post_request("/login");
    let form = form.form(&[("password", PASSWORD)]);
    let answer = send(form.header("X-Forwarded-Proto", "https")).await;
    let session = session_cookie(&answer.unwrap().is(303));
    assert!(session.contains("; Secure"), "{session}");
}

db_test!(a_session_is_valid_on_every_process_with_the_same_password);
async fn a_session_is_valid_on_every_process_with_the_same_password(savt: Savt) {
    let [one, other] = [
        with_password(&savt, PASSWORD).await,
        with_password(&savt, PASSWORD).await,
    ];
    let changed = with_password(&savt, "another").await;
    let alice = one.person();
    log_in(&alice).await;
    alice.moved_to(other.address()).get("").await.is(200);
    alice.moved_to(changed.address()).get("").await.is(303);
}

db_test!(a_forged_session_is_rejected);
async fn a_forged_session_is_rejected(savt: Savt) {
    let savt = with_password(&savt, PASSWORD).await;
    let url = savt.person().address_of("").parse().unwrap();
    let seal = "0".repeat(64);
    for session in ["", "1", "99999999999-", &format!("99999999999-{seal}")] {
        let stranger = savt.person();
        let cookie = format!("savt-session={session}");
        stranger.jar.add_cookie_str(&cookie, &url);
        stranger.get("").await.is(303);
    }
}

db_test!(login_does_not_redirect_to_another_site);
async fn login_does_not_redirect_to_another_site(savt: Savt) {
    let savt = with_password(&savt, PASSWORD).await;
    for to in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ] {
        let person = savt.person();
        let query: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let page = person.get(&format!("/login?to={query}")).await.is(200);
        assert_eq!(page.attribute("main input[name=to]", "value"), "/");
        let language = [("language", "de"), ("to", to)];
        let chosen = person.post("/language", &language).await.is(303);
        assert_eq!(chosen.header("location"), "/");
        let entered = post_login(&person, PASSWORD, to).await.is(303);
        assert_eq!(entered.header("location"), "/", "{to}");
    }
}

db_test!(the_login_page_offers_languages);
async fn the_login_page_offers_languages(savt: Savt) {
    let savt = with_password(&savt, PASSWORD).await;
    let stranger = savt.person();
    let page = stranger.get("/login?to=%2Fhistory").await.is(200);
    let to = page.attribute(".languages input[name=to]", "value");
    let fields = [("language", "de"), ("to", &*to)];
    let chosen = stranger.post("/language", &fields).await.is(303);
    let page = stranger.get_request(chosen.header("location"));
    let page = send(page).await.unwrap().is(200);
    assert_eq!(page.one("main h2"), "Bei SAVT anmelden");
    assert_eq!(page.attribute("main input[name=to]", "value"), "/history");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_session_epoch_ends_all_sessions() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let serve = |options: &[&str]| {
        Process::serve_with(&[&["--password", PASSWORD], options].concat(), fresh.url())
    };
    let default = serve(&[]);
    let alice = default.person();
    log_in(&alice).await;
    let empty = serve(&["--session-epoch", ""]);
    alice.moved_to(empty.address).get("").await.is(200);
    let second = serve(&["--session-epoch", "2"]);
    let alice = alice.moved_to(second.address);
    alice.get("").await.is(303);
    log_in(&alice).await;
    alice.get("").await.is(200);
    let same = serve(&["--session-epoch", "2"]);
    alice.moved_to(same.address).get("").await.is(200);
    alice.moved_to(default.address).get("").await.is(303);
    // Without `--trusted-proxy`, all clients behind a proxy would be one.
    let warning = "listens on loopback without --trusted-proxy";
    assert!(default.log().contains(warning), "{}", default.log());
    let proxied = serve(&["--trusted-proxy", "127.0.0.1"]);
    assert!(!proxied.log().contains(warning));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_password_there_is_no_login_page() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let savt = Savt::at(fresh.url()).await;
    let person = savt.person();
    person.get("/login").await.is(404);
    post_login(&person, "", "/").await.is(404);
    assert!(person.get("").await.all(".log-out").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn load_reports_a_password_protected_server() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let process = Process::serve_with(&["--password", PASSWORD], fresh.url());
    let url = format!("http://{}", process.address);
    for board in [&[][..], &["--board", "main"]] {
        let ran = run(&[&["load", &url, "--duration", "1s"], board].concat());
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert_eq!(
            ran.err,
            "savt: cannot run the load test: the server requires a password, which load tests do not support: start one without a password\n"
        );
    }
    let healthy = run(&["healthcheck", "--url", &url]);
    healthy.expect_success();
}
