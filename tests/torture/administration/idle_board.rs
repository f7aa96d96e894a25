//! A board on which nothing has changed for years, until somebody perhaps writes to it. `savt boards expire` deletes it, and so does a
//! process with `--expire-boards` that starts.

use std::sync::Arc;

use rand::{RngExt, rngs::StdRng};
use reqwest::{Client, Method};
use serde_json::json;

use super::{
    board_file::BoardFile,
    call::{Called, call},
    command::{Outcome, run},
    files::Files,
    operator_report::OperatorReport,
};
use crate::servers::Addresses;

/// What has to become of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// Somebody wrote to it, and was answered.
    Stays,
    Goes,
    Either,
}

pub struct IdleBoard {
    pub slug: String,
    pub file: Arc<BoardFile>,
    pub fate: Fate,
}

/// Imports a board that is idle, perhaps writes to it, and deletes what is idle.
pub async fn expire(
    url: &str,
    (client, servers): (Client, Addresses),
    file: Arc<BoardFile>,
    files: &Files,
    mut rng: StdRng,
) -> (OperatorReport, Option<IdleBoard>) {
    let mut report = OperatorReport::default();
    let file = Arc::new(file.aged(&files.next()));
    let ran = run(url, &["import", file.arguments(), "--new-address"], None).await;
    report.add(&ran);
    let slug = report.add_copy(&ran, &file);
    // It may go, unlike other copies.
    report.copies.clear();
    let Some(slug) = slug else {
        return (report, None);
    };
    let mut fate = Fate::Goes;
    if rng.random_bool(0.5) {
        let path = format!("/boards/{slug}/participants");
        let body = json!({ "name": "Late" });
        let server = servers.any(&mut rng);
        let joined = call(&client, server, (Method::POST, &path), "", &body).await;
        fate = match joined {
            Called::Done(_) => Fate::Stays,
            Called::Unknown => Fate::Either,
            // A process that started has deleted it.
            Called::Refused(410, _) | Called::Unavailable => Fate::Goes,
            Called::Refused(status, problem) => {
                report
                    .errors
                    .push(format!("idle board {slug}: {status} {problem}"));
                Fate::Either
            }
            Called::Wrong(error) => {
                report.errors.push(error);
                Fate::Either
            }
        };
    }
    let kill_after = rng
        .random_bool(0.3)
        .then(|| std::time::Duration::from_millis(rng.random_range(0..400)));
    let ran = run(
        url,
        &["boards", "expire", "--idle", "365d", "--yes"],
        kill_after,
    )
    .await;
    report.add(&ran);
    if ran.outcome == Outcome::Unknown && fate == Fate::Goes {
        fate = Fate::Either;
    }
    (report, Some(IdleBoard { slug, file, fate }))
}
