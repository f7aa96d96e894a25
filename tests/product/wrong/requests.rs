//! Requests no browser with our page would send.

use reqwest::Method;

use super::Table;
use crate::harness::{app::Savt, client::send, databases::on_both};

/// Every address that takes a form, and one that would do.
const FORMS: [(&str, &str); 15] = [
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
    ("/participant", "name=Fine"),
    ("/boards", "name=Fine"),
    ("/create/item", "name=Fine"),
];

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

on_both!(nothing_is_taken_from_other_sites);
async fn nothing_is_taken_from_other_sites(savt: Savt) {
    let table = Table::laid(savt).await;
    let reason =
        "This was sent from another site, so it was refused. Please use the form on the board.";
    for (path, form) in FORMS {
        for header in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://elsewhere.example"),
            ("Origin", "null"),
        ] {
            let mut answers = Vec::new();
            for person in [table.alice.clone(), table.alice.with_htmx()] {
                let request = person.posting(path).header(FORM.0, FORM.1);
                let request = request.header(header.0, header.1).body(form);
                answers.push(send(request).await.unwrap());
            }
            let answers = answers.try_into().unwrap();
            table.refused(path, &answers, 403, reason);
        }
    }
    table.is_as_it_was().await;
    let own = format!("http://{}", table.savt.address());
    let request = table.alice.posting("/create/item/").header("Origin", own);
    send(request.form(&[("name", "Fine")]))
        .await
        .unwrap()
        .is(303);
}

on_both!(too_much_is_refused);
async fn too_much_is_refused(savt: Savt) {
    let table = Table::laid(savt).await;
    let reason = "That is too much at once: at most 64 KiB.";
    for (path, form) in FORMS {
        let mut answers = Vec::new();
        for person in [table.alice.clone(), table.alice.with_htmx()] {
            let body = format!("{form}&rest={}", "x".repeat(64 * 1024));
            let request = person.posting(path).header(FORM.0, FORM.1);
            answers.push(send(request.body(body)).await.unwrap());
        }
        let answers = answers.try_into().unwrap();
        table.refused(path, &answers, 413, reason);
    }
    table.is_as_it_was().await;
}

on_both!(what_is_no_form_is_refused);
async fn what_is_no_form_is_refused(savt: Savt) {
    let table = Table::laid(savt).await;
    for (path, form) in FORMS.iter().filter(|(_, form)| !form.is_empty()) {
        for wrong in ["application/json", "text/plain", "multipart/form-data"] {
            let request = table.alice.posting(path).header("Content-Type", wrong);
            let answer = send(request.body(*form)).await.unwrap();
            assert_eq!(answer.status, 415, "{path} {wrong}: {}", answer.body);
        }
        let request = table.alice.posting(path).body(*form);
        let answer = send(request).await.unwrap();
        assert!(
            [400, 415, 422].contains(&answer.status),
            "{path}: {}",
            answer.body
        );
    }
    table.is_as_it_was().await;
}

on_both!(what_is_no_text_is_refused);
async fn what_is_no_text_is_refused(savt: Savt) {
    let table = Table::laid(savt).await;
    let bodies = [
        &b"name=\xff\xfe&into=\xff&item_id=\xff"[..],
        b"name=%FF%FE%ED%A0%80&into=%FF&item_id=%FF",
        b"name=Fine%C3&into=2&item_id=",
    ];
    let with_fields = FORMS.iter().filter(|(_, form)| !form.is_empty());
    for (path, _) in with_fields {
        for body in bodies {
            let mut answers = Vec::new();
            for person in [table.alice.clone(), table.alice.with_htmx()] {
                let request = person.posting(path).header(FORM.0, FORM.1);
                answers.push(send(request.body(body)).await.unwrap());
            }
            let answers = answers.try_into().unwrap();
            let reason = "That is no text: a form is sent in UTF-8.";
            table.refused(path, &answers, 400, reason);
        }
    }
    table.is_as_it_was().await;
}

on_both!(a_wrong_method_is_refused);
async fn a_wrong_method_is_refused(savt: Savt) {
    let table = Table::laid(savt).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let also_read = |path: &str| path == "/boards";
    for (path, _) in FORMS.iter().filter(|(path, _)| !also_read(path)) {
        let answer = table.alice.get(path).await;
        assert_eq!(answer.status, 405, "{path}: {}", answer.body);
        assert_eq!(answer.one("main p"), "That cannot be done at this address.");
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let request = client.request(method, table.alice.address_of(path));
            assert_eq!(send(request).await.unwrap().status, 405, "{path}");
        }
    }
    for path in ["/history", "/share", "/features/1", "/items/1", "/healthz"] {
        let answer = table.alice.post(path, &[]).await;
        assert_eq!(answer.status, 405, "{path}: {}", answer.body);
    }
    table.is_as_it_was().await;
}

on_both!(an_unknown_address_leads_back);
async fn an_unknown_address_leads_back(savt: Savt) {
    let table = Table::laid(savt).await;
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
            false => Some(table.alice.post(path, &[]).await),
        };
        for answer in posted.into_iter().chain([table.alice.get(path).await]) {
            assert_eq!(answer.status, 404, "{path}: {}", answer.body);
            assert_eq!(answer.one("h1"), "Not Found");
            assert_eq!(answer.attribute("main a", "href"), "/");
        }
    }
    table.is_as_it_was().await;
}

on_both!(no_error_tells_how_savt_is_made);
async fn no_error_tells_how_savt_is_made(savt: Savt) {
    let table = Table::laid(savt).await;
    for path in ["/nowhere", "/items/99", "/items/3", "/features/1/veto"] {
        let page = table.alice.get(path).await;
        let text = page.body.to_lowercase();
        for word in [
            "poem", "panicked", "select ", "sqlite", "postgres", "src/", "diesel",
        ] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}
