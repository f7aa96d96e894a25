//! A load test that is interrupted, or loses its server, prints what it has.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{
    databases::{Fresh, db_test},
    process::{CommandOutput, Process, program as savt_program},
};

/// Starts a long load test and waits until it is running.
fn start_load(process: &Process) -> (Child, impl Read + use<>) {
    let url = format!("http://{}", process.address);
    let options = [
        "load",
        &url,
        "--users",
        "5",
        "--duration",
        "60s",
        "--ramp",
        "0",
    ];
    let mut command = savt_program(&options);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut progress = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    progress.read_line(&mut line).unwrap();
    assert!(line.contains("5 users"), "{line}");
    (child, progress)
}

fn interrupt(child: &Child) {
    send(child, Signal::INT);
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

db_test!(ctrl_c_prints_the_results_so_far);
async fn ctrl_c_prints_the_results_so_far(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let (child, _progress) = start_load(&process);
    interrupt(&child);
    let ran = CommandOutput::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("interrupted"), "{}", ran.out);
    assert!(ran.out.contains("p95<1500ms"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn sigquit_prints_the_results_so_far_and_a_hangup_is_ignored() {
    let fresh = Fresh::migrated(savt::db::Backend::Sqlite).await;
    let process = Process::serve(fresh.url());
    let (child, _progress) = start_load(&process);
    send(&child, Signal::HUP);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    send(&child, Signal::QUIT);
    let ran = CommandOutput::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("interrupted"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_server_is_reported_by_kind_of_failure() {
    let fresh = Fresh::migrated(savt::db::Backend::Sqlite).await;
    let process = Process::serve(fresh.url());
    let (child, _progress) = start_load(&process);
    process.kill();
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    interrupt(&child);
    let ran = CommandOutput::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    for kind in ["refused", "stream lost"] {
        assert!(ran.out.contains(kind), "{kind}: {}", ran.out);
    }
}
