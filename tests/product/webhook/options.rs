//! The options: a wrong one stops the start with one line, which contains no secret.

use std::fs;

use savt::db::Backend;
use tempfile::TempDir;

use super::SECRET;
use crate::harness::{
    databases::Fresh,
    process::{CommandOutput, program},
};

const URL: &str = "https://chat.example/hooks/Zk9pW";

/// Files with secrets: a good one, a bad one, an empty one.
fn files() -> (TempDir, [String; 3]) {
    let folder = tempfile::tempdir().unwrap();
    let files = [("good", SECRET), ("bad", "whsec_Zk9pW"), ("empty", "\n")];
    let files = files.map(|(name, text)| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        file.display().to_string()
    });
    (folder, files)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_option_stops_the_start_without_repeating_a_secret() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let (_folder, [good, bad, empty]) = files();
    let secret = |file: &str| ["--webhook-secret-file".to_owned(), file.to_owned()].to_vec();
    let all = |parts: &[&str]| {
        parts
            .iter()
            .map(|part| (*part).to_owned())
            .collect::<Vec<_>>()
    };
    let other = "https://other.example/Zk9pW";
    for (options, expected) in [
        (all(&["--webhook", URL]), "--webhook-secret-file"),
        (
            [all(&["--webhook", "chat.example/Zk9pW"]), secret(&good)].concat(),
            "https://",
        ),
        (
            [
                all(&["--webhook", "http://chat.example/Zk9pW"]),
                secret(&good),
            ]
            .concat(),
            "--webhook-allow-private",
        ),
        (
            [
                all(&["--webhook", "https://u:Zk9pW@chat.example/"]),
                secret(&good),
            ]
            .concat(),
            "user name",
        ),
        ([all(&["--webhook", URL]), secret(&bad)].concat(), "bad"),
        (
            [all(&["--webhook", URL]), secret(&empty)].concat(),
            "no secret",
        ),
        (
            [all(&["--webhook", URL]), secret("/no/such/file")].concat(),
            "/no/such/file",
        ),
        (
            [all(&["--webhook", URL, "--webhook", URL]), secret(&good)].concat(),
            "URL 2: it is the same",
        ),
        (
            all(&[
                "--webhook",
                URL,
                "--webhook",
                other,
                "--webhook-format",
                "text,text,text",
            ]),
            "--webhook-format: is given 3 times for 2 endpoints",
        ),
        (
            all(&[
                "--webhook",
                URL,
                "--webhook-format",
                "text",
                "--webhook-events",
                "vetos",
            ]),
            "vetos",
        ),
        (
            all(&["--webhook", URL, "--webhook-format", "xml"]),
            "json, text",
        ),
        (
            all(&[
                "--webhook-format",
                "text",
                "--webhook-language",
                "fr",
                "--webhook",
                URL,
            ]),
            "en, de",
        ),
    ] {
        let mut command = program(&["serve", "--database-url", fresh.url()]);
        command.args(["--listen", "127.0.0.1:0"]).args(&options);
        let output = CommandOutput::from(command.output().unwrap());
        assert!(
            matches!(output.code, Some(1 | 2)),
            "{options:?}: {output:?}"
        );
        assert!(output.err.contains(expected), "{options:?}: {}", output.err);
        assert!(!output.err.contains("Zk9pW"), "{options:?}: {}", output.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_names_several_endpoints() {
    let mut command = program(&["webhook", "test"]);
    command.env("SAVT_WEBHOOK_FORMAT", "text,text");
    command.env("SAVT_WEBHOOK_EVENTS", "vetoed,decision.* *");
    // An address that is refused before anything is sent.
    command.env(
        "SAVT_WEBHOOK",
        " https://[::1]/x  https://127.0.0.1/Zk9pW\n",
    );
    let output = CommandOutput::from(command.output().unwrap());
    assert_eq!(output.code, Some(1));
    let lines: Vec<_> = output.out.lines().collect();
    assert_eq!(lines.len(), 2, "{output:?}");
    assert!(lines[0].contains("[::1]  text  failed: the host has an address that is not public"));
    assert!(lines[1].contains("127.0.0.1  text  failed"));
    assert!(!format!("{output:?}").contains("Zk9pW"));
}
