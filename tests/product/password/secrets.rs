//! Where the password comes from, and that neither it nor other secrets are told.

use savt::{db::Backend, model::Slug, store};

use super::{PASSWORD, log_in, post_login, session_cookie};
use crate::harness::{
    client::send,
    databases::{Fresh, db_test},
    process::{CommandOutput, Process, program, run},
};

db_test!(the_log_contains_no_secrets);
async fn the_log_contains_no_secrets(fresh: Fresh) {
    let options = ["--password", PASSWORD, "--log", "debug"];
    let process = Process::serve_with(&options, fresh.url());
    let alice = process.person();
    alice.get("").await.is(303);
    post_login(&alice, "Apfelkuchen", "/").await.is(422);
    let session = session_cookie(&post_login(&alice, PASSWORD, "/").await.is(303));
    let session = session.split(['=', ';']).nth(1).unwrap();
    let first = alice.get("").await.is(200);
    let token = first.header("set-cookie")[5..37].to_owned();
    alice.set_name("Alice").await;
    let page = alice.get("/personal-link").await.is(200);
    let link = page.attribute(".address a", "href");
    let key = link.split_once("?key=").unwrap().1;
    let laptop = process.person();
    log_in(&laptop).await;
    let path = format!("/personal-link/open?key={key}");
    send(laptop.get_request(&path)).await.unwrap().is(200);
    let fields = [("key", key)];
    let taken = laptop.post("/personal-link/open", &fields).await;
    taken.is(303);
    laptop
        .post("/personal-link/open", &[("key", "1-2-3")])
        .await
        .is(410);
    let board = store::load(&fresh.open().await, &Slug::main()).await;
    let browsers = board.unwrap().unwrap().rows().browsers;

    let log = process.log();
    assert!(log.contains("/personal-link/open"), "{log}");
    let seal = key.rsplit_once('-').unwrap().1;
    let hashes = browsers.iter().map(|browser| browser.id.as_str());
    for secret in [PASSWORD, "Apfelkuchen", session, &token, key, seal]
        .into_iter()
        .chain(hashes)
    {
        assert!(secret.len() > 10);
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_can_come_from_the_environment_or_a_file() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, format!("\u{feff}{PASSWORD} \r\nmore\n")).unwrap();
    let file = file.to_str().unwrap();
    let process = Process::serve_with(&["--password-file", file], fresh.url());
    log_in(&process.person()).await;

    let help = program(&["serve", "--help"])
        .env("SAVT_PASSWORD", PASSWORD)
        .output();
    let help = CommandOutput::from(help.unwrap()).expect_success();
    assert!(help.contains("SAVT_PASSWORD") && !help.contains(PASSWORD));

    std::fs::write(file, "\n").unwrap();
    for (options, why) in [
        (["--password", ""], "must not be empty"),
        (
            ["--password-file", file],
            "the password in the first line must not be empty",
        ),
        (["--password-file", "/nowhere"], "No such file"),
    ] {
        let serve = ["serve", "--database-url", fresh.url()];
        let ran = run(&[&serve[..], &options].concat());
        assert!(ran.err.contains(why), "{ran:?}");
        assert_ne!(ran.code, Some(0));
    }
}
