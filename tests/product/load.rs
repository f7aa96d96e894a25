//! `savt load` as a process: SAVT meets the targets, and the verdict of the load test is reliable.

mod interruption;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
};

use savt::{
    model::{Action, Slug},
    store,
};
use serde_json::Value;

use crate::harness::{
    databases::{Fresh, db_test},
    machine,
    process::{CommandOutput, Process, run},
    program, soak,
};

/// Runs `savt load` with these options and returns its output and JSON report.
fn run_load(address: SocketAddr, options: &[&str]) -> (CommandOutput, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("load.json");
    let url = format!("http://{address}");
    let json = ["load", &url, "--json", file.to_str().unwrap()];
    let ran = run(&[&json, options].concat());
    let text = std::fs::read_to_string(file).unwrap_or_else(|_| panic!("{ran:?}"));
    (ran, serde_json::from_str(&text).unwrap())
}

#[track_caller]
fn assert_no_failures(report: &Value) {
    assert_eq!(report["failures"], Value::Array(Vec::new()));
    assert_eq!(report["failures_percent"], 0.0);
}

/// How often an action was performed.
fn count(report: &Value, action: &str) -> u64 {
    let mut rows = report["actions"].as_array().unwrap().iter();
    let row = rows.find(|row| row["action"] == action);
    row.map_or(0, |row| row["count"].as_u64().unwrap())
}

db_test!(thirty_three_users_meet_the_targets);
async fn thirty_three_users_meet_the_targets(fresh: Fresh) {
    machine::most().await;
    let duration = soak::size("8s", "60s");
    let process = Process::serve(fresh.url());
    let (ran, report) = run_load(process.address, &["--users", "33", "--duration", duration]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let expected = soak::size("8 s: 33 users", "60 s: 33 users");
    assert!(ran.err.contains(expected), "{}", ran.err);
    assert_no_failures(&report);
    assert_eq!(report["met"], true);
    for action in ["page", "veto", "take back", "new feature", "new item"] {
        assert!(count(&report, action) > 0, "{action}: {}", ran.out);
        assert!(ran.out.contains(action), "{}", ran.out);
    }
    // Each user loaded a page with its assets and opened a stream.
    assert!(count(&report, "asset") >= 2 * 33, "{}", ran.out);
    assert!(count(&report, "stream") >= 33, "{}", ran.out);
    let shown = report["shown"]["count"].as_u64().unwrap();
    let decided = count(&report, "veto") + count(&report, "take back");
    assert_eq!(
        shown, decided,
        "every veto and withdrawal is shown to all users"
    );

    let main = process.person().page().await;
    assert_eq!(
        (main.version, main.shown.items.len()),
        (0, 0),
        "the board main is untouched"
    );
}

db_test!(a_hundred_users_see_no_failures);
async fn a_hundred_users_see_no_failures(fresh: Fresh) {
    machine::most().await;
    let process = Process::serve(fresh.url());
    let options = [
        "--users",
        "100",
        "--duration",
        soak::size("5s", "30s"),
        "--targets",
        "failures<0.01%",
    ];
    let (ran, report) = run_load(process.address, &options);
    ran.expect_success();
    assert_no_failures(&report);
}

db_test!(the_plan_behaviour_creates_items);
async fn the_plan_behaviour_creates_items(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let plan = ["--behaviour", "plan", "--users", "5", "--duration", "2s"];
    let closed = ["--think", "0", "--boards", "2"];
    let (ran, report) = run_load(process.address, &[&plan[..], &closed].concat());
    ran.expect_success();
    assert_no_failures(&report);
    let each = ["new item", "new feature", "page"].map(|action| count(&report, action));
    assert!(
        each[0] > 0 && each.iter().all(|count| *count == each[0]),
        "{each:?}"
    );
    assert_eq!(report["boards"].as_array().unwrap().len(), 2);
}

db_test!(a_group_decides_again_and_again);
async fn a_group_decides_again_and_again(fresh: Fresh) {
    machine::most().await;
    let process = Process::serve(fresh.url());
    let decide = ["--behaviour", "decide", "--users", "33"];
    // How fast that is depends on what else the machine does: only the long form, which runs alone, judges it.
    let short = ["--duration", "6s", "--targets", "failures<0.01%"];
    let options = soak::size(&short[..], &["--duration", "60s"]);
    let (ran, report) = run_load(process.address, &[&decide[..], options].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_no_failures(&report);
    let rounds = report["agreed"]["count"].as_u64().unwrap();
    assert!(rounds >= 2, "{}", ran.out);
    assert!(ran.out.contains("agreed on all"), "{}", ran.out);
    let actions = ["name", "stream", "consent", "close", "reopen"];
    assert_eq!(
        actions.map(|action| count(&report, action)),
        [33, 33, 33 * rounds, rounds, rounds - 1],
        "{}",
        ran.out
    );

    // The board was agreed once in each round, and is closed.
    let address = report["boards"][0].as_str().unwrap();
    let path = address.strip_prefix(&format!("http://{}", process.address));
    let slug = path.unwrap().strip_prefix("/b/").unwrap();
    let database = fresh.open().await;
    let slug = Slug::parse(slug).unwrap();
    let board = store::load(&database, &slug).await.unwrap().unwrap();
    let events = store::events_after(&database, board.id, 0, usize::MAX);
    let events = events.await.unwrap().unwrap();
    let agreed = events.iter().filter(|event| event.makes_agreed).count();
    assert_eq!(agreed as u64, rounds);
    let last = &events.last().unwrap().action;
    assert!(matches!(last, Action::Closed { .. }), "{last:?}");
    let person = process.person();
    let page = person.get(path.unwrap()).await.is(200);
    assert_eq!(page.all("#outcome[data-closed]").len(), 1);
    assert_eq!(page.one("#outcome .sentence"), format!("Round {rounds}"));
}

db_test!(without_a_decision_the_target_is_missed);
async fn without_a_decision_the_target_is_missed(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let decide = ["--behaviour", "decide", "--users", "2"];
    // Nobody comes before the run has ended.
    let late = ["--duration", "1s", "--ramp", "1h"];
    let (ran, _) = run_load(process.address, &[&decide[..], &late].concat());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let missed = "targets missed: agreed-p95<50ms (unknown)";
    assert!(ran.err.contains(missed), "{}", ran.err);
}

db_test!(programs_meet_the_targets);
async fn programs_meet_the_targets(fresh: Fresh) {
    machine::most().await;
    let process = Process::serve(fresh.url());
    let options = [
        "--behaviour",
        "api",
        "--users",
        "33",
        "--duration",
        soak::size("4s", "60s"),
        "--think",
        "50ms..250ms",
    ];
    let (ran, report) = run_load(process.address, &options);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_no_failures(&report);
    assert_eq!(report["met"], true);
    for action in ["board", "veto", "take back", "new feature", "new item"] {
        assert!(count(&report, action) > 0, "{action}: {}", ran.out);
    }
    assert_eq!(count(&report, "join"), 33);
    assert_eq!(count(&report, "page") + count(&report, "stream"), 0);
    let address = report["boards"][0].as_str().unwrap();
    let slug = address.rsplit('/').next().unwrap();
    let path = format!("/boards/{slug}");
    let board = program::request(process.address, ("GET", &path), &[], "").await;
    let board = program::json_of(&board.is(200));
    let items = board["items"].as_array().unwrap().len() as u64;
    assert_eq!(items, 20 + count(&report, "new item"));
    // The user who prepared the board is one more.
    assert_eq!(board["participants"].as_array().unwrap().len(), 33 + 1);
}

db_test!(clean_deletes_the_new_boards_while_the_server_runs);
async fn clean_deletes_the_new_boards_while_the_server_runs(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let test = ["--boards", "2", "--users", "3", "--duration", "2s"];
    let closed = ["--think", "0", "--targets", "failures<1%"];
    let clean = ["--clean", "--database-url", fresh.url()];
    let options = [&test[..], &closed, &clean].concat();
    let (ran, report) = run_load(process.address, &options);
    let out = ran.expect_success();
    let boards = report["boards"].as_array().unwrap();
    assert_eq!(boards.len(), 2);
    for address in boards {
        let slug = address.as_str().unwrap().rsplit('/').next().unwrap();
        assert!(out.contains(&format!("deleted {slug}\n")), "{out}");
        let gone = async || process.person().get(&format!("/b/{slug}")).await.status == 410;
        crate::boards_command::until("the board is gone", gone).await;
    }
}

db_test!(a_missed_target_is_reported);
async fn a_missed_target_is_reported(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("load.html");
    let targets = [
        "--targets",
        "p95<0.001ms,failures<1%",
        "--html",
        page.to_str().unwrap(),
    ];
    let short = ["--users", "3", "--duration", "2s", "--board", "main"];
    // With the usual think time, three users may have changed nothing after two seconds on a busy machine.
    let closed = ["--think", "0"];
    let options = [&targets[..], &short, &closed].concat();
    let (ran, report) = run_load(process.address, &options);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains("savt: targets missed: p95<0.001ms ("),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("failures<1%"), "{}", ran.err);
    assert!(ran.out.contains("MISSED"), "{}", ran.out);
    assert_eq!(report["met"], false);
    let main = process.person().page().await;
    assert!(main.version > 0, "--board main was requested");

    let html = std::fs::read_to_string(page).unwrap();
    assert!(html.contains("<svg") && html.contains("missed"), "{html}");
    for outside in ["<script", "src=", "href=", "url("] {
        assert!(!html.contains(outside), "{outside} in {html}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unwritable_report_file_still_prints_the_table() {
    let fresh = Fresh::migrated(savt::db::Backend::Sqlite).await;
    let process = Process::serve(fresh.url());
    let url = format!("http://{}", process.address);
    let nowhere = ["--json", "no-such-folder/load.json"];
    let short = ["load", &url, "--users", "2", "--duration", "1s"];
    let ran = run(&[&short[..], &nowhere].concat());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.out.contains("p95<1500ms"), "{}", ran.out);
    let last = ran.err.lines().last().unwrap();
    assert!(
        last.contains("cannot write no-such-folder/load.json"),
        "{last}"
    );
}

#[test]
fn an_invalid_load_run_is_reported_on_one_line() {
    let other = fixed_response_server("hello");
    let other = format!("http://{other}");
    for (arguments, expected) in [
        (&["http://127.0.0.1:1"][..], "connection refused"),
        (&["https://127.0.0.1:1"], "TLS"),
        (&["http://192.0.2.1"], "--remote"),
        (&["http://127.0.0.1/b/x"], "--board"),
        (&[&other], "not a SAVT server"),
        (&["--targets", "p95<fast"], "not a duration"),
        (&["--duration", "0"], "greater than zero"),
        (&["--board", "A B"], "SLUG"),
        (
            &["--behaviour", "decide", "--board", "main"],
            "leave out --board",
        ),
        (
            &["--behaviour", "decide", "--boards", "5", "--users", "9"],
            "at least 2 users",
        ),
    ] {
        let ran = run(&[&["load"], arguments].concat());
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        assert_eq!(ran.out, "", "{arguments:?}");
        let lines = ran.err.lines().filter(|line| line.contains(expected));
        assert_eq!(lines.count(), 1, "{arguments:?}: {}", ran.err);
        if !arguments[0].starts_with("--") {
            assert_eq!(ran.err.lines().count(), 1, "{arguments:?}: {}", ran.err);
        }
    }
}

/// A server that answers every request with this text.
fn fixed_response_server(text: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let length = text.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
            );
        }
    });
    address
}

db_test!(server_metrics_are_part_of_the_report);
async fn server_metrics_are_part_of_the_report(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let monitor = fixed_response_server(
        "savt_db_connections{state=\"in_use\"} 3\nsavt_db_connections{state=\"idle\"} 23\n",
    );
    let monitor = format!("http://{monitor}");
    let options = [
        "--users",
        "2",
        "--duration",
        "2s",
        "--monitor-url",
        &monitor,
    ];
    let (ran, report) = run_load(process.address, &options);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains("targets missed: connections<25 (26)"),
        "{}",
        ran.err
    );
    assert_eq!(report["server"]["connections_max"], 26.0);
    assert_eq!(report["server"]["cache_hits_percent"], Value::Null);
}
