//! A model of an open page: it applies responses and stream messages as the page's script does, which shows whether
//! they are sufficient to keep a page up to date.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use tokio::time::timeout;

use super::{
    client::{Answer, TestClient},
    page::{BoardContent, Feature, Item, Page, Partial},
    stream::{Message, Stream, StreamError},
};

/// An open page with its stream, if it is connected.
pub struct Follower {
    pub person: TestClient,
    pub page: OpenPage,
    stream: Option<Stream>,
    address: String,
    /// The server to use if the present one is unreachable.
    pub fallback: Option<SocketAddr>,
    /// The last event number received by the stream, as a browser keeps it.
    last: i64,
    /// How often the stream caused a reload.
    pub reloads: usize,
}

/// The present content of a page.
#[derive(Debug)]
pub struct OpenPage {
    pub shown: BoardContent,
    pub me: String,
    pub stats: String,
    pub consent: String,
    pub outcome: String,
    /// `3 here`, once received.
    pub presence: Option<String>,
    /// How many fragments were applied.
    pub changes: usize,
    /// The version of the board when the page was loaded.
    loaded: i64,
    /// The version of each element that changed since the page was loaded.
    versions: HashMap<String, i64>,
}

/// The list that contains a row or card.
#[derive(Clone, Copy, PartialEq)]
enum List {
    Items,
    Item(i64),
    Free,
}

impl Follower {
    /// Loads the page and opens its stream.
    pub async fn open(person: &TestClient) -> Follower {
        let page = person.page().await;
        let mut follower = Follower {
            person: person.with_htmx(),
            last: page.version,
            address: page.stream.clone(),
            page: OpenPage::load(page),
            stream: None,
            fallback: None,
            reloads: 0,
        };
        let stream = Stream::open(&follower.person, &follower.address, None).await;
        follower.stream = Some(stream);
        follower
    }

    /// Posts a form and applies the response.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.try_submit(path, fields).await;
        answer.expect("the server is unreachable")
    }

    /// Like [`Follower::submit`], but switches to the fallback if the server is unreachable.
    pub async fn try_submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        match self.person.try_post(path, fields).await {
            Ok(answer) => {
                self.apply_answer(&answer);
                Some(answer)
            }
            Err(_) => {
                self.switch_to_fallback();
                None
            }
        }
    }

    fn switch_to_fallback(&mut self) {
        let fallback = self
            .fallback
            .expect("the server is unreachable and no fallback is set");
        self.person = self.person.moved_to(fallback);
    }

    /// Applies a response, which carries its version in a header.
    pub fn apply_answer(&mut self, answer: &Answer) {
        let version = answer.headers.get("savt-version");
        let version = version.map(|version| version.to_str().unwrap().parse().unwrap());
        self.page.apply(version, &answer.partials());
    }

    /// Closes the connection.
    pub fn drop_stream(&mut self) {
        self.stream = None;
    }

    /// Reconnects as a browser does, to the same server or to the fallback.
    pub async fn resume(&mut self) {
        let last = self.last.to_string();
        let stream = loop {
            match Stream::try_open(&self.person, &self.address, Some(&last)).await {
                Ok(stream) => break stream,
                Err(StreamError::Unreachable) => self.switch_to_fallback(),
                Err(StreamError::Answer(answer)) => panic!("{answer:?}"),
            }
        };
        self.stream = Some(stream);
    }

    /// Applies the next message. Reconnects at the end of the stream.
    pub async fn receive(&mut self) {
        let received = self
            .stream
            .as_mut()
            .expect("the stream is not open")
            .next_or_end()
            .await;
        self.handle(received).await;
    }

    /// Applies the messages that have arrived already.
    pub async fn receive_pending(&mut self) {
        const PENDING: Duration = Duration::from_millis(5);
        while let Some(stream) = &mut self.stream {
            match timeout(PENDING, stream.next_or_end()).await {
                Ok(received) => self.handle(received).await,
                Err(_) => return,
            }
        }
    }

    async fn handle(&mut self, received: Option<Message>) {
        match received {
            Some(message) => self.handle_message(message).await,
            None => self.resume().await,
        }
    }

    async fn handle_message(&mut self, message: Message) {
        let number = message.number();
        if let Some(number) = number {
            assert!(number >= self.last, "{number} arrived after {}", self.last);
            self.last = number;
        }
        match message.event.as_deref() {
            None => self.page.apply(number, &message.partials()),
            Some("reload") => {
                let page = self.person.page().await;
                self.last = page.version;
                self.page = OpenPage::load(page);
                self.reloads += 1;
            }
            Some("hello" | "alive") => {}
            Some(other) => panic!("unknown message {other}"),
        }
    }

    /// The number of the last received event.
    pub fn last(&self) -> i64 {
        self.last
    }

    pub fn is_listening(&self) -> bool {
        self.stream.is_some()
    }

    /// Receives messages up to this event.
    pub async fn receive_until(&mut self, number: i64) {
        while self.last < number {
            self.receive().await;
        }
    }

    /// Receives all pending messages, then asserts that the page equals a freshly loaded one.
    pub async fn assert_matches_reload(&mut self) {
        let loaded = self.person.page().await;
        self.receive_until(loaded.version).await;
        assert_eq!(self.page.shown, loaded.shown, "page of {}", loaded.me);
        assert_eq!(self.page.stats, loaded.stats);
        assert_eq!(self.page.consent, loaded.consent);
        assert_eq!(self.page.outcome, loaded.outcome);
        assert_eq!(self.page.me, loaded.me);
    }
}

impl OpenPage {
    fn load(page: Page) -> OpenPage {
        OpenPage {
            shown: page.shown,
            me: page.me,
            stats: page.stats,
            consent: page.consent,
            outcome: page.outcome,
            presence: None,
            changes: 0,
            loaded: page.version,
            versions: HashMap::new(),
        }
    }

    /// Applies fragments of this version, or without one.
    fn apply(&mut self, version: Option<i64>, partials: &[Partial]) {
        for partial in partials {
            let ids = partial.ids();
            let target = partial.target.trim_start_matches('#');
            let key = match partial.swap.as_str() {
                "delete" if target.starts_with("toast-") => continue,
                "place" | "delete" => ids[0].as_str(),
                "outerMorph" => target,
                // Toasts, error messages and menus are not part of the board.
                _ => continue,
            };
            let version_of = |id: &str| *self.versions.get(id).unwrap_or(&self.loaded);
            // A card of the present version still applies if an older card removed some of its rows.
            if let Some(version) = version
                && (version < version_of(key)
                    || version == version_of(key) && ids.iter().all(|id| version <= version_of(id)))
            {
                continue;
            }
            let removed = match partial.swap.as_str() {
                "place" => self.place(target, partial),
                "delete" => Some(self.remove(key)),
                _ => self.morph(target, partial),
            };
            let (Some(removed), Some(version)) = (removed, version) else {
                continue;
            };
            self.changes += 1;
            // Rows removed with a card: an earlier event that is yet to arrive may place them elsewhere.
            for id in &removed {
                self.versions.remove(id);
            }
            self.versions
                .extend(ids.into_iter().map(|id| (id, version)));
        }
    }

    /// Places a row or card in a list and removes it from others. Returns the removed ids, or `None` if the page lacks
    /// the list.
    fn place(&mut self, target: &str, partial: &Partial) -> Option<Vec<String>> {
        let list = List::from_id(target);
        if let List::Item(id) = list {
            self.item(id)?;
        }
        let mut removed = Vec::new();
        match list {
            List::Items => {
                let item = partial.item().expect("a fragment with a card");
                removed = self.remove(&format!("item-{}", item.id));
                for feature in &item.features {
                    self.remove(&format!("feature-{}", feature.id));
                }
                insert(&mut self.shown.items, item, |item| item.id);
            }
            List::Item(_) | List::Free => {
                let feature = partial.feature().expect("a fragment with a row");
                self.remove(&format!("feature-{}", feature.id));
                let features = match list {
                    List::Item(id) => &mut self.item(id)?.features,
                    _ => &mut self.shown.free,
                };
                insert(features, feature, |feature| feature.id);
            }
        }
        Some(removed)
    }

    /// Returns the removed ids.
    fn remove(&mut self, id: &str) -> Vec<String> {
        let mut removed = vec![id.to_owned()];
        if let Some(id) = number_in(id, "feature-") {
            for features in self.lists() {
                features.retain(|feature| feature.id != id);
            }
        } else if let Some(id) = number_in(id, "item-") {
            let items = std::mem::take(&mut self.shown.items);
            for item in items {
                if item.id != id {
                    self.shown.items.push(item);
                    continue;
                }
                removed.push(format!("item-{id}-head"));
                let features = item.features.iter();
                removed.extend(features.map(|feature| format!("feature-{}", feature.id)));
            }
        } else {
            panic!("cannot remove {id}");
        }
        removed
    }

    /// Replaces an element. Returns `None` if it does not exist.
    fn morph(&mut self, id: &str, partial: &Partial) -> Option<Vec<String>> {
        match id {
            "stats" => self.stats = partial.text(),
            "consent" => self.consent = partial.text(),
            "outcome" => self.outcome = partial.text(),
            "presence" => self.presence = Some(partial.text()),
            "me-name" => self.me = partial.text(),
            "me" => self.me = partial.text_of("summary")?,
            // Outside the board.
            "me-reason" | "outage" | "edit-form" | "board-name" | "purpose" => {}
            _ if id.starts_with("feature-") => {
                let new = partial.feature().expect("a fragment with a row");
                let old = self
                    .lists()
                    .into_iter()
                    .flatten()
                    .find(|it| it.id == new.id)?;
                *old = new;
            }
            _ => {
                let item = id
                    .strip_suffix("-head")
                    .and_then(|id| number_in(id, "item-"));
                let item = item.unwrap_or_else(|| panic!("unknown element {id}"));
                let item = self.item(item)?;
                (item.name, item.kind) = partial.head();
            }
        }
        Some(Vec::new())
    }

    fn item(&mut self, id: i64) -> Option<&mut Item> {
        self.shown.items.iter_mut().find(|item| item.id == id)
    }

    fn lists(&mut self) -> Vec<&mut Vec<Feature>> {
        let owned = self.shown.items.iter_mut().map(|item| &mut item.features);
        owned.chain([&mut self.shown.free]).collect()
    }
}

impl List {
    fn from_id(id: &str) -> List {
        match id {
            "items" => List::Items,
            "free-features" => List::Free,
            _ => {
                let item = id.strip_suffix("-features");
                let item = item.and_then(|item| number_in(item, "item-"));
                List::Item(item.unwrap_or_else(|| panic!("unknown list {id}")))
            }
        }
    }
}

fn number_in(id: &str, before: &str) -> Option<i64> {
    id.strip_prefix(before)?.parse().ok()
}

fn insert<T>(list: &mut Vec<T>, element: T, id: impl Fn(&T) -> i64) {
    let before = list.partition_point(|other| id(other) < id(&element));
    list.insert(before, element);
}
