//! Random requests made of known and unknown parts: none causes a server error or an inconsistency.

use std::time::Duration;

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::BoardFixture;
use crate::harness::{app::Savt, consistency::assert_consistent, databases::db_test};

const REQUESTS: u32 = 2_000;

const METHODS: [&str; 12] = [
    "GET", "GET", "GET", "POST", "POST", "POST", "POST", "POST", "POST", "HEAD", "PUT", "VETO",
];

const BASES: [&str; 7] = ["", "", "", "", "/b/main", "/b/none", "/b/%00"];

/// Every path of a board, `#` for an id, and the fields of its form. A closed board refuses most changes, so it is reopened often.
const PATHS: [(&str, &[&str]); 45] = [
    ("/", &[]),
    ("", &[]),
    ("/create/item/", &["name", "kind"]),
    ("/create/items", &["names", "kind"]),
    ("/create/feature", &["name", "amount", "item_id"]),
    ("/features/#", &[]),
    ("/features/#/veto", &["reason", "existing"]),
    ("/features/#/unveto", &[]),
    ("/features/#/move", &["item_id"]),
    ("/features/#/edit", &["name", "amount", "was_name"]),
    ("/features/#/delete", &[]),
    ("/items/#", &[]),
    ("/items/#/edit", &["name", "kind", "note", "was_note"]),
    ("/items/#/merge", &["into"]),
    ("/items/#/split", &[]),
    ("/items/#/delete", &[]),
    ("/close", &["outcome", "chosen", "at", "deadline"]),
    ("/reopen", &["deadline"]),
    ("/reopen", &[]),
    ("/reopen", &[]),
    ("/undo/#", &[]),
    ("/undo/last", &[]),
    ("/redo/last", &[]),
    ("/participant", &["name", "claim", "asked"]),
    ("/consent", &["fine", "seen"]),
    ("/participants/#/aside", &["aside"]),
    ("/settings", &["name", "purpose", "reasons", "was_reasons"]),
    ("/settings", &WORDS),
    ("/copy", &[]),
    ("/result", &[]),
    ("/result.txt", &[]),
    ("/result.md", &[]),
    ("/result.csv", &[]),
    ("/result.json", &[]),
    ("/presence", &[]),
    ("/language", &["language", "to"]),
    ("/share", &[]),
    ("/events", &[]),
    ("/events?since=#", &[]),
    ("/history?before=#", &[]),
    ("/history.atom", &[]),
    ("/export.json", &[]),
    ("/?view=#", &[]),
    ("/boards", &["name", "from", "terminology"]),
    ("/#", &[]),
];

/// What the board calls its items and features.
const WORDS: [&str; 4] = ["item_word", "item_words", "feature_word", "feature_words"];

const IDS: [&str; 18] = [
    "1",
    "1",
    "1",
    "2",
    "2",
    "2",
    "3",
    "5",
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1e3",
    "%31",
    "%00",
    "%F0%9F%8D%95",
    "..%2f",
];

/// Fields that another form has, or none.
const OTHER_FIELDS: [&str; 6] = ["name", "name[]", "amount", "fine", "chosen", "at"];

const HEADERS: [&str; 11] = [
    "Cookie: savt",
    "Cookie: savt-name",
    "Cookie: savt-news",
    "Cookie: savt-language",
    "Last-Event-ID:",
    "HX-Request:",
    "Accept-Language:",
    "Accept-Encoding:",
    "If-None-Match:",
    "X-Forwarded-Proto:",
    "Forwarded:",
];

/// Headers for which most values lead to a rejection.
const OFTEN_REJECTED: [&str; 6] = [
    "Origin:",
    "Host:",
    "Content-Type:",
    "Range:",
    "Transfer-Encoding:",
    "Expect:",
];

/// An arbitrary value, known or not.
fn arbitrary_value() -> impl Strategy<Value = Vec<u8>> {
    let known = select(vec![
        "",
        "true",
        "1",
        "3",
        "Ham",
        "One",
        "User-1",
        "de",
        "*",
        "0",
        "Ham\nEgg",
        "required",
        "2000-01-02T03:04",
        "2099-01-02T03:04Z",
        "template:pizza",
        "main",
        "full-1",
        "full-99999999999999999999",
        "null",
        "application/x-www-form-urlencoded",
        "gzip, br;q=0",
        "de;q=NaN",
        "\"5-1\"",
        "=",
        ";",
        ",",
        "%00",
        "%FF%FE",
        "%E2%80%AE",
        "%ED%A0%80",
        "%",
        "%zz",
        "\u{202e}abc",
        "\u{0}",
        "\u{1F355}",
    ]);
    prop_oneof![
        4 => known.prop_map(|word| word.as_bytes().to_vec()),
        2 => "\\PC{0,40}".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..60),
        // Combining marks up to the size limit of a body.
        1 => Just("\u{301}".repeat(15_000).into_bytes()),
        1 => Just(b"9".repeat(400)),
    ]
}

/// A path, and the fields of its form.
fn path() -> impl Strategy<Value = (String, &'static [&'static str])> {
    (select(&BASES[..]), select(&PATHS[..]), select(&IDS[..]))
        .prop_map(|(base, (path, fields), id)| (format!("{base}{}", path.replace('#', id)), fields))
}

fn request() -> impl Strategy<Value = Vec<u8>> {
    let accepted = vec(
        (
            select(&HEADERS[..]),
            "[ -~]{0,30}".prop_map(String::into_bytes),
        ),
        0..4,
    );
    let rejected = prop_oneof![
        5 => Just(Vec::new()),
        1 => vec((prop_oneof![select(&HEADERS[..]), select(&OFTEN_REJECTED[..])], arbitrary_value()), 1..3),
    ];
    let headers =
        (accepted, rejected).prop_map(|(accepted, rejected)| [accepted, rejected].concat());
    let is_own = prop::bool::weighted(0.9);
    let fields = vec((any::<Index>(), is_own, arbitrary_value()), 0..5);
    let method = select(&METHODS[..]);
    (method, path(), headers, fields, prop::bool::weighted(0.9)).prop_map(
        |(method, (path, own_fields), headers, fields, is_form)| {
            let mut body = Vec::new();
            for (index, is_own, value) in fields {
                let name = match is_own && !own_fields.is_empty() {
                    true => index.get(own_fields),
                    false => index.get(&OTHER_FIELDS),
                };
                body.extend([b"&", name.as_bytes(), b"=", &value].concat());
            }
            let mut bytes =
                format!("{method} {path} HTTP/1.1\r\nHost: savt.example\r\n").into_bytes();
            for (name, value) in headers {
                let equals: &[u8] = if name.starts_with("Cookie") {
                    b"="
                } else {
                    b" "
                };
                bytes.extend([name.as_bytes(), equals, &value, b"\r\n"].concat());
            }
            if is_form {
                bytes.extend(b"Content-Type: application/x-www-form-urlencoded\r\n");
            }
            let length = body.len();
            bytes.extend(format!("Content-Length: {length}\r\nConnection: close\r\n\r\n").bytes());
            bytes.extend(body);
            bytes
        },
    )
}

/// The status of the response, or `None` if the connection closed without one.
async fn status(savt: &Savt, request: &[u8]) -> Option<u16> {
    let mut socket = TcpStream::connect(savt.address()).await.unwrap();
    // The server may close the connection before the whole request is sent.
    let _ = socket.write_all(request).await;
    let mut line = [0; 12];
    let answered = timeout(Duration::from_secs(20), socket.read_exact(&mut line)).await;
    answered.expect("an answer in time").ok()?;
    let line = std::str::from_utf8(&line).unwrap();
    Some(line.strip_prefix("HTTP/1.1 ").unwrap().parse().unwrap())
}

db_test!(random_requests_cause_no_server_error);
async fn random_requests_cause_no_server_error(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let mut runner = TestRunner::new(Config::default());
    let mut answered = [0; 6];
    for _ in 0..REQUESTS {
        let request = request().new_tree(&mut runner).unwrap().current();
        let before = fixture.savt.board_in_memory().await.version();
        let status = status(&fixture.savt, &request).await;
        let shown = String::from_utf8_lossy(&request[..request.len().min(500)]);
        if let Some(status) = status {
            assert!(status < 500, "{status} to {shown}");
            answered[usize::from(status / 100)] += 1;
        }
        if !request.starts_with(b"POST") {
            assert_eq!(
                fixture.savt.board_in_memory().await.version(),
                before,
                "{shown}"
            );
        }
    }
    // The mix must contain pages, changes and rejections, or the test would prove nothing.
    let [_, _, shown, done, refused, _] = answered;
    assert!(shown > 50 && done > 10 && refused > 500, "{answered:?}");
    // What the requests did to the words and the closing, which the comparison does not expect.
    fixture.alice.post("/reopen", &[]).await.is(303);
    fixture
        .alice
        .post("/settings", &WORDS.map(|word| (word, "")))
        .await
        .is(303);
    assert_consistent(&[&fixture.savt]).await;
    fixture.alice.get("").await.is(200);
}
