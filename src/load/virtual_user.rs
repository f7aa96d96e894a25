//! One virtual user with a browser: starts, acts, thinks, and acts again until the run ends.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use hyper::header::{self, HeaderValue};
use tokio::{sync::Notify, time::Instant};

use super::{
    action::Action,
    behaviour::Behaviour,
    board::Board,
    body_reader::ReadMode,
    browser::{Browser, RequestSpec, ServerResponse},
    failure::{Failure, FailureKind},
    html::{self, Shown},
    run_state::RunState,
    schedule::{Schedule, ThinkTime},
    stream::{StreamSubscriber, StreamSubscription},
};

/// The pause after a failure in a closed model, which would otherwise flood a server that is down.
const FAILURE_BACKOFF: Duration = Duration::from_millis(100);

pub(super) struct VirtualUser {
    browser: Arc<Browser>,
    board: Arc<Board>,
    run: Arc<RunState>,
    behaviour: Behaviour,
    think_time: ThinkTime,
    page: Option<Page>,
    subscription: Option<StreamSubscription>,
    /// Notified when the stream asks to reload the page.
    reload: Arc<Notify>,
    /// The features that this user has vetoed.
    vetoed: Vec<i64>,
}

/// The page that the browser shows.
struct Page {
    etag: Option<HeaderValue>,
    shown: Shown,
}

impl VirtualUser {
    pub(super) fn new(
        browser: Browser,
        board: Arc<Board>,
        run: Arc<RunState>,
        behaviour: Behaviour,
        think_time: ThinkTime,
    ) -> VirtualUser {
        VirtualUser {
            browser: Arc::new(browser),
            board,
            run,
            behaviour,
            think_time,
            page: None,
            subscription: None,
            reload: Arc::default(),
            vetoed: Vec::new(),
        }
    }

    /// Acts until the run ends. Returns the user, whose stream stays open until it is dropped.
    pub(super) async fn run(mut self, begin: Instant) -> VirtualUser {
        let run = self.run.clone();
        let mut schedule = Schedule::new(self.think_time, begin);
        tokio::select! {
            () = tokio::time::sleep_until(begin) => {}
            () = run.wait_for_end() => return self,
        }
        if self.behaviour == Behaviour::Room && self.load_page(Instant::now()).await {
            self.subscribe();
        }
        while !run.has_ended() {
            let reload = self.reload.clone();
            tokio::select! {
                start = schedule.next() => {
                    run.stats().record_start(start);
                    let succeeded = self.act(start.at).await;
                    if !succeeded && self.think_time.is_zero() {
                        tokio::time::sleep(FAILURE_BACKOFF).await;
                    }
                }
                () = reload.notified() => {
                    self.reload_page(Instant::now()).await;
                }
                () = run.wait_for_end() => break,
            }
        }
        self
    }

    /// Performs one action. Returns whether all its requests succeeded.
    async fn act(&mut self, start: Instant) -> bool {
        match self.behaviour {
            Behaviour::Plan => {
                let item = self.create_item(start).await;
                let has_feature = self.create_feature(Instant::now(), item).await;
                self.load_page(Instant::now()).await && has_feature && item.is_some()
            }
            // Programs are no users of pages.
            Behaviour::Room | Behaviour::Api => match rand::random_range(0..100) {
                0..65 => self.veto_or_withdraw(start).await,
                65..80 => self.reload_page(start).await,
                80..92 => {
                    let item = self.board.random_item();
                    self.create_feature(start, item).await
                }
                _ => self.create_item(start).await.is_some(),
            },
        }
    }

    /// What the reload button of a browser does: closes the stream, loads the page, opens another stream.
    async fn reload_page(&mut self, start: Instant) -> bool {
        self.subscription = None;
        let succeeded = self.load_page(start).await;
        self.subscribe();
        succeeded
    }

    /// Loads the page and, the first time, its assets.
    async fn load_page(&mut self, start: Instant) -> bool {
        let path = self.board.path();
        let etag = self.page.as_ref().and_then(|page| page.etag.clone());
        let request = RequestSpec::get(&path)
            .read(ReadMode::Head)
            .header(etag.map(|etag| (header::IF_NONE_MATCH, etag)));
        let known = self.page.as_ref().map(|page| page.shown.clone());
        let shown = |response: &ServerResponse| {
            let is_no_board =
                || Failure::new(FailureKind::InvalidResponse, "not the page of a board");
            match (response.status.as_u16(), &known) {
                (200, _) => html::shown(&response.text).ok_or_else(is_no_board),
                (304, Some(shown)) => Ok(shown.clone()),
                _ => Err(Failure::from_status(response.status)),
            }
        };
        let run = self.run.clone();
        let loaded = run.measure(Action::Page, start, &self.browser, request, shown);
        let Some((response, shown)) = loaded.await else {
            return false;
        };
        let is_first = self.page.is_none();
        if response.status == 200 {
            let etag = response.headers.get(header::ETAG).cloned();
            if known.is_some_and(|known| known.epoch != shown.epoch) {
                // The ids may belong to other rows now.
                self.vetoed.clear();
            }
            self.page = Some(Page { etag, shown });
        }
        if is_first && self.behaviour == Behaviour::Room {
            self.load_assets(&html::assets(&response.text)).await;
        }
        true
    }

    /// Loads assets concurrently.
    async fn load_assets(&self, paths: &[String]) {
        let requests = paths.iter().map(|path| {
            let request = RequestSpec::get(path);
            let now = Instant::now();
            self.run
                .measure(Action::Asset, now, &self.browser, request, require_ok)
        });
        join_all(requests).await;
    }

    fn subscribe(&mut self) {
        if let Some(page) = &self.page {
            let subscriber = StreamSubscriber {
                browser: self.browser.clone(),
                board: self.board.clone(),
                run: self.run.clone(),
                reload: self.reload.clone(),
            };
            self.subscription = Some(subscriber.subscribe(page.shown.clone()));
        }
    }

    /// Withdraws one of its vetoes half of the time, if it has any; else vetoes a random feature.
    async fn veto_or_withdraw(&mut self, start: Instant) -> bool {
        if !self.vetoed.is_empty() && rand::random() {
            let index = rand::random_range(0..self.vetoed.len());
            let feature = self.vetoed.swap_remove(index);
            return self.send_veto(Action::WithdrawVeto, feature, start).await;
        }
        match self.board.random_feature() {
            // A participant can veto a feature only once.
            Some(feature) if self.vetoed.contains(&feature) => {
                self.vetoed.retain(|vetoed| *vetoed != feature);
                self.send_veto(Action::WithdrawVeto, feature, start).await
            }
            Some(feature) => {
                let succeeded = self.send_veto(Action::Veto, feature, start).await;
                if succeeded {
                    self.vetoed.push(feature);
                }
                succeeded
            }
            // There is nothing to veto yet.
            None => {
                let item = self.board.random_item();
                self.create_feature(start, item).await
            }
        }
    }

    async fn send_veto(&self, action: Action, feature: i64, start: Instant) -> bool {
        let verb = match action {
            Action::WithdrawVeto => "unveto",
            _ => "veto",
        };
        let path = format!("{}/features/{feature}/{verb}", self.board.base);
        let request = RequestSpec::post(&path, String::new());
        let version = |response: &ServerResponse| {
            if matches!(response.status.as_u16(), 404 | 410) {
                self.board.forget_feature(feature);
            }
            require_ok(response)?;
            let version = response.headers.get("savt-version");
            let version = version.and_then(|version| version.to_str().ok()?.parse().ok());
            version.ok_or_else(|| {
                Failure::new(
                    FailureKind::InvalidResponse,
                    "the response has no savt-version header",
                )
            })
        };
        let sent = self
            .run
            .measure(action, start, &self.browser, request, version);
        let Some((_, version)) = sent.await else {
            return false;
        };
        self.board
            .delivery()
            .record_response(version, Instant::now());
        true
    }

    async fn create_item(&self, start: Instant) -> Option<i64> {
        let (path, form) = self.board.item_form();
        let request = RequestSpec::post(&path, form).read(ReadMode::Full);
        let record = |response: &ServerResponse| self.board.record_item(response);
        let created = self
            .run
            .measure(Action::CreateItem, start, &self.browser, request, record);
        created.await.map(|(_, item)| item)
    }

    async fn create_feature(&self, start: Instant, item: Option<i64>) -> bool {
        let (path, form) = self.board.feature_form(item);
        let request = RequestSpec::post(&path, form).read(ReadMode::Full);
        let record = |response: &ServerResponse| self.board.record_feature(response);
        let created =
            self.run
                .measure(Action::CreateFeature, start, &self.browser, request, record);
        created.await.is_some()
    }
}

fn require_ok(response: &ServerResponse) -> Result<(), Failure> {
    match response.status.as_u16() {
        200 => Ok(()),
        _ => Err(Failure::from_status(response.status)),
    }
}
