//! One virtual program: it joins a board through the JSON API, and does there what the people of the default behaviour do by forms.
//! It keeps no page and no stream: it reads the board again, which costs little while nothing has changed.

use std::{sync::Arc, time::Duration};

use hyper::{
    Method,
    header::{self, HeaderValue},
};
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};

use super::{
    action::Action,
    board::Board,
    body_reader::ReadMode,
    browser::{Browser, Call, RequestSpec, ServerResponse},
    failure::{Failure, FailureKind},
    run_state::RunState,
    schedule::{Schedule, ThinkTime},
};

/// The pause after a failure in a closed model, which would otherwise flood a server that is down.
const FAILURE_BACKOFF: Duration = Duration::from_millis(100);

pub(super) struct Program {
    /// Only its connections: the API sends no cookies.
    client: Browser,
    board: Arc<Board>,
    run: Arc<RunState>,
    think_time: ThinkTime,
    /// The value of `Authorization`; none until it has joined.
    token: Option<HeaderValue>,
    /// The board as it was last read.
    etag: Option<HeaderValue>,
    /// The features that this program has vetoed.
    vetoed: Vec<i64>,
}

impl Program {
    pub(super) fn new(
        client: Browser,
        board: Arc<Board>,
        run: Arc<RunState>,
        think_time: ThinkTime,
    ) -> Program {
        Program {
            client,
            board,
            run,
            think_time,
            token: None,
            etag: None,
            vetoed: Vec::new(),
        }
    }

    /// Acts until the run ends.
    pub(super) async fn run(mut self, begin: Instant) {
        let run = self.run.clone();
        let mut schedule = Schedule::new(self.think_time, begin);
        tokio::select! {
            () = sleep_until(begin) => {}
            () = run.wait_for_end() => return,
        }
        while !run.has_ended() {
            tokio::select! {
                start = schedule.next() => {
                    run.stats().record_start(start);
                    let succeeded = self.act(start.at).await;
                    if !succeeded && self.think_time.is_zero() {
                        sleep(FAILURE_BACKOFF).await;
                    }
                }
                () = run.wait_for_end() => break,
            }
        }
    }

    /// Performs one action, the first of which is to join and to read the board. Returns whether all its requests succeeded.
    async fn act(&mut self, start: Instant) -> bool {
        if self.token.is_none() {
            return self.join(start).await && self.read_board(Instant::now()).await;
        }
        match rand::random_range(0..100) {
            0..65 => self.veto_or_withdraw(start).await,
            65..80 => self.read_board(start).await,
            80..92 => self.suggest(start).await,
            _ => self.add_item(start).await,
        }
    }

    async fn join(&mut self, start: Instant) -> bool {
        let token = |response: &ServerResponse| {
            let joined = created(response)?;
            let token = joined["token"].as_str().unwrap_or_default();
            let value = HeaderValue::try_from(format!("Bearer {token}"));
            match value.ok().filter(|_| !token.is_empty()) {
                Some(value) => Ok(value),
                None => Err(invalid("the response contains no token")),
            }
        };
        let path = "/participants";
        let joined = self.call(Action::Join, start, Method::POST, path, "{}", token);
        self.token = joined.await;
        self.token.is_some()
    }

    /// Reads the board, unless it is as it was at the last time.
    async fn read_board(&mut self, start: Instant) -> bool {
        let known = self.etag.clone();
        let path = self.board.api_path();
        let request =
            RequestSpec::get(&path).header(known.clone().map(|etag| (header::IF_NONE_MATCH, etag)));
        let etag = |response: &ServerResponse| match (response.status.as_u16(), known) {
            (200, _) => {
                let etag = response.headers.get(header::ETAG).cloned();
                etag.ok_or_else(|| invalid("the response has no entity tag"))
            }
            (304, Some(known)) => Ok(known),
            _ => Err(Failure::from_status(response.status)),
        };
        let read = self
            .run
            .measure(Action::Board, start, &self.client, request, etag);
        let Some((_, etag)) = read.await else {
            return false;
        };
        self.etag = Some(etag);
        true
    }

    /// Withdraws one of its vetoes half of the time, if it has any; else vetoes a random feature.
    async fn veto_or_withdraw(&mut self, start: Instant) -> bool {
        let withdrawn = match self.vetoed.is_empty() || rand::random() {
            true => None,
            false => Some(
                self.vetoed
                    .swap_remove(rand::random_range(0..self.vetoed.len())),
            ),
        };
        if let Some(feature) = withdrawn {
            return self.send_veto(Action::WithdrawVeto, feature, start).await;
        }
        // There may be nothing to veto yet.
        let Some(feature) = self.board.random_feature() else {
            return self.suggest(start).await;
        };
        let succeeded = self.send_veto(Action::Veto, feature, start).await;
        if succeeded && !self.vetoed.contains(&feature) {
            self.vetoed.push(feature);
        }
        succeeded
    }

    async fn send_veto(&self, action: Action, feature: i64, start: Instant) -> bool {
        let method = match action {
            Action::WithdrawVeto => Method::DELETE,
            _ => Method::PUT,
        };
        let path = format!("/features/{feature}/veto");
        let done = |response: &ServerResponse| match response.status.as_u16() {
            200 => Ok(()),
            status => {
                if matches!(status, 404 | 410) {
                    self.board.forget_feature(feature);
                }
                Err(Failure::from_status(response.status))
            }
        };
        let sent = self.call(action, start, method, &path, "", done);
        sent.await.is_some()
    }

    async fn suggest(&self, start: Instant) -> bool {
        let body = self.board.feature_json(self.board.random_item());
        let record = |response: &ServerResponse| {
            self.board.add_feature(created_id(response)?);
            Ok(())
        };
        let action = Action::CreateFeature;
        let suggested = self.call(action, start, Method::POST, "/features", &body, record);
        suggested.await.is_some()
    }

    async fn add_item(&self, start: Instant) -> bool {
        let body = self.board.item_json();
        let record = |response: &ServerResponse| {
            self.board.add_item(created_id(response)?);
            Ok(())
        };
        let action = Action::CreateItem;
        let added = self.call(action, start, Method::POST, "/items", &body, record);
        added.await.is_some()
    }

    /// Sends a request for a path below the board, and returns what `validate` makes of the response.
    async fn call<T>(
        &self,
        action: Action,
        start: Instant,
        method: Method,
        path: &str,
        body: &str,
        validate: impl FnOnce(&ServerResponse) -> Result<T, Failure>,
    ) -> Option<T> {
        let path = format!("{}{path}", self.board.api_path());
        let call = Call {
            method,
            token: self.token.clone(),
            body: body.to_owned(),
        };
        let request = RequestSpec::call(&path, call).read(ReadMode::Full);
        let called = self
            .run
            .measure(action, start, &self.client, request, validate);
        called.await.map(|(_, value)| value)
    }
}

/// The new resource in a response.
fn created(response: &ServerResponse) -> Result<Value, Failure> {
    match response.status.as_u16() {
        201 => serde_json::from_str(&response.text).map_err(|error| invalid(error.to_string())),
        _ => Err(Failure::from_status(response.status)),
    }
}

fn created_id(response: &ServerResponse) -> Result<i64, Failure> {
    let id = created(response)?["id"].as_i64();
    id.ok_or_else(|| invalid("the response contains no id"))
}

fn invalid(detail: impl Into<String>) -> Failure {
    Failure::new(FailureKind::InvalidResponse, detail)
}
