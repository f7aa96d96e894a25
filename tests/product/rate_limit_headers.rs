//! Programs are told how much of their limits is left; pages are not.

use crate::harness::{
    client::Answer,
    databases::{Fresh, db_test},
    process::Process,
    program::{Program, problem_of, request},
};

const OFFICE: (&str, &str) = ("X-Forwarded-For", "203.0.113.7");

fn serve_limited(fresh: &Fresh) -> Process {
    let options = [
        "--trusted-proxy",
        "127.0.0.1",
        "--writes-per-minute",
        "5",
        "--reads-per-minute",
        "600",
        "--boards-per-hour",
        "2",
    ];
    Process::serve_with(&options, fresh.url())
}

/// The policy, what is left, and after how many seconds there is more.
#[track_caller]
fn limit(answer: &Answer) -> (String, u32, u64) {
    let policy = answer.header("ratelimit-policy").to_owned();
    let state = answer.header("ratelimit");
    let (name, rest) = state.split_once(";r=").unwrap();
    assert!(
        policy.starts_with(&format!("{name};q=")),
        "{policy} {state}"
    );
    let (remaining, renewed) = rest.split_once(";t=").unwrap();
    (policy, remaining.parse().unwrap(), renewed.parse().unwrap())
}

db_test!(programs_know_how_much_they_may_do);
async fn programs_know_how_much_they_may_do(fresh: Fresh) {
    let process = serve_limited(&fresh);
    // The first change.
    let program = Program::join_with(process.address, "main", &[OFFICE]).await;
    let body = r#"{"name": "Funghi"}"#;
    for (method, path, body, status, remaining) in [
        ("POST", "/items", body, 201, 3),
        ("PATCH", "/items/1", r#"{"name": "Napoli"}"#, 200, 2),
        ("PUT", "/consent", "", 200, 1),
        ("DELETE", "/items/99", "", 404, 0),
    ] {
        let answer = program.send(method, path, body).await.is(status);
        let (policy, left, renewed) = limit(&answer);
        assert_eq!(policy, "\"changes\";q=5;w=60");
        // A slow machine may have been given a change back meanwhile: one each 12 seconds.
        assert!((remaining..=5).contains(&left), "{left} {remaining}");
        assert!(renewed <= 12, "{renewed}");
    }
    let refused = loop {
        let answer = program.send("DELETE", "/items/99", "").await;
        if answer.status != 404 {
            break answer;
        }
    };
    let (policy, left, renewed) = limit(&refused);
    assert_eq!((&*policy, left), ("\"changes\";q=5;w=60", 0));
    assert_eq!(refused.header("retry-after"), renewed.to_string());
    problem_of(refused, 429);

    let read = program.send("GET", "", "").await.is(200);
    let (policy, left, _) = limit(&read);
    assert_eq!(policy, "\"reads\";q=600;w=60");
    assert!((598..600).contains(&left), "{left}");
    let unknown = request(process.address, ("GET", "/nothing"), &[OFFICE], "").await;
    limit(&unknown.is(404));
    let board = r#"{"name": "Another"}"#;
    let made = request(process.address, ("POST", "/boards"), &[OFFICE], board).await;
    let (policy, left, renewed) = limit(&made.is(201));
    assert_eq!((&*policy, left), ("\"new boards\";q=2;w=3600", 1));
    assert_eq!(renewed, 1_800);
}

db_test!(pages_and_clients_without_limits_are_told_nothing);
async fn pages_and_clients_without_limits_are_told_nothing(fresh: Fresh) {
    let process = serve_limited(&fresh);
    let office = process.person().forwarded_for(OFFICE.1);
    let local = request(process.address, ("GET", "/boards/main"), &[], "").await;
    let mut answers = vec![office.get("").await.is(200), local.is(200)];
    for status in [303, 303, 303, 303, 303, 429] {
        let answer = office.post("/create/item/", &[]).await;
        assert!([status, 429].contains(&answer.status));
        answers.push(answer);
    }
    for answer in answers {
        let mut names = answer.headers.keys();
        assert!(!names.any(|name| name.as_str().starts_with("ratelimit")));
    }
}
