//! Runs what the documentation tells people to paste into a shell.

use std::process::{Command, Output};

/// The output of a script, which has to succeed. Every command in it has to succeed too.
pub(super) async fn sh(script: String) -> String {
    let context = script.clone();
    let run = move || {
        Command::new("sh")
            .args(["-eu", "-c", &script])
            .output()
            .unwrap()
    };
    let output: Output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (printed, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{context}\n{printed}\n{errors}");
    printed
}
