//! A board that is played on: its address, what is known to be on it, and who follows it.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use hyper::header;

use super::{
    Error,
    browser::{Answer, Ask, Browser},
    failure::{Failure, Kind},
    reading::{self, Keep},
    shown::Shown,
};
use crate::model::Slug;

pub(super) struct Board {
    /// What its addresses begin with.
    pub(super) base: String,
    known: Mutex<Known>,
    shown: Mutex<Shown>,
    named: AtomicUsize,
}

/// The numbers of what is on it, as far as we know.
#[derive(Default)]
pub(super) struct Known {
    pub(super) items: Vec<i64>,
    pub(super) features: Vec<i64>,
}

/// Whether SAVT wants to know a password first.
fn leads_to_the_login(answer: &Answer) -> bool {
    let location = answer.headers.get(header::LOCATION);
    location.is_some_and(|location| location.as_bytes().starts_with(b"/login"))
}

/// How many features an item gets before the people come.
const FEATURES: usize = 5;

impl Board {
    /// One that is there already; `main` is at the root.
    fn at(slug: &str) -> Board {
        Board {
            base: match slug {
                "main" => String::new(),
                slug => format!("/b/{slug}"),
            },
            known: Mutex::default(),
            shown: Mutex::default(),
            named: AtomicUsize::new(0),
        }
    }

    /// Makes a new one of this name.
    ///
    /// # Errors
    /// The server does not make boards as SAVT does.
    pub(super) async fn make(browser: &Browser, name: &str) -> Result<Board, Error> {
        let form = format!("name={}", encoded(name));
        let ask = Ask {
            htmx: false,
            ..Ask::post("/boards", form)
        };
        let answer = browser.ask(ask).await.map_err(Error::Prepare)?;
        let location = answer.headers.get(header::LOCATION);
        let slug = location
            .and_then(|location| location.to_str().ok())
            .and_then(|location| location.split_once("/b/"))
            .map(|(_, slug)| slug.trim_end_matches('/'));
        match (answer.status.as_u16(), slug.and_then(Slug::parse)) {
            (303, Some(slug)) => Ok(Board::at(slug.as_str())),
            (303, None) => Err(Error::NotSavt),
            (401, _) => Err(Error::Closed),
            (404 | 405, _) => Err(Error::NotSavt),
            _ => Err(Error::Prepare(Failure::of_status(answer.status))),
        }
    }

    /// Looks at one that is there and learns what is on it.
    ///
    /// # Errors
    /// It is not there.
    pub(super) async fn visit(browser: &Browser, slug: &str) -> Result<Board, Error> {
        let board = Board::at(slug);
        let home = board.home();
        let asked = browser.ask(Ask::get(&home).keep(Keep::All)).await;
        let page = asked.map_err(Error::Prepare)?;
        match page.status.as_u16() {
            200 => {}
            303 if leads_to_the_login(&page) => return Err(Error::Closed),
            404 => return Err(Error::NoBoard(slug.to_owned())),
            _ => return Err(Error::Prepare(Failure::of_status(page.status))),
        }
        if reading::version(&page.text).is_none() {
            return Err(Error::NotSavt);
        }
        {
            let mut known = board.known();
            known.items = reading::ids(&page.text, "item").collect();
            known.features = reading::ids(&page.text, "feature").collect();
        }
        Ok(board)
    }

    /// Puts so many items on it, each with some features.
    ///
    /// # Errors
    /// One of them could not be made.
    pub(super) async fn furnish(&self, browser: &Browser, items: usize) -> Result<(), Error> {
        for _ in 0..items {
            let (path, form) = self.new_item();
            let asked = browser.ask(Ask::post(&path, form).keep(Keep::All)).await;
            let item = self.made_item(&asked.map_err(Error::Prepare)?);
            let item = item.map_err(Error::Prepare)?;
            for _ in 0..FEATURES {
                let (path, form) = self.new_feature(Some(item));
                let asked = browser.ask(Ask::post(&path, form).keep(Keep::All)).await;
                let made = self.made_feature(&asked.map_err(Error::Prepare)?);
                made.map_err(Error::Prepare)?;
            }
        }
        Ok(())
    }

    pub(super) fn home(&self) -> String {
        match &*self.base {
            "" => "/".to_owned(),
            base => base.to_owned(),
        }
    }

    /// The address and the form of a new item.
    pub(super) fn new_item(&self) -> (String, String) {
        let path = format!("{}/create/item/", self.base);
        (path, format!("name={}&kind=", encoded(&self.name())))
    }

    /// The address and the form of a new feature.
    pub(super) fn new_feature(&self, item: Option<i64>) -> (String, String) {
        let path = format!("{}/create/feature/", self.base);
        let item = item.map(|item| item.to_string()).unwrap_or_default();
        let name = encoded(&self.name()).to_string();
        (path, format!("name={name}&amount=1&item_id={item}"))
    }

    /// Learns of an item that was made.
    pub(super) fn made_item(&self, answer: &Answer) -> Result<i64, Failure> {
        let item = made(answer, "item")?;
        self.known().items.push(item);
        Ok(item)
    }

    /// Learns of a feature that was made.
    pub(super) fn made_feature(&self, answer: &Answer) -> Result<(), Failure> {
        let feature = made(answer, "feature")?;
        self.known().features.push(feature);
        Ok(())
    }

    /// A feature of it, any.
    pub(super) fn some_feature(&self) -> Option<i64> {
        any(&self.known().features)
    }

    /// An item of it, any.
    pub(super) fn some_item(&self) -> Option<i64> {
        any(&self.known().items)
    }

    /// Somebody else took it away.
    pub(super) fn forget_feature(&self, id: i64) {
        self.known().features.retain(|known| *known != id);
    }

    pub(super) fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A name nobody gave before, unless another load test plays on the same board.
    fn name(&self) -> String {
        const WORDS: [&str; 8] = [
            "Amber", "Basil", "Cedar", "Dune", "Ember", "Fjord", "Grove", "Haze",
        ];
        let number = self.named.fetch_add(1, Ordering::Relaxed);
        format!("{} {}", WORDS[number % WORDS.len()], number + 1)
    }
}

/// The number of what was made.
fn made(answer: &Answer, kind: &str) -> Result<i64, Failure> {
    if answer.status != 200 {
        return Err(Failure::of_status(answer.status));
    }
    let missing = || Failure::new(Kind::Senseless, format!("no {kind} in the answer"));
    reading::ids(&answer.text, kind).max().ok_or_else(missing)
}

fn any(ids: &[i64]) -> Option<i64> {
    match ids.len() {
        0 => None,
        many => ids.get(rand::random_range(0..many)).copied(),
    }
}

fn encoded(text: &str) -> percent_encoding::PercentEncode<'_> {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
}
