//! One person at one browser: comes, acts, thinks, and acts again until the run is over.

use std::{sync::Arc, time::Duration};

use clap::ValueEnum;
use futures_util::future::join_all;
use hyper::header::{self, HeaderValue};
use serde::Serialize;
use tokio::{sync::Notify, time::Instant};

use super::{
    action::Action,
    board::Board,
    browser::{Answer, Ask, Browser},
    failure::{Failure, Kind},
    reading::{self, Keep},
    run::Run,
    schedule::{Schedule, Think},
    watch::{Watch, Watcher},
};

/// What people do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Behaviour {
    /// Open the page and follow it; veto, load again, suggest
    #[default]
    Room,
    /// Make an item, suggest a feature, load the page
    Plan,
}

impl Behaviour {
    pub(super) fn name(self) -> &'static str {
        match self {
            Behaviour::Room => "room",
            Behaviour::Plan => "plan",
        }
    }

    /// How long people think if nothing else is said.
    pub fn think(self) -> Think {
        match self {
            Behaviour::Room => Think::between_ms(200, 4_000),
            Behaviour::Plan => Think::between_ms(2_000, 8_000),
        }
    }

    /// How many items are there when the people come.
    pub fn items(self) -> usize {
        match self {
            Behaviour::Room => 20,
            Behaviour::Plan => 0,
        }
    }
}

/// In a closed loop, how long one waits after a failure: a server that is down must not be hammered.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

pub(super) struct Person {
    browser: Arc<Browser>,
    board: Arc<Board>,
    run: Arc<Run>,
    behaviour: Behaviour,
    think: Think,
    page: Option<Page>,
    watch: Option<Watch>,
    reload: Arc<Notify>,
    /// What this person vetoed.
    vetoed: Vec<i64>,
}

/// The page this browser has.
struct Page {
    etag: Option<HeaderValue>,
    version: i64,
}

impl Person {
    pub(super) fn new(
        browser: Browser,
        board: Arc<Board>,
        run: Arc<Run>,
        behaviour: Behaviour,
        think: Think,
    ) -> Person {
        Person {
            browser: Arc::new(browser),
            board,
            run,
            behaviour,
            think,
            page: None,
            watch: None,
            reload: Arc::default(),
            vetoed: Vec::new(),
        }
    }

    /// Plays until the run is over; who gets the person back decides when the stream ends.
    pub(super) async fn play(mut self, begin: Instant) -> Person {
        let run = self.run.clone();
        let mut schedule = Schedule::new(self.think, begin);
        tokio::select! {
            () = tokio::time::sleep_until(begin) => {}
            () = run.over() => return self,
        }
        if self.behaviour == Behaviour::Room {
            self.open(Instant::now()).await;
        }
        while !run.is_over() {
            let reload = self.reload.clone();
            tokio::select! {
                start = schedule.wait() => {
                    run.tally().started(start);
                    let well = self.act(start.at).await;
                    if !well && self.think.is_none() {
                        tokio::time::sleep(AFTER_FAILURE).await;
                    }
                }
                () = reload.notified() => {
                    self.load_again(Instant::now()).await;
                }
                () = run.over() => break,
            }
        }
        self
    }

    /// Whether all went well.
    async fn act(&mut self, start: Instant) -> bool {
        match self.behaviour {
            Behaviour::Plan => {
                let item = self.create_item(start).await;
                let well = self.create_feature(Instant::now(), item).await;
                self.load(Instant::now()).await && well && item.is_some()
            }
            Behaviour::Room => match rand::random_range(0..100) {
                0..65 => self.veto_or_take_back(start).await,
                65..80 => self.load_again(start).await,
                80..92 => {
                    let item = self.board.some_item();
                    self.create_feature(start, item).await
                }
                _ => self.create_item(start).await.is_some(),
            },
        }
    }

    /// The first visit: the page, what belongs to it, and its stream.
    async fn open(&mut self, start: Instant) {
        if !self.load(start).await {
            return;
        }
        self.follow();
    }

    /// What the browser's button does: the stream ends, the page comes again, another stream begins.
    async fn load_again(&mut self, start: Instant) -> bool {
        self.watch = None;
        let well = self.load(start).await;
        self.follow();
        well
    }

    /// Loads the page and, the first time, its files.
    async fn load(&mut self, start: Instant) -> bool {
        let home = self.board.home();
        let etag = self.page.as_ref().and_then(|page| page.etag.clone());
        let ask = Ask::get(&home)
            .keep(Keep::Head)
            .header(etag.map(|etag| (header::IF_NONE_MATCH, etag)));
        let known = self.page.as_ref().map(|page| page.version);
        let shows = |answer: &Answer| match (answer.status.as_u16(), known) {
            (200, _) => reading::version(&answer.text)
                .ok_or_else(|| Failure::new(Kind::Senseless, "not the page of a board")),
            (304, Some(known)) => Ok(known),
            _ => Err(Failure::of_status(answer.status)),
        };
        let run = self.run.clone();
        let loaded = run.measure(Action::Page, start, &self.browser, ask, shows);
        let Some((answer, version)) = loaded.await else {
            return false;
        };
        let first = self.page.is_none();
        if answer.status == 200 {
            let etag = answer.headers.get(header::ETAG).cloned();
            self.page = Some(Page { etag, version });
        }
        if first && self.behaviour == Behaviour::Room {
            self.fetch(&reading::assets(&answer.text)).await;
        }
        true
    }

    /// Fetches files side by side.
    async fn fetch(&self, paths: &[String]) {
        let fetched = paths.iter().map(|path| {
            let ask = Ask::get(path);
            self.run
                .measure(Action::Asset, Instant::now(), &self.browser, ask, ok)
        });
        join_all(fetched).await;
    }

    fn follow(&mut self) {
        if let Some(page) = &self.page {
            let watcher = Watcher {
                browser: self.browser.clone(),
                board: self.board.clone(),
                run: self.run.clone(),
                reload: self.reload.clone(),
            };
            self.watch = Some(watcher.start(page.version));
        }
    }

    /// Every other time, if there is one to take back.
    async fn veto_or_take_back(&mut self, start: Instant) -> bool {
        if !self.vetoed.is_empty() && rand::random() {
            let place = rand::random_range(0..self.vetoed.len());
            let feature = self.vetoed.swap_remove(place);
            return self.decide(Action::TakeBack, feature, start).await;
        }
        let vetoed = |feature: &i64| self.vetoed.contains(feature);
        match self.board.some_feature() {
            // Nobody vetoes twice.
            Some(feature) if vetoed(&feature) => {
                self.vetoed.retain(|vetoed| *vetoed != feature);
                self.decide(Action::TakeBack, feature, start).await
            }
            Some(feature) => {
                let well = self.decide(Action::Veto, feature, start).await;
                if well {
                    self.vetoed.push(feature);
                }
                well
            }
            // Nothing to veto yet.
            None => {
                let item = self.board.some_item();
                self.create_feature(start, item).await
            }
        }
    }

    async fn decide(&self, action: Action, feature: i64, start: Instant) -> bool {
        let what = match action {
            Action::TakeBack => "unveto",
            _ => "veto",
        };
        let path = format!("{}/features/{feature}/{what}", self.board.base);
        let ask = Ask::post(&path, String::new());
        let granted = |answer: &Answer| {
            if matches!(answer.status.as_u16(), 404 | 410) {
                self.board.forget_feature(feature);
            }
            ok(answer)?;
            let version = answer.headers.get("savt-version");
            let version = version.and_then(|version| version.to_str().ok()?.parse().ok());
            version.ok_or_else(|| Failure::new(Kind::Senseless, "no savt-version in the answer"))
        };
        let done = self.run.measure(action, start, &self.browser, ask, granted);
        let Some((_, version)) = done.await else {
            return false;
        };
        self.board.shown().answer(version, Instant::now());
        true
    }

    async fn create_item(&self, start: Instant) -> Option<i64> {
        let (path, form) = self.board.new_item();
        let ask = Ask::post(&path, form).keep(Keep::All);
        let made = |answer: &Answer| self.board.made_item(answer);
        let done = self
            .run
            .measure(Action::Item, start, &self.browser, ask, made);
        done.await.map(|(_, item)| item)
    }

    async fn create_feature(&self, start: Instant, item: Option<i64>) -> bool {
        let (path, form) = self.board.new_feature(item);
        let ask = Ask::post(&path, form).keep(Keep::All);
        let made = |answer: &Answer| self.board.made_feature(answer);
        let done = self
            .run
            .measure(Action::Feature, start, &self.browser, ask, made);
        done.await.is_some()
    }
}

fn ok(answer: &Answer) -> Result<(), Failure> {
    match answer.status.as_u16() {
        200 => Ok(()),
        _ => Err(Failure::of_status(answer.status)),
    }
}
