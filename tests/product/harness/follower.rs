//! A page that follows its board, without a browser: it does with answers and messages what the page's script does, so that
//! one sees whether they suffice.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use tokio::time::timeout;

use super::{
    client::{Answer, Person},
    page::{Feature, Item, Page, Partial, Shown},
    stream::{Message, Refused, Stream},
};

/// Somebody's open page, with its stream, if that is not broken off.
pub struct Follower {
    pub person: Person,
    pub page: Open,
    stream: Option<Stream>,
    address: String,
    /// Where to go if nobody listens where one is.
    pub refuge: Option<SocketAddr>,
    /// The number of the last event that came by the stream, as a browser keeps it.
    last: i64,
    /// How often the board was loaded again because the stream said so.
    pub reloads: usize,
}

/// A page as it stands.
#[derive(Debug)]
pub struct Open {
    pub shown: Shown,
    pub me: String,
    pub stats: String,
    /// `3 here`, once that is told.
    pub here: Option<String>,
    /// How many fragments showed something new.
    pub news: usize,
    /// The last event in it when it was loaded.
    loaded: i64,
    /// The event after which each element looks as it does, where that is not when the page was loaded.
    marks: HashMap<String, i64>,
}

/// The list where a row or card stands.
#[derive(Clone, Copy, PartialEq)]
enum List {
    Items,
    Item(i64),
    Free,
}

impl Follower {
    /// Somebody loads the page, and it begins to follow.
    pub async fn of(person: &Person) -> Follower {
        let page = person.page().await;
        let mut follower = Follower {
            person: person.with_htmx(),
            last: page.version,
            address: page.stream.clone(),
            page: Open::load(page),
            stream: None,
            refuge: None,
            reloads: 0,
        };
        let stream = Stream::open(&follower.person, &follower.address, None).await;
        follower.stream = Some(stream);
        follower
    }

    /// Presses something; what comes back shows at once.
    pub async fn press(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.try_press(path, fields).await;
        answer.expect("an answer")
    }

    /// The same where the server may go away, and one's browser to the refuge.
    pub async fn try_press(&mut self, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        match self.person.try_post(path, fields).await {
            Ok(answer) => {
                self.take(&answer);
                Some(answer)
            }
            Err(_) => {
                self.take_refuge();
                None
            }
        }
    }

    fn take_refuge(&mut self) {
        let refuge = self.refuge.expect("the server is away");
        self.person = self.person.moved_to(refuge);
    }

    /// Takes in an answer, which tells with which event in it.
    pub fn take(&mut self, answer: &Answer) {
        let version = answer.headers.get("savt-version");
        let version = version.map(|version| version.to_str().unwrap().parse().unwrap());
        self.page.apply(version, &answer.partials());
    }

    /// The connection breaks.
    pub fn drop_stream(&mut self) {
        self.stream = None;
    }

    /// The browser comes back by itself, to its server or to the refuge.
    pub async fn resume(&mut self) {
        let last = self.last.to_string();
        let stream = loop {
            match Stream::ask(&self.person, &self.address, Some(&last)).await {
                Ok(stream) => break stream,
                Err(Refused::Away) => self.take_refuge(),
                Err(Refused::Answer(answer)) => panic!("{answer:?}"),
            }
        };
        self.stream = Some(stream);
    }

    /// Takes the next message; comes back when the stream has ended.
    pub async fn hear(&mut self) {
        let heard = self.stream.as_mut().expect("a stream").next_or_end().await;
        self.take_in(heard).await;
    }

    /// Takes what has come already.
    pub async fn hear_what_has_come(&mut self) {
        const MOMENT: Duration = Duration::from_millis(5);
        while let Some(stream) = &mut self.stream {
            match timeout(MOMENT, stream.next_or_end()).await {
                Ok(heard) => self.take_in(heard).await,
                Err(_) => return,
            }
        }
    }

    async fn take_in(&mut self, heard: Option<Message>) {
        match heard {
            Some(message) => self.understand(message).await,
            None => self.resume().await,
        }
    }

    async fn understand(&mut self, message: Message) {
        let number = message.number();
        if let Some(number) = number {
            assert!(number >= self.last, "{number} came after {}", self.last);
            self.last = number;
        }
        match message.event.as_deref() {
            None => self.page.apply(number, &message.partials()),
            Some("reload") => {
                let page = self.person.page().await;
                self.last = page.version;
                self.page = Open::load(page);
                self.reloads += 1;
            }
            Some("hello" | "alive") => {}
            Some(other) => panic!("no page knows {other}"),
        }
    }

    /// The number of the last event it heard of.
    pub fn last(&self) -> i64 {
        self.last
    }

    pub fn is_listening(&self) -> bool {
        self.stream.is_some()
    }

    /// Hears until it has everything up to an event.
    pub async fn hear_until(&mut self, number: i64) {
        while self.last < number {
            self.hear().await;
        }
    }

    /// Hears all there is, and then the page has to be what one gets who loads it.
    pub async fn is_as_loaded(&mut self) {
        let loaded = self.person.page().await;
        self.hear_until(loaded.version).await;
        assert_eq!(self.page.shown, loaded.shown, "of {}", loaded.me);
        assert_eq!(self.page.stats, loaded.stats);
        assert_eq!(self.page.me, loaded.me);
    }
}

impl Open {
    fn load(page: Page) -> Open {
        Open {
            shown: page.shown,
            me: page.me,
            stats: page.stats,
            here: None,
            news: 0,
            loaded: page.version,
            marks: HashMap::new(),
        }
    }

    /// Takes in fragments that are as of an event, or of none.
    fn apply(&mut self, version: Option<i64>, partials: &[Partial]) {
        for partial in partials {
            let ids = partial.ids();
            let target = partial.target.trim_start_matches('#');
            let key = match partial.swap.as_str() {
                "place" | "delete" => ids[0].as_str(),
                "outerMorph" => target,
                // Toasts, reasons and menus are for those who pressed something.
                _ => continue,
            };
            let known = |id: &str| *self.marks.get(id).unwrap_or(&self.loaded);
            // A card of this very event is news if an older one took some of its rows meanwhile.
            if let Some(version) = version
                && (version < known(key)
                    || version == known(key) && ids.iter().all(|id| version <= known(id)))
            {
                continue;
            }
            let gone = match partial.swap.as_str() {
                "place" => self.place(target, partial),
                "delete" => Some(self.take_away(key)),
                _ => self.morph(target, partial),
            };
            let (Some(gone), Some(version)) = (gone, version) else {
                continue;
            };
            self.news += 1;
            // Rows that went with a card: where they are now, an earlier event than this may have yet to tell.
            for id in &gone {
                self.marks.remove(id);
            }
            self.marks.extend(ids.into_iter().map(|id| (id, version)));
        }
    }

    /// Lets a row or card stand in a list and nowhere else. Gives what went for it; none if the page has no such list, yet.
    fn place(&mut self, target: &str, partial: &Partial) -> Option<Vec<String>> {
        let list = List::of(target);
        if let List::Item(id) = list {
            self.item(id)?;
        }
        let mut gone = Vec::new();
        match list {
            List::Items => {
                let item = partial.item().expect("a card");
                gone = self.take_away(&format!("item-{}", item.id));
                for feature in &item.features {
                    self.take_away(&format!("feature-{}", feature.id));
                }
                insert(&mut self.shown.items, item, |item| item.id);
            }
            List::Item(_) | List::Free => {
                let feature = partial.feature().expect("a row");
                self.take_away(&format!("feature-{}", feature.id));
                let features = match list {
                    List::Item(id) => &mut self.item(id)?.features,
                    _ => &mut self.shown.free,
                };
                insert(features, feature, |feature| feature.id);
            }
        }
        Some(gone)
    }

    /// Gives the ids that are not there any more.
    fn take_away(&mut self, id: &str) -> Vec<String> {
        let mut gone = vec![id.to_owned()];
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
                gone.push(format!("item-{id}-head"));
                let features = item.features.iter();
                gone.extend(features.map(|feature| format!("feature-{}", feature.id)));
            }
        } else {
            panic!("nobody takes {id} away");
        }
        gone
    }

    /// Alters an element; none if it is not there.
    fn morph(&mut self, id: &str, partial: &Partial) -> Option<Vec<String>> {
        match id {
            "stats" => self.stats = partial.text(),
            "presence" => self.here = Some(partial.text()),
            "me-name" => self.me = partial.text(),
            "me" => self.me = partial.text_of("summary")?,
            // Beside a field, and above the board.
            "me-reason" | "outage" => {}
            _ if id.starts_with("feature-") => {
                let now = partial.feature().expect("a row");
                let was = self
                    .lists()
                    .into_iter()
                    .flatten()
                    .find(|it| it.id == now.id)?;
                *was = now;
            }
            _ => {
                let item = id
                    .strip_suffix("-head")
                    .and_then(|id| number_in(id, "item-"));
                let item = item.unwrap_or_else(|| panic!("no page has {id}"));
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
    fn of(id: &str) -> List {
        match id {
            "items" => List::Items,
            "free-features" => List::Free,
            _ => {
                let item = id.strip_suffix("-features");
                let item = item.and_then(|item| number_in(item, "item-"));
                List::Item(item.unwrap_or_else(|| panic!("no page has a list {id}")))
            }
        }
    }
}

fn number_in(id: &str, before: &str) -> Option<i64> {
    id.strip_prefix(before)?.parse().ok()
}

fn insert<T>(list: &mut Vec<T>, thing: T, id: impl Fn(&T) -> i64) {
    let before = list.partition_point(|other| id(other) < id(&thing));
    list.insert(before, thing);
}
