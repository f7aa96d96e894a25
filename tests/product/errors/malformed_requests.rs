//! Requests that no browser with a page of ours would send.

use reqwest::Method;

use super::BoardFixture;
use crate::harness::{app::Savt, client::send, databases::db_test};

/// Every path that accepts a form, with a valid form.
const FORMS: [(&str, &str); 17] = [
    ("/create/item/", "name=Fine"),
    ("/create/feature/", "name=Fine"),
    ("/features/1/veto", ""),
    ("/features/2/unveto", ""),
    ("/features/1/move", "item_id="),
    ("/features/1/edit", "name=Fine"),
    ("/features/1/delete", ""),
    ("/items/1/edit", "name=Fine"),
    ("/items/1/merge", "into=2"),
    ("/items/1/split", ""),
    ("/items/1/delete", ""),
    ("/undo/2", ""),
    ("/undo/last", ""),
    ("/redo/last", ""),
    ("/participant", "name=Fine"),
    ("/boards", "name=Fine"),
    ("/create/item", "name=Fine"),
];

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

db_test!(cross_site_requests_are_rejected);
async fn cross_site_requests_are_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let reason = "This was sent from another site, so it was refused. Use the form on the board. If you did, ask the operator to \
                  let the proxy pass the Host header unchanged, or to set --public-url.";
    for (path, form) in FORMS {
        for header in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://elsewhere.example"),
            ("Origin", "null"),
        ] {
            let mut answers = Vec::new();
            for person in [fixture.alice.clone(), fixture.alice.with_htmx()] {
                let request = person.post_request(path).header(FORM.0, FORM.1);
                let request = request.header(header.0, header.1).body(form);
                answers.push(send(request).await.unwrap());
            }
            let answers = answers.try_into().unwrap();
            fixture.assert_refused(path, &answers, 403, reason);
        }
    }
    fixture.assert_unchanged().await;
    let own = format!("http://{}", fixture.savt.address());
    let request = fixture
        .alice
        .post_request("/create/item/")
        .header("Origin", own);
    send(request.form(&[("name", "Fine")]))
        .await
        .unwrap()
        .is(303);
}

db_test!(an_oversized_body_answers_413);
async fn an_oversized_body_answers_413(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let reason = "This is too large. Send at most 64 KiB at once.";
    for (path, form) in FORMS {
        let mut answers = Vec::new();
        for person in [fixture.alice.clone(), fixture.alice.with_htmx()] {
            let body = format!("{form}&rest={}", "x".repeat(64 * 1024));
            let request = person.post_request(path).header(FORM.0, FORM.1);
            answers.push(send(request.body(body)).await.unwrap());
        }
        let answers = answers.try_into().unwrap();
        fixture.assert_refused(path, &answers, 413, reason);
    }
    fixture.assert_unchanged().await;
}

db_test!(a_body_of_another_content_type_is_rejected);
async fn a_body_of_another_content_type_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for (path, form) in FORMS.iter().filter(|(_, form)| !form.is_empty()) {
        for content_type in ["application/json", "text/plain", "multipart/form-data"] {
            let request = fixture
                .alice
                .post_request(path)
                .header("Content-Type", content_type);
            let answer = send(request.body(*form)).await.unwrap();
            assert_eq!(answer.status, 415, "{path} {content_type}: {}", answer.body);
        }
        let request = fixture.alice.post_request(path).body(*form);
        let answer = send(request).await.unwrap();
        assert!(
            [400, 415, 422].contains(&answer.status),
            "{path}: {}",
            answer.body
        );
    }
    fixture.assert_unchanged().await;
}

db_test!(a_body_that_is_not_utf_8_is_rejected);
async fn a_body_that_is_not_utf_8_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let bodies = [
        &b"name=\xff\xfe&into=\xff&item_id=\xff"[..],
        b"name=%FF%FE%ED%A0%80&into=%FF&item_id=%FF",
        b"name=Fine%C3&into=2&item_id=",
    ];
    let with_fields = FORMS.iter().filter(|(_, form)| !form.is_empty());
    for (path, _) in with_fields {
        for body in bodies {
            let mut answers = Vec::new();
            for person in [fixture.alice.clone(), fixture.alice.with_htmx()] {
                let request = person.post_request(path).header(FORM.0, FORM.1);
                answers.push(send(request.body(body)).await.unwrap());
            }
            let answers = answers.try_into().unwrap();
            let reason = "This form is not encoded in UTF-8. Use the form on the board.";
            fixture.assert_refused(path, &answers, 400, reason);
        }
    }
    fixture.assert_unchanged().await;
}

db_test!(a_path_that_is_not_utf_8_answers_404);
async fn a_path_that_is_not_utf_8_answers_404(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let not_utf_8 = ["%ff", "%FF%FE", "%C3", "main%ff", "%ed%a0%80", "%c0%af"];
    for (path, form) in FORMS {
        for bytes in not_utf_8 {
            for path in [
                format!("/b/{bytes}{path}"),
                path.replacen('1', &format!("1{bytes}"), 1),
                format!("{path}{bytes}"),
            ] {
                if !path.contains(bytes) {
                    continue;
                }
                let request = fixture.alice.post_request(&path);
                let answer = send(request.header(FORM.0, FORM.1).body(form))
                    .await
                    .unwrap();
                assert_eq!(answer.status, 404, "{path}: {}", answer.body);
            }
        }
    }
    for bytes in not_utf_8 {
        for path in [
            "",
            "/",
            "/history",
            "/events",
            "/items/1",
            "/share",
            "/participant",
        ] {
            let path = format!("/b/{bytes}{path}");
            fixture.alice.get(&path).await.is(404);
        }
        fixture.alice.get(&format!("/assets/{bytes}")).await.is(404);
    }
    // Encoded twice, or empty, it is no board either.
    for path in [
        "/b/%25ff/create/item/",
        "/b//create/item/",
        "/b/%00/create/item/",
    ] {
        let answer = fixture.alice.post(path, &[("name", "Fine")]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    fixture.assert_unchanged().await;
}

db_test!(a_field_that_occurs_twice_is_rejected);
async fn a_field_that_occurs_twice_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for (path, form) in [
        ("/create/item/", "name=Fine&name=Other"),
        ("/create/feature/", "name=Fine&item_id=1&item_id="),
        ("/features/1/move", "item_id=2&item_id="),
        ("/items/1/merge", "into=2&into=1"),
        ("/participant", "name=Fine&claim=1&claim="),
        ("/boards", "name=Fine&name=Fine"),
    ] {
        let request = fixture.alice.post_request(path).header(FORM.0, FORM.1);
        let answer = send(request.body(form)).await.unwrap();
        assert_eq!(answer.status, 400, "{path}: {}", answer.body);
    }
    fixture.assert_unchanged().await;
}

db_test!(a_missing_field_changes_nothing_else);
async fn a_missing_field_changes_nothing_else(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for fields in [&[][..], &[("nonsense", "2")]] {
        let answers = fixture.post_both_ways("/features/1/move", fields).await;
        let reason = "Choose one of the board's pizzas, or all pizzas.";
        fixture.assert_refused("move", &answers, 422, reason);
    }
    fixture.assert_unchanged().await;
    let alice = &fixture.alice;
    let renamed = [("name", "First")];
    alice.post("/items/1/edit", &renamed).await.is(303);
    alice.post("/features/1/edit", &renamed).await.is(303);
    let board = alice.sees().await;
    assert!(board.starts_with("First (vegan): First ×2"), "{board}");
}

db_test!(a_wrong_method_answers_405);
async fn a_wrong_method_answers_405(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let also_read = |path: &str| path == "/boards";
    for (path, _) in FORMS.iter().filter(|(path, _)| !also_read(path)) {
        let answer = fixture.alice.get(path).await;
        assert_eq!(answer.status, 405, "{path}: {}", answer.body);
        assert_eq!(
            answer.one("main p"),
            "This action is not possible at this address."
        );
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let request = client.request(method, fixture.alice.address_of(path));
            assert_eq!(send(request).await.unwrap().status, 405, "{path}");
        }
    }
    for path in ["/history", "/share", "/features/1", "/items/1", "/healthz"] {
        let answer = fixture.alice.post(path, &[]).await;
        assert_eq!(answer.status, 405, "{path}: {}", answer.body);
    }
    fixture.assert_unchanged().await;
}

db_test!(an_unknown_address_answers_404_with_a_link_back);
async fn an_unknown_address_answers_404_with_a_link_back(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for path in [
        "/nowhere",
        "/items",
        "/items/1/eat",
        "/features/1/veto/again",
        "/create",
        "/undo",
        "/assets/nothing.css",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e%2fCargo.toml",
        "/b",
        "/..%2f..%2fetc/passwd",
        "/%00",
        "/%ff",
    ] {
        let posted = match path.starts_with("/assets/") {
            true => None,
            false => Some(fixture.alice.post(path, &[]).await),
        };
        for answer in posted.into_iter().chain([fixture.alice.get(path).await]) {
            assert_eq!(answer.status, 404, "{path}: {}", answer.body);
            assert_eq!(answer.one("h1"), "Not Found");
            assert_eq!(answer.attribute("main a", "href"), "/");
        }
    }
    fixture.assert_unchanged().await;
}

db_test!(errors_do_not_reveal_implementation_details);
async fn errors_do_not_reveal_implementation_details(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for path in ["/nowhere", "/items/99", "/items/3", "/features/1/veto"] {
        let page = fixture.alice.get(path).await;
        let text = page.body.to_lowercase();
        for word in [
            "poem", "panicked", "select ", "sqlite", "postgres", "src/", "diesel",
        ] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}
