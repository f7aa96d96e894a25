//! Random calls of the API made of known and unknown parts: none causes a server error or an inconsistency, and every error is a
//! problem in JSON.

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::json;

use crate::harness::{
    app::Savt,
    consistency::assert_consistent,
    databases::db_test,
    program::{Program, json_of},
};

const CALLS: u32 = 1_000;

const METHODS: [&str; 10] = [
    "GET", "POST", "POST", "POST", "PUT", "PUT", "PATCH", "PATCH", "DELETE", "OPTIONS",
];

/// Every path of a board, `#` for an id.
const PATHS: [&str; 21] = [
    "",
    "/participants",
    "/participants/me",
    "/participants/#",
    "/participants/#/aside",
    "/items",
    "/items",
    "/items?after=#&limit=#",
    "/items/#",
    "/items/#/merge",
    "/items/#/split",
    "/features",
    "/features",
    "/features/#",
    "/features/#/veto",
    "/consent",
    "/close",
    "/reopen",
    "/reopen",
    "/result",
    "/nothing/#",
];

const IDS: [&str; 13] = [
    "1",
    "1",
    "2",
    "2",
    "3",
    "4",
    "5",
    "0",
    "-1",
    "9223372036854775808",
    "1e3",
    "%31",
    "%00",
];

const MEMBERS: [&str; 14] = [
    "name", "name", "name", "kind", "note", "amount", "item_id", "into", "reason", "version",
    "outcome", "chosen", "deadline", "unknown",
];

fn value() -> impl Strategy<Value = serde_json::Value> {
    let known = select(vec![
        json!(null),
        json!(1),
        json!(2),
        json!(3),
        json!(-1),
        json!(1.5),
        json!(true),
        json!("Ham"),
        json!("One"),
        json!("User-1"),
        json!(""),
        json!("\u{202e}abc"),
        json!("2099-01-02T03:04:05Z"),
        json!([1, 2]),
        json!([[]]),
        json!({}),
    ]);
    prop_oneof![
        3 => known,
        3 => "\\PC{1,20}".prop_map(serde_json::Value::from),
        1 => Just(json!("\u{301}".repeat(15_000))),
    ]
}

fn body() -> impl Strategy<Value = String> {
    let object = vec((select(&MEMBERS[..]), value()), 0..3);
    let object = object.prop_map(|members| {
        let members = members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        serde_json::Value::Object(members.collect()).to_string()
    });
    let nonsense = select(vec!["", "", "{", "[]", "null", "7", "\"\\ud800\"", "{} {}"]);
    prop_oneof![
        6 => object,
        1 => nonsense.prop_map(str::to_owned),
        1 => "\\PC{0,40}",
    ]
}

fn header() -> impl Strategy<Value = (&'static str, &'static str)> {
    select(vec![
        ("X-Nothing", ""),
        ("X-Nothing", ""),
        ("X-Nothing", ""),
        ("Accept", "application/json;q=0.1"),
        ("Accept", "text/html"),
        ("Accept-Language", "de"),
        ("Accept-Encoding", "gzip"),
        ("If-Match", "*"),
        ("If-Match", "0"),
        ("If-Match", "\"a\", \"b\""),
        ("If-None-Match", "*"),
        ("Origin", "https://app.example"),
    ])
}

db_test!(random_calls_cause_no_server_error);
async fn random_calls_cause_no_server_error(savt: Savt) {
    let mut program = Program::join(savt.address(), "main").await;
    let alice = savt.person_called("Alice").await;
    let one = alice.create_item("One").await;
    let ham = alice.suggest("Ham", 2, one).await;
    alice.veto(ham).await;
    let paths = (select(&PATHS[..]), select(&IDS[..]));
    let call = (select(&METHODS[..]), paths, body(), header());
    let mut runner = TestRunner::new(Config::default());
    let mut answered = [0; 6];
    for _ in 0..CALLS {
        let (method, (path, id), body, header) = call.new_tree(&mut runner).unwrap().current();
        let path = path.replace('#', id);
        let shown = format!("{method} {path} {header:?} {body:.200}");
        let before = savt.board_in_memory().await.version();
        let answer = program.send_with(method, &path, &body, &[header]).await;
        let status = answer.status;
        assert!(status < 500, "{status} to {shown}");
        answered[usize::from(status / 100)] += 1;
        if status >= 400 {
            let content_type = answer.header("content-type");
            assert_eq!(
                content_type, "application/problem+json",
                "{status} to {shown}"
            );
            if !answer.headers.contains_key("content-encoding") {
                assert_eq!(json_of(&answer)["status"], status, "{shown}");
            }
        }
        if status >= 400 || ["GET", "OPTIONS"].contains(&method) {
            let after = savt.board_in_memory().await.version();
            assert_eq!(after, before, "{status} to {shown}");
        }
        if (method, path.as_str(), status) == ("DELETE", "/participants/me", 204) {
            // It has forgotten itself.
            program = Program::join(savt.address(), "main").await;
        }
    }
    // The mix must contain changes and rejections, or the test would prove nothing.
    let [_, _, done, _, refused, _] = answered;
    assert!(done > 100 && refused > 200, "{answered:?}");
    // The comparison expects an open board.
    program.send("POST", "/reopen", "").await;
    assert_consistent(&[&savt]).await;
    alice.get("").await.is(200);
}
