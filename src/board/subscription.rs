//! What happens on a board, as one browser hears it: first what it missed, then each step as it comes. Ready to be sent.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use tokio::sync::broadcast::{self, error::RecvError};

use super::{LiveBoard, feed::News, live::Missed, presence::Place};
use crate::{
    figures::Counted,
    model::Token,
    view::{Language, stream},
};

/// One browser's ear at a board; it counts as somebody who is here.
pub struct Subscription {
    live: Arc<LiveBoard>,
    browser: Token,
    language: Language,
    /// What is to be said before anything else.
    first: VecDeque<Bytes>,
    /// The number of the last event the browser has.
    position: i64,
    news: broadcast::Receiver<News>,
    _here: Place,
    _open: Counted,
}

impl Subscription {
    /// Begins to listen, for a browser that has all up to the event `since`, or all there is now.
    pub(super) async fn open(
        live: Arc<LiveBoard>,
        browser: Token,
        language: Language,
        since: Option<i64>,
    ) -> Subscription {
        // Listens before it reads, so that nothing gets lost in between.
        let news = live.feed.subscribe();
        let mut snapshot = live.read().await;
        if since.is_some_and(|since| since > snapshot.board.version()) {
            // It comes from another process, which was further.
            live.catch_up().await;
            snapshot = live.current.load_full();
        }
        let position = snapshot.board.version();
        let missed = match since {
            Some(since) => live.missed(since, &snapshot).await,
            None => Missed::Nothing,
        };
        let mut first = match missed {
            Missed::Nothing => vec![stream::hello(Some(position)).into()],
            Missed::Step(step) => {
                vec![stream::hello(None).into(), step.message(&browser, language)]
            }
            Missed::TooMuch => {
                live.figures.reloads.inc();
                vec![stream::hello(None).into(), stream::RELOAD.into()]
            }
        };
        // A second tab changes no figure, but wants to know it.
        first.extend(live.presence.shown(language));
        first.extend(live.outage.shown(language));
        Subscription {
            first: first.into(),
            position,
            news,
            _here: live.presence.enter(browser.clone()),
            _open: Counted::by(&live.figures.streams),
            live,
            browser,
            language,
        }
    }

    /// The next message; none if there will be no more: the browser should come back. Cancel safe.
    pub async fn next(&mut self) -> Option<Bytes> {
        if let Some(message) = self.first.pop_front() {
            return Some(message);
        }
        if self.live.feed.is_over() {
            return None;
        }
        loop {
            match self.news.recv().await {
                Ok(News::Step(step)) if step.number() <= self.position => {}
                Ok(News::Step(step)) => {
                    self.position = step.number();
                    return Some(step.message(&self.browser, self.language));
                }
                Ok(News::Aside(message)) => return Some(message.of(self.language).clone()),
                Ok(News::Anew) | Err(RecvError::Lagged(_)) => return self.begin_anew(),
                Ok(News::End) | Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Passes over what waits: the browser will have it from the page it loads.
    fn begin_anew(&mut self) -> Option<Bytes> {
        self.live.figures.reloads.inc();
        self.news = self.news.resubscribe();
        self.position = self.live.current.load().board.version();
        (!self.live.feed.is_over()).then(|| stream::RELOAD.into())
    }
}
