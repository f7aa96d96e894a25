//! What is there after a round, on all processes, compared with what people and commands were told.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::Client;
use savt::{
    db::{Database, Settings},
    model::{Board, Slug},
    store,
};

use super::{
    board_file::BoardFile,
    command::{Outcome, run},
    comparison::Found,
    files::Files,
    idle_board::{Fate, IdleBoard},
    operator_report::Copy,
};
use crate::harness::{client::TestClient, page::BoardContent};

/// The longest time until a process finds out what another one has done, on a busy machine. A process on PostgreSQL that missed a
/// notification, because the one that sends it was killed, compares its boards with the database every 30 seconds.
const TIMEOUT: Duration = Duration::from_secs(60);

pub struct Inspection {
    pub(super) url: String,
    pub(super) database: Database,
    pub(super) servers: Vec<SocketAddr>,
    pub(super) client: Client,
    pub(super) files: Arc<Files>,
    /// Acknowledged changes that are missing.
    pub lost: u64,
    pub errors: Vec<String>,
}

impl Inspection {
    pub async fn begin(
        url: &str,
        servers: Vec<SocketAddr>,
        client: Client,
        files: Arc<Files>,
    ) -> Inspection {
        let settings = Settings::new(url.parse().unwrap());
        Inspection {
            url: url.to_owned(),
            database: Database::open(&settings).await.unwrap(),
            servers,
            client,
            files,
            lost: 0,
            errors: Vec::new(),
        }
    }

    /// Inspects a board that nobody has written to since it was imported. An idle one may have been deleted.
    pub async fn copy(&mut self, copy: &Copy) {
        if let Some(found) = self.find(&copy.slug).await {
            let (file, same) = (&copy.file, &found.file);
            if file.kept_header() != same.kept_header() || file.events != same.events {
                let file = file.path.display();
                let error = format!("board {} differs from the file {file}", copy.slug);
                self.errors.push(error);
            }
            self.pages(&copy.slug, &[], &found.board).await;
        }
    }

    /// Inspects a board that was idle; returns whether it is there.
    pub async fn idle(&mut self, idle: &IdleBoard) -> bool {
        let slug = Slug::parse(&idle.slug).unwrap();
        let exists = store::stored_board(&self.database, &slug).await;
        let exists = exists.unwrap().is_some();
        match (exists, idle.fate) {
            (true, Fate::Goes) | (false, Fate::Stays) => {
                let (slug, fate) = (&idle.slug, idle.fate);
                let error = format!("idle board {slug}: {fate:?}, but exists: {exists}");
                self.errors.push(error);
            }
            (false, _) => self.deleted(&idle.slug).await,
            (true, _) => {
                if let Some(found) = self.find(&idle.slug).await
                    && !found.file.events.starts_with(&idle.file.events)
                {
                    let error = format!("idle board {}: its log was changed", idle.slug);
                    self.errors.push(error);
                }
            }
        }
        exists
    }

    /// Asserts that each process says that a board was deleted.
    pub async fn deleted(&mut self, slug: &str) {
        for server in self.servers.clone() {
            let person = TestClient::at(server);
            let board = person.on_board(&format!("/b/{slug}"));
            let gone = eventually(async || board.get("").await.status == 410).await;
            let api = person.get_request(&format!("/api/v1/boards/{slug}"));
            let api = api.send().await.map(|answer| answer.status().as_u16());
            if !gone || !matches!(api, Ok(410)) {
                let status = board.get("").await.status;
                let error = format!("deleted board {slug}: {status} at {server}, API {api:?}");
                self.errors.push(error);
            }
        }
    }

    /// Compares what exists with the boards that should. A board more may be what an interrupted import left whole; returns these.
    pub async fn all_boards(
        &mut self,
        known: &BTreeSet<String>,
        uncertain: &[Arc<BoardFile>],
    ) -> Vec<Copy> {
        let slugs = store::board_slugs(&self.database).await.unwrap();
        let slugs: BTreeSet<String> = slugs.iter().map(|slug| slug.as_str().to_owned()).collect();
        for lost in known.difference(&slugs) {
            self.errors.push(format!("board {lost} is lost"));
        }
        let mut adopted = Vec::new();
        for slug in slugs.difference(known) {
            if slug == Slug::main().as_str() {
                continue;
            }
            let found = self.find(slug).await;
            let file = found.and_then(|found| {
                let mut files = uncertain.iter();
                files.find(|file| file.events == found.file.events)
            });
            match file {
                Some(file) => adopted.push(Copy {
                    slug: slug.clone(),
                    file: file.clone(),
                }),
                None => self.errors.push(format!("nobody made the board {slug}")),
            }
        }
        let list = run(&self.url, &["boards", "list", "--json"], None).await;
        let listed: serde_json::Value = serde_json::from_str(&list.out).unwrap_or_default();
        let listed = listed.as_array().into_iter().flatten();
        let listed = listed.filter_map(|board| board["slug"].as_str().map(str::to_owned));
        if listed.collect::<BTreeSet<_>>() != slugs {
            self.errors.push(format!("not {slugs:?}: {}", list.out));
        }
        adopted
    }

    /// A board in its idle state: stored, and exported.
    pub(super) async fn find(&mut self, slug: &str) -> Option<Found> {
        let path = self.files.next();
        let export = ["export", slug, path.to_str().unwrap()];
        let ran = run(&self.url, &export, None).await;
        let file = BoardFile::read(&path);
        let loaded = store::load(&self.database, &Slug::parse(slug).unwrap()).await;
        match (ran.outcome, file, loaded.unwrap()) {
            (Outcome::Done, Some(file), Some(board)) => {
                let log = store::events_after(&self.database, board.id, 0, usize::MAX).await;
                let log = log.unwrap().unwrap();
                Some(Found { board, log, file })
            }
            _ => {
                self.errors.push(format!("board {slug}: {}", ran.text()));
                None
            }
        }
    }

    /// Compares the pages of each process with the tables.
    pub(super) async fn pages(&mut self, slug: &str, texts: &[String], board: &Board) {
        for server in self.servers.clone() {
            let person = TestClient::at(server).on_board(&format!("/b/{slug}"));
            // Loaded each time: a change whose answer was lost may still come.
            let is_equal = eventually(async || {
                let board = store::load(&self.database, &board.slug).await.unwrap();
                let Some(board) = board else {
                    return false;
                };
                let answer = person.get("").await;
                if answer.status != 200 {
                    return false;
                }
                let page = answer.page();
                page.version == board.version() && page.shown == BoardContent::from_board(&board)
            })
            .await;
            if !is_equal {
                let answer = person.get("").await;
                let error = format!(
                    "board {slug}: the page of {server} ({}) differs from the tables at version {}",
                    answer.status,
                    board.version()
                );
                self.errors.push(error);
            }
            for path in ["", "/history", "/result", "/history.atom", "/export.json"] {
                let shown = person.get(path).await.body;
                for text in texts.iter().filter(|text| shown.contains(text.as_str())) {
                    let error = format!("board {slug}: {server} shows {text} on {path}");
                    self.errors.push(error);
                }
            }
        }
    }
}

/// Whether something becomes true in time.
pub async fn eventually(is_true: impl AsyncFn() -> bool) -> bool {
    let begin = Instant::now();
    loop {
        if is_true().await {
            return true;
        }
        if begin.elapsed() > TIMEOUT {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
