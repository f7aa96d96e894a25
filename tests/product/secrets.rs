//! No secret of the command line or the environment appears in any output: no part of the user information of a URL, and no
//! password.

use std::fs;

use proptest::prelude::*;
use savt::{
    db::{Database, Environment, Settings, Url},
    web::Password,
};

use crate::harness::{
    postgres::Cluster,
    process::{CommandOutput, program},
};

/// Pieces of a user name and of a password. Nothing else contains them.
const USER: &str = "Qm7uX";
const SECRET: &str = "Zk9pW";

#[track_caller]
fn assert_hidden(text: &str, context: &str) {
    for piece in [USER, SECRET] {
        assert!(!text.contains(piece), "{context}: {text}");
    }
}

/// A password of marked pieces with characters in between that must be encoded, but are not.
fn password() -> impl Strategy<Value = String> {
    let separator = prop::sample::select(vec![
        "#", "/", "?", "@", "%", "%4", "%zz", "%40", ":", "&", "=", "[", "]", ",", "//", "://",
        " ", "ä", "1/", "2?",
    ]);
    prop::collection::vec(separator, 0..4).prop_map(|separators| {
        let mut text = SECRET.to_owned();
        for separator in separators {
            text += separator;
            text += SECRET;
        }
        text
    })
}

fn mistyped_url() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(vec![
        "postgres://",
        "postgresql://",
        "postgress://",
        "Postgres://",
        "postgres:/",
        "postgres:",
        "mysql://",
        "sqlite://",
        "sqlite:",
        "sqlite:postgres://",
        "",
        " postgres://",
        "https://",
    ]);
    let user = prop::sample::select(vec!["Qm7uX", "Qm7uX%40x", "Qm7uX.x", "Qm7uX-Qm7uX"]);
    let rest = prop::sample::select(vec![
        "127.0.0.1:1/d",
        "[::1]:1/d",
        "127.0.0.1:1,127.0.0.1:2/d",
        "/d?host=/nowhere",
        "h:x/d",
        "h:0/d",
        "[::1/d",
        "::1/d",
        "",
        "/",
        ",/d",
        "h/savt.db",
        "127.0.0.1:1/d?pgbouncer=true",
        "h/d?x",
        "h/d?&&=&",
        "h/d?sslmode=maybe",
        "h/d?connect_timeout=soon",
        "h/d?port=1,2,3",
        "h/d?sslcert=c",
        "%00/d",
        "127.0.0.1:1/d?sslmode=require&sslrootcert=/no/such",
    ]);
    (scheme, user, password(), rest)
        .prop_map(|(scheme, user, password, rest)| format!("{scheme}{user}:{password}@{rest}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn no_message_about_a_url_contains_its_user_information(text in mistyped_url()) {
        match Url::parse(&text, &Environment::default()) {
            Ok(url) => {
                let shown = format!("{url} {url:?} {:?} {:?}", url.postgres_conninfo(), Settings::new(url.clone()));
                assert_hidden(&shown, &text);
            }
            Err(error) => {
                assert_hidden(&format!("{error} {error:?}"), &text);
                prop_assert!(!error.to_string().contains('\n'), "{}", error);
            }
        }
    }
}

/// URLs that fail in different ways, each with both pieces in it.
const REJECTED: [&str; 9] = [
    "postgres://Qm7uX:Zk9pW@127.0.0.1:1/savt?pgbouncer=true",
    "postgres://Qm7uX:Zk9pW#Zk9pW@127.0.0.1:1/savt",
    "postgress://Qm7uX:Zk9pW@db/savt",
    "postgres://Qm7uX:Zk9pW@Zk9pW/w0rd@db/savt",
    "postgres://Qm7uX:Zk9pW/Zk9pW?Zk9pW@127.0.0.1:1/savt",
    "sqlite://Qm7uX:Zk9pW@db/savt.db",
    "postgres:Qm7uX:Zk9pW@db/savt.db",
    "postgres://Qm7uX:Zk9pW@127.0.0.1:1/savt?Zk9pW=1",
    "http://Qm7uX:Zk9pW@127.0.0.1:1",
];

fn assert_rejected_and_hidden(environment: &[(&str, &str)], arguments: &[&str]) {
    let mut command = program(arguments);
    command
        .env("SAVT_LOG", "trace")
        .env("SAVT_DB_START_WAIT", "0");
    command.envs(environment.iter().copied());
    let ran = CommandOutput::from(command.output().unwrap());
    let context = format!("{environment:?} {arguments:?}");
    assert!(ran.code.is_some_and(|code| code != 0), "{context}: {ran:?}");
    assert!(!ran.err.contains("panicked"), "{context}: {ran:?}");
    assert_hidden(&format!("{} {}", ran.out, ran.err), &context);
}

#[test]
fn no_command_prints_a_rejected_url() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    let path = file.to_str().unwrap();
    let nowhere = folder.path().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    for (number, url) in REJECTED.into_iter().enumerate() {
        fs::write(&file, url).unwrap();
        let option = ["--database-url", url];
        let serve = ["serve", "--listen", "127.0.0.1:0"];
        assert_rejected_and_hidden(&[("DATABASE_URL", url)], &serve);
        assert_rejected_and_hidden(&[], &[&serve, &option[..]].concat());
        assert_rejected_and_hidden(&[("DATABASE_URL_FILE", path)], &["check"]);
        // Mistakes on the command line, one for each URL.
        let wrong: &[&str] = match number {
            0 => &["migrate", url],
            1 => &[url],
            2 => &["serve", "--listen", url],
            3 => &["seed", "--items", url],
            4 => &["serve", "--trusted-proxy", url],
            5 => &["load", url],
            6 => &["healthcheck", "--url", url],
            7 => &["load", "--duration", url],
            _ => &["load", "--url", url],
        };
        assert_rejected_and_hidden(&[], wrong);
        assert_rejected_and_hidden(&[("DATABASE_URL", url)], &["backup", nowhere]);
        assert_rejected_and_hidden(&[("DATABASE_URL", url)], &["restore", path]);
        assert_rejected_and_hidden(&[("SAVT_HEALTHCHECK_URL", url)], &["healthcheck"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_of_the_server_reveals_the_user() {
    let url = Cluster::shared()
        .url("postgres")
        .replace("user=savt", &format!("user={USER}&password={SECRET}"));
    assert_rejected_and_hidden(&[("DATABASE_URL", &url)], &["migrate"]);
    let error = Database::open(&Settings::new(url.parse().unwrap()))
        .await
        .err()
        .unwrap();
    assert_hidden(&format!("{error} {error:?}"), &url);
}

#[test]
fn no_command_prints_a_password() {
    let empty = tempfile::NamedTempFile::new().unwrap();
    let empty = empty.path().to_str().unwrap();
    for arguments in [
        &["serve", "--password", SECRET, SECRET][..],
        &["serve", "--password", SECRET, "--password-file", empty],
        &["serve", "--pasword", SECRET],
        &["serve", "--password", "-Zk9pW", "--listen", "nowhere"],
        &["serve", "--password", SECRET, "--database-url", "x"],
        &["serve", "-Zk9pW"],
        &["serve", "--db-connections", "x@Zk9pW"],
    ] {
        assert_rejected_and_hidden(&[], arguments);
    }
    let ran = CommandOutput::from(program(&["serve", "--password", ""]).output().unwrap());
    assert!(
        ran.code == Some(1) && ran.err.contains("--password"),
        "{ran:?}"
    );
    let password: Password = SECRET.parse().unwrap();
    assert_hidden(&format!("{password:?}"), "Debug");
}
