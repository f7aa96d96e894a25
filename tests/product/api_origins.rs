//! Pages of other origins (CORS): only those that the operator names may use the API in a browser, and nobody else is hindered.

use savt::{
    http::allowed_origins::AllowedOrigins,
    web::{
        SitePassword,
        rate_limit::{RateLimit, RateLimiter, RateLimits},
    },
};

use crate::harness::{
    app::Savt,
    client::Answer,
    databases::{Fresh, db_test},
    process::{CommandOutput, Process, program, run},
    program::{Program, json_of, problem_of, request},
};

const APP: &str = "https://app.example";

async fn with_origins(savt: &Savt, origins: &[&str]) -> Savt {
    let patterns: Vec<_> = origins.iter().map(|text| text.parse().unwrap()).collect();
    let origins = AllowedOrigins::new(&patterns);
    savt.another_with(|app| app.with_api_origins(origins)).await
}

/// Asks what a page of this origin may send.
async fn preflight(savt: &Savt, origin: &str, path: &str) -> Answer {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "PATCH"),
        ("Access-Control-Request-Headers", "authorization"),
    ];
    request(savt.address(), ("OPTIONS", path), &headers, "").await
}

fn cors_headers(answer: &Answer) -> Vec<&str> {
    let names = answer.headers.keys().map(|name| name.as_str());
    names
        .filter(|name| name.starts_with("access-control-"))
        .collect()
}

#[track_caller]
fn assert_readable(answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), APP);
    let vary = answer.headers.get_all("vary").iter();
    assert!(vary.into_iter().any(|value| value == "Origin"));
    let exposed = answer.header("access-control-expose-headers");
    for name in [
        "ETag",
        "Location",
        "Retry-After",
        "RateLimit",
        "X-Request-Id",
    ] {
        assert!(exposed.split(", ").any(|one| one == name), "{exposed}");
    }
}

db_test!(without_the_option_no_page_of_another_origin_is_let_in);
async fn without_the_option_no_page_of_another_origin_is_let_in(savt: Savt) {
    let origin = [("Origin", APP)];
    for (method, path) in [
        ("GET", "/boards/main"),
        ("GET", "/nothing"),
        ("POST", "/boards/main/items"),
        ("OPTIONS", "/boards/main/items"),
    ] {
        let answer = request(savt.address(), (method, path), &origin, "").await;
        assert_eq!(cors_headers(&answer), [""; 0], "{method} {path}");
    }
    let answer = preflight(&savt, APP, "/boards/main").await.is(204);
    assert_eq!(cors_headers(&answer), [""; 0]);
}

db_test!(pages_of_an_allowed_origin_can_do_everything);
async fn pages_of_an_allowed_origin_can_do_everything(savt: Savt) {
    let savt = with_origins(&savt, &["https://other.example", APP]).await;
    for (path, methods) in [
        ("/boards", "OPTIONS, POST"),
        ("/boards/main", "GET, HEAD, OPTIONS, PATCH"),
        (
            "/boards/no-such-board/items/7",
            "DELETE, GET, HEAD, OPTIONS, PATCH",
        ),
        ("/boards/main/features/7/veto", "DELETE, OPTIONS, PUT"),
    ] {
        let answer = preflight(&savt, APP, path).await.is(204);
        assert_eq!(answer.header("access-control-allow-origin"), APP);
        assert_eq!(answer.header("access-control-allow-methods"), methods);
        assert_eq!(answer.header("access-control-max-age"), "7200");
        let headers = answer.header("access-control-allow-headers");
        for name in [
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            "Idempotency-Key",
            "Last-Event-ID",
            "SAVT-Access",
        ] {
            assert!(headers.split(", ").any(|one| one == name), "{headers}");
        }
        let foreign = preflight(&savt, "https://evil.example", path).await;
        assert_eq!(cors_headers(&foreign), [""; 0], "{path}");
        assert_eq!(foreign.header("vary"), "Origin");
    }
    let program = Program::join_with(savt.address(), "main", &[("Origin", APP)]).await;
    let body = r#"{"name": "Funghi"}"#;
    assert_readable(&program.send("POST", "/items", body).await.is(201));
    let board = program.send("GET", "", "").await.is(200);
    assert_readable(&board);
    let known = [("If-None-Match", board.header("etag"))];
    assert_readable(&program.send_with("GET", "", "", &known).await.is(304));
    assert_readable(&program.send("DELETE", "/items/1", "").await.is(204));
    // Programs send no origin, and any other one is not let in, but not rejected either.
    let evil = [("Origin", "https://evil.example")];
    let evil = Program::join_with(savt.address(), "main", &evil).await;
    let answer = evil.send("POST", "/items", body).await.is(201);
    assert_eq!(cors_headers(&answer), [""; 0]);
}

db_test!(pages_can_read_every_problem);
async fn pages_can_read_every_problem(savt: Savt) {
    let savt = with_origins(&savt, &[APP]).await;
    let origin = ("Origin", APP);
    let address = savt.address();
    let program = Program::join_with(address, "main", &[origin]).await;
    let huge = format!(r#"{{"name": "{}"}}"#, "x".repeat(70_000));
    let many = "x".repeat(40_000);
    let item = r#"{"name": "One"}"#;
    for (answer, status) in [
        (program.send("POST", "/items", "{").await, 400),
        (
            request(address, ("POST", "/boards/main/items"), &[origin], item).await,
            401,
        ),
        (
            request(address, ("GET", "/nothing"), &[origin], "").await,
            404,
        ),
        (program.send("PUT", "/items", "").await, 405),
        (
            program
                .send_with("GET", "", "", &[("Accept", "text/html")])
                .await,
            406,
        ),
        (program.send("POST", "/items", &huge).await, 413),
        (program.send("POST", "/items", "{}").await, 422),
        (
            program.send_with("GET", "", "", &[("X-Many", &many)]).await,
            431,
        ),
    ] {
        assert_readable(&answer);
        problem_of(answer, status);
    }
    let held = savt.hold_writers().await;
    let busy = program.send("POST", "/items", r#"{"name": "One"}"#).await;
    drop(held);
    assert_readable(&busy);
    problem_of(busy, 503);
}

db_test!(pages_can_read_that_they_are_too_fast);
async fn pages_can_read_that_they_are_too_fast(fresh: Fresh) {
    let options = [
        "--api-origin",
        "https://other.example,https://app.example",
        "--trusted-proxy",
        "127.0.0.1",
        "--writes-per-minute",
        "1",
    ];
    let process = Process::serve_with(&options, fresh.url());
    let headers = [("Origin", APP), ("X-Forwarded-For", "203.0.113.7")];
    let program = Program::join_with(process.address, "main", &headers).await;
    let refused = program.send("POST", "/items", r#"{"name": "One"}"#).await;
    assert_readable(&refused);
    assert!(refused.headers.contains_key("retry-after"));
    problem_of(refused, 429);
}

db_test!(any_origin_can_be_allowed);
async fn any_origin_can_be_allowed(savt: Savt) {
    let savt = with_origins(&savt, &["*"]).await;
    let answer = preflight(&savt, "https://evil.example", "/boards").await;
    assert_eq!(answer.is(204).header("access-control-allow-origin"), "*");
    let origin = [("Origin", "null")];
    let board = request(savt.address(), ("GET", "/boards/main"), &origin, "").await;
    assert_eq!(board.is(200).header("access-control-allow-origin"), "*");
}

db_test!(forms_of_pages_are_as_before);
async fn forms_of_pages_are_as_before(savt: Savt) {
    let savt = with_origins(&savt, &["*"]).await;
    let alice = savt.person();
    let own = format!("http://{}", savt.address());
    for (origin, status) in [(own.as_str(), 303), (APP, 403)] {
        let form = alice.post_request("/create/item/").header("Origin", origin);
        let form = form.form(&[("name", origin)]);
        let answer = crate::harness::client::send(form).await.unwrap().is(status);
        assert_eq!(cors_headers(&answer), [""; 0], "{origin}");
    }
    let page = alice.get_request("/").header("Origin", APP);
    let page = crate::harness::client::send(page).await.unwrap().is(200);
    assert_eq!(cors_headers(&page), [""; 0]);
}

db_test!(a_preflight_needs_no_access_to_an_installation_with_a_password);
async fn a_preflight_needs_no_access_to_an_installation_with_a_password(savt: Savt) {
    let password = SitePassword::new(&"Käsekuchen".parse().unwrap()).unwrap();
    let origins = AllowedOrigins::new(&[APP.parse().unwrap()]);
    let limits = RateLimits {
        writes: RateLimit::UNLIMITED,
        ..RateLimits::default()
    };
    let savt = savt
        .another_with(|app| {
            app.with_site_password(password)
                .with_api_origins(origins)
                .with_rate_limits(RateLimiter::new(limits, Default::default()))
        })
        .await;
    for path in ["/boards/main", "/login"] {
        let answer = preflight(&savt, APP, path).await.is(204);
        assert_eq!(answer.header("access-control-allow-origin"), APP);
    }
    let address = savt.address();
    let origin = ("Origin", APP);
    let refused = request(address, ("GET", "/boards/main"), &[origin], "").await;
    assert_readable(&refused);
    problem_of(refused, 401);
    let body = r#"{"password": "Käsekuchen"}"#;
    let login = request(address, ("POST", "/login"), &[origin], body).await;
    let access = json_of(&login.is(200))["access"]
        .as_str()
        .unwrap()
        .to_owned();
    let headers = [origin, ("SAVT-Access", &*access)];
    let board = request(address, ("GET", "/boards/main"), &headers, "").await;
    assert_readable(&board.is(200));
}

#[test]
fn an_invalid_origin_is_reported_on_one_line() {
    for (origin, expected) in [
        (
            "app.example",
            "must be an origin such as https://app.example",
        ),
        // Texts that look like a URL are never repeated: it could contain a password.
        ("https://app.example/path", "invalid value"),
        ("https://*.example", "invalid value"),
    ] {
        let ran = run(&["serve", "--api-origin", origin]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        let line = ran.err.lines().next().unwrap();
        assert!(line.contains("--api-origin"), "{ran:?}");
        assert!(line.contains(expected), "{ran:?}");
    }
    let mut serve = program(&["serve"]);
    let output = serve.env("SAVT_API_ORIGIN", "https://app.example,nonsense");
    let ran = CommandOutput::from(output.output().unwrap());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let line = ran.err.lines().next().unwrap();
    assert!(line.contains("--api-origin"), "{ran:?}");
}
