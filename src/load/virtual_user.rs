//! One virtual user with a browser: the page it shows, and what it can do there. Does not know when.

use std::sync::Arc;

use futures_util::{FutureExt, future::join_all};
use hyper::header::{self, HeaderValue};
use tokio::{sync::Notify, time::Instant};

use super::{
    action::Action,
    board::{Board, created_id},
    body_reader::ReadMode,
    browser::{Browser, RequestSpec, ServerResponse},
    failure::{Failure, FailureKind},
    html::{self, Shown},
    run_state::RunState,
    screens::ScreenUpdater,
    stream::{StreamSubscriber, StreamSubscription},
};

pub(super) struct VirtualUser {
    browser: Arc<Browser>,
    pub(super) board: Arc<Board>,
    pub(super) run: Arc<RunState>,
    /// What to update with what the stream shows, if anybody wants to know.
    screen: Option<ScreenUpdater>,
    page: Option<Page>,
    subscription: Option<StreamSubscription>,
    /// Notified when the stream asks to reload the page.
    pub(super) reload: Arc<Notify>,
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
        screen: Option<ScreenUpdater>,
    ) -> VirtualUser {
        VirtualUser {
            browser: Arc::new(browser),
            board,
            run,
            screen,
            page: None,
            subscription: None,
            reload: Arc::default(),
            vetoed: Vec::new(),
        }
    }

    /// What a browser does that opens or reloads a page: closes the stream, loads the page and, the first time, its assets, and
    /// opens another stream. Returns whether the page was loaded.
    pub(super) async fn open_page(&mut self, start: Instant) -> bool {
        self.subscription = None;
        let is_first = self.page.is_none();
        let response = self.load_page(start).await;
        if let (true, Some(response)) = (is_first, &response) {
            self.load_assets(&html::assets(&response.text)).await;
        }
        self.subscribe();
        response.is_some()
    }

    /// Whether the stream has asked to reload the page since the last call.
    pub(super) fn takes_reload_request(&self) -> bool {
        self.reload.notified().now_or_never().is_some()
    }

    /// Loads only the page.
    pub(super) async fn load_page(&mut self, start: Instant) -> Option<ServerResponse> {
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
        let (response, shown) = loaded.await?;
        if response.status == 200 {
            let etag = response.headers.get(header::ETAG).cloned();
            if known.is_some_and(|known| known.epoch != shown.epoch) {
                // The ids may belong to other rows now.
                self.vetoed.clear();
            }
            self.page = Some(Page { etag, shown });
        }
        Some(response)
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
                screen: self.screen.clone(),
            };
            self.subscription = Some(subscriber.subscribe(page.shown.clone()));
        }
    }

    /// Withdraws one of its vetoes half of the time, if it has any; else vetoes a random feature. Returns the version of the board
    /// after it; `None` if the request failed.
    pub(super) async fn veto_or_withdraw(&mut self, start: Instant) -> Option<i64> {
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
                let version = self.send_veto(Action::Veto, feature, start).await?;
                self.vetoed.push(feature);
                Some(version)
            }
            // There is nothing to veto yet.
            None => {
                let item = self.board.random_item();
                self.create_feature(start, item).await
            }
        }
    }

    async fn send_veto(&self, action: Action, feature: i64, start: Instant) -> Option<i64> {
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
            require_version(response)
        };
        let sent = self
            .run
            .measure(action, start, &self.browser, request, version);
        let (_, version) = sent.await?;
        self.board
            .delivery()
            .record_response(version, Instant::now());
        Some(version)
    }

    /// Creates an item that others may suggest features for. Returns its id.
    pub(super) async fn create_item(&self, start: Instant) -> Option<i64> {
        let (path, form) = self.board.item_form();
        let request = RequestSpec::post(&path, form).read(ReadMode::Full);
        let record = |response: &ServerResponse| self.board.record_item(response);
        let created = self
            .run
            .measure(Action::CreateItem, start, &self.browser, request, record);
        created.await.map(|(_, item)| item)
    }

    /// Creates an item that nobody suggests features for, so that nothing of it can be vetoed. Returns its id.
    pub(super) async fn create_acceptable_item(&self, start: Instant) -> Option<i64> {
        let (path, form) = self.board.item_form();
        let request = RequestSpec::post(&path, form).read(ReadMode::Full);
        let id = |response: &ServerResponse| created_id(response, "item");
        let created = self
            .run
            .measure(Action::CreateItem, start, &self.browser, request, id);
        created.await.map(|(_, item)| item)
    }

    /// Creates a feature. Returns the version of the board after it.
    pub(super) async fn create_feature(&self, start: Instant, item: Option<i64>) -> Option<i64> {
        let (path, form) = self.board.feature_form(item);
        let request = RequestSpec::post(&path, form).read(ReadMode::Full);
        let record = |response: &ServerResponse| {
            self.board.record_feature(response)?;
            require_version(response)
        };
        let created =
            self.run
                .measure(Action::CreateFeature, start, &self.browser, request, record);
        created.await.map(|(_, version)| version)
    }

    /// Sends a form to a path of the board. Returns the version of the board after it.
    pub(super) async fn send_form(
        &self,
        action: Action,
        path: &str,
        form: String,
        start: Instant,
    ) -> Option<i64> {
        let path = format!("{}{path}", self.board.base);
        let request = RequestSpec::post(&path, form);
        let sent = self
            .run
            .measure(action, start, &self.browser, request, require_version);
        sent.await.map(|(_, version)| version)
    }
}

fn require_ok(response: &ServerResponse) -> Result<(), Failure> {
    match response.status.as_u16() {
        200 => Ok(()),
        _ => Err(Failure::from_status(response.status)),
    }
}

/// The version of the board that a response to a change shows.
fn require_version(response: &ServerResponse) -> Result<i64, Failure> {
    require_ok(response)?;
    let version = response.headers.get("savt-version");
    let version = version.and_then(|version| version.to_str().ok()?.parse().ok());
    version.ok_or_else(|| {
        Failure::new(
            FailureKind::InvalidResponse,
            "the response has no savt-version header",
        )
    })
}
