//! Wrong passwords: they are throttled by network, and logged with the address.

use super::{PASSWORD, log_in, post_login, with_password};
use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
    process::Process,
};

db_test!(wrong_passwords_are_throttled);
async fn wrong_passwords_are_throttled(savt: Savt) {
    let savt = with_password(&savt, PASSWORD).await;
    let guesser = savt.person();
    let rejected = post_login(&guesser, "<b>", "/history").await.is(422);
    assert_eq!(rejected.one("#login-reason"), "Wrong password. Try again.");
    assert_eq!(
        rejected.attribute("main input[name=to]", "value"),
        "/history"
    );
    assert!(!rejected.body.contains("<b>") && !rejected.body.contains("&lt;b"));
    guesser.get("").await.is(303);
    // Programs on this machine, and the clients of an untrusted proxy on it, have no limit of their own.
    for _ in 0..52 {
        post_login(&guesser, "wrong", "/").await.is(422);
    }
    log_in(&savt.person()).await;
}

/// The options of a server behind a proxy on this machine, with the password.
const BEHIND_PROXY: [&str; 4] = ["--trusted-proxy", "127.0.0.1", "--password", PASSWORD];

db_test!(guesses_of_one_network_lock_nobody_else_out);
async fn guesses_of_one_network_lock_nobody_else_out(fresh: Fresh) {
    let process = Process::serve_with(&BEHIND_PROXY, fresh.url());
    let mut checked = 0;
    // One attacker with all networks of a /56.
    for n in 0..60 {
        let attacker = process.person();
        let attacker = attacker.forwarded_for(&format!("2001:db8:1:2{n:02x}::1"));
        let answer = post_login(&attacker, "wrong", "/").await;
        match answer.status {
            422 => checked += 1,
            _ => {
                let answer = answer.is(429);
                let wait: u64 = answer.header("retry-after").parse().unwrap();
                assert!((1..=5).contains(&wait), "{wait}");
                let reason = answer.one("#login-reason");
                assert!(reason.starts_with("Too many wrong passwords."), "{reason}");
            }
        }
    }
    assert!((20..60).contains(&checked), "{checked}");
    let office = "203.0.113.7";
    for _ in 0..6 {
        let guesser = process.person().forwarded_for(office);
        post_login(&guesser, "wrong", "/").await;
    }
    let again = process.person().forwarded_for(office);
    post_login(&again, PASSWORD, "/").await.is(429);
    for neighbor in ["2001:db8:2::1", "2001:db8:1:300::1", "203.0.113.8"] {
        log_in(&process.person().forwarded_for(neighbor)).await;
    }
    log_in(&process.person()).await;
}

/// What fail2ban has to look for, as in src/commands/README.md, without its `<ADDR>`.
const FAIL_REGEX: &str = r" savt::login: login failed: (?:wrong password|too many attempts) suppressed=\d+ client=([0-9A-Fa-f.:]+)$";

db_test!(failed_logins_leave_a_line_with_the_address);
async fn failed_logins_leave_a_line_with_the_address(fresh: Fresh) {
    let documented = FAIL_REGEX.replace("([0-9A-Fa-f.:]+)", "<ADDR>");
    let documentation = include_str!("../../../src/commands/README.md");
    assert!(documentation.contains(&documented), "{documented}");
    let process = Process::serve_with(&BEHIND_PROXY, fresh.url());
    for (client, guesses) in [
        ("203.0.113.7", 8),
        ("2001:db8::7", 1),
        ("1.1.1.1, 198.51.100.1", 1),
    ] {
        let guesser = process.person().forwarded_for(client);
        for _ in 0..guesses {
            post_login(&guesser, "Apfelkuchen", "/").await;
        }
    }
    log_in(&process.person().forwarded_for("192.0.2.1")).await;
    post_login(&process.person(), "Apfelkuchen", "/")
        .await
        .is(422);
    let regex = regex::Regex::new(FAIL_REGEX).unwrap();
    let found = |log: &str| -> Vec<String> {
        let lines = log.lines().filter_map(|line| regex.captures(line));
        lines.map(|line| line[1].to_owned()).collect()
    };
    // The log arrives through a pipe.
    for _ in 0..200 {
        if found(&process.log()).contains(&"127.0.0.1".to_owned()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let log = process.log();
    let mut clients = found(&log);
    clients.dedup();
    assert_eq!(
        clients,
        ["203.0.113.7", "2001:db8::7", "198.51.100.1", "127.0.0.1"],
        "{log}"
    );
    let lines = found(&log)
        .iter()
        .filter(|client| *client == "203.0.113.7")
        .count();
    assert!(
        (5..8).contains(&lines),
        "one client gets a few lines: {log}"
    );
    assert!(!log.contains("Apfelkuchen"));
}
