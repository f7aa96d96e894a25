//! A board under test: its address, the ids of its items and features, and the delivery of its events to the streams.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use hyper::header;
use serde_json::json;

use super::{
    body_reader::ReadMode,
    browser::{Browser, RequestSpec, ServerResponse},
    delivery::DeliveryTracker,
    error::Error,
    failure::{Failure, FailureKind},
    html,
};
use crate::model::Slug;

/// How many features each prepared item gets.
const FEATURES_PER_ITEM: usize = 5;

pub(super) struct Board {
    /// The prefix of its addresses.
    pub(super) base: String,
    ids: Mutex<KnownIds>,
    delivery: Mutex<DeliveryTracker>,
    /// The number of names that were generated.
    names: AtomicUsize,
}

/// What is known to be on the board.
#[derive(Default)]
struct KnownIds {
    items: Vec<i64>,
    features: Vec<i64>,
}

fn redirects_to_login(response: &ServerResponse) -> bool {
    let location = response.headers.get(header::LOCATION);
    location.is_some_and(|location| location.as_bytes().starts_with(b"/login"))
}

impl Board {
    /// The board with this slug; `main` is at the root.
    fn new(slug: &str) -> Board {
        Board {
            base: match slug {
                "main" => String::new(),
                slug => format!("/b/{slug}"),
            },
            ids: Mutex::default(),
            delivery: Mutex::default(),
            names: AtomicUsize::new(0),
        }
    }

    /// Creates a board with this name on the server.
    ///
    /// # Errors
    /// The server does not respond as SAVT does.
    pub(super) async fn create(browser: &Browser, name: &str) -> Result<Board, Error> {
        let form = format!("name={}", percent_encode(name));
        let request = RequestSpec {
            htmx: false,
            ..RequestSpec::post("/boards", form)
        };
        let response = browser.send(request).await.map_err(Error::Prepare)?;
        let location = response.headers.get(header::LOCATION);
        let slug = location
            .and_then(|location| location.to_str().ok())
            .and_then(|location| location.split_once("/b/"))
            .map(|(_, slug)| slug.trim_end_matches('/'));
        match (response.status.as_u16(), slug.and_then(Slug::parse)) {
            (303, Some(slug)) => Ok(Board::new(slug.as_str())),
            (303, None) => Err(Error::NotSavt),
            (401, _) => Err(Error::PasswordRequired),
            (404 | 405, _) => Err(Error::NotSavt),
            _ => Err(Error::Prepare(Failure::from_status(response.status))),
        }
    }

    /// Opens an existing board and reads the ids of what is on it.
    ///
    /// # Errors
    /// The board does not exist, or cannot be read.
    pub(super) async fn open(browser: &Browser, slug: &str) -> Result<Board, Error> {
        let board = Board::new(slug);
        let path = board.path();
        let request = RequestSpec::get(&path).read(ReadMode::Full);
        let page = browser.send(request).await.map_err(Error::Prepare)?;
        match page.status.as_u16() {
            200 => {}
            303 if redirects_to_login(&page) => return Err(Error::PasswordRequired),
            404 => return Err(Error::NoBoard(slug.to_owned())),
            _ => return Err(Error::Prepare(Failure::from_status(page.status))),
        }
        if html::shown(&page.text).is_none() {
            return Err(Error::NotSavt);
        }
        {
            let mut ids = board.ids();
            ids.items = html::ids(&page.text, "item").collect();
            ids.features = html::ids(&page.text, "feature").collect();
        }
        Ok(board)
    }

    /// Creates this many items, each with features.
    ///
    /// # Errors
    /// One of them could not be created.
    pub(super) async fn populate(&self, browser: &Browser, items: usize) -> Result<(), Error> {
        for _ in 0..items {
            let (path, form) = self.item_form();
            let request = RequestSpec::post(&path, form).read(ReadMode::Full);
            let response = browser.send(request).await.map_err(Error::Prepare)?;
            let item = self.record_item(&response).map_err(Error::Prepare)?;
            for _ in 0..FEATURES_PER_ITEM {
                let (path, form) = self.feature_form(Some(item));
                let request = RequestSpec::post(&path, form).read(ReadMode::Full);
                let response = browser.send(request).await.map_err(Error::Prepare)?;
                self.record_feature(&response).map_err(Error::Prepare)?;
            }
        }
        Ok(())
    }

    /// The path of its page.
    pub(super) fn path(&self) -> String {
        match &*self.base {
            "" => "/".to_owned(),
            base => base.to_owned(),
        }
    }

    /// The path of what programs read and change.
    pub(super) fn api_path(&self) -> String {
        let slug = self.base.strip_prefix("/b/").unwrap_or("main");
        format!("/api/v1/boards/{slug}")
    }

    /// What a program sends to add an item with a new name.
    pub(super) fn item_json(&self) -> String {
        json!({ "name": self.next_name() }).to_string()
    }

    /// What a program sends to suggest a feature with a new name.
    pub(super) fn feature_json(&self, item: Option<i64>) -> String {
        json!({ "name": self.next_name(), "item_id": item }).to_string()
    }

    pub(super) fn add_item(&self, id: i64) {
        self.ids().items.push(id);
    }

    pub(super) fn add_feature(&self, id: i64) {
        self.ids().features.push(id);
    }

    /// The path and the form that create an item with a new name.
    pub(super) fn item_form(&self) -> (String, String) {
        let path = format!("{}/create/item/", self.base);
        let name = self.next_name();
        (path, format!("name={}&kind=", percent_encode(&name)))
    }

    /// The path and the form that create a feature with a new name.
    pub(super) fn feature_form(&self, item: Option<i64>) -> (String, String) {
        let path = format!("{}/create/feature/", self.base);
        let item = item.map(|item| item.to_string()).unwrap_or_default();
        let name = percent_encode(&self.next_name()).to_string();
        (path, format!("name={name}&amount=1&item_id={item}"))
    }

    /// The form that gives a participant a new name.
    pub(super) fn name_form(&self) -> String {
        format!("name={}", percent_encode(&self.next_name()))
    }

    /// Records the item that the response shows as created.
    pub(super) fn record_item(&self, response: &ServerResponse) -> Result<i64, Failure> {
        let item = created_id(response, "item")?;
        self.ids().items.push(item);
        Ok(item)
    }

    /// Records the feature that the response shows as created.
    pub(super) fn record_feature(&self, response: &ServerResponse) -> Result<(), Failure> {
        let feature = created_id(response, "feature")?;
        self.ids().features.push(feature);
        Ok(())
    }

    pub(super) fn random_feature(&self) -> Option<i64> {
        random_id(&self.ids().features)
    }

    pub(super) fn random_item(&self) -> Option<i64> {
        random_id(&self.ids().items)
    }

    /// Removes a feature that no longer exists on the server.
    pub(super) fn forget_feature(&self, id: i64) {
        self.ids().features.retain(|known| *known != id);
    }

    pub(super) fn delivery(&self) -> MutexGuard<'_, DeliveryTracker> {
        self.delivery.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ids(&self) -> MutexGuard<'_, KnownIds> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A name that is new, unless another load test uses the same board.
    fn next_name(&self) -> String {
        const WORDS: [&str; 8] = [
            "Amber", "Basil", "Cedar", "Dune", "Ember", "Fjord", "Grove", "Haze",
        ];
        let number = self.names.fetch_add(1, Ordering::Relaxed);
        format!("{} {}", WORDS[number % WORDS.len()], number + 1)
    }
}

/// The id of the object that the response shows as created.
pub(super) fn created_id(response: &ServerResponse, kind: &str) -> Result<i64, Failure> {
    if response.status != 200 {
        return Err(Failure::from_status(response.status));
    }
    let missing = || {
        let detail = format!("the response contains no {kind}");
        Failure::new(FailureKind::InvalidResponse, detail)
    };
    html::ids(&response.text, kind).max().ok_or_else(missing)
}

fn random_id(ids: &[i64]) -> Option<i64> {
    match ids.len() {
        0 => None,
        count => ids.get(rand::random_range(0..count)).copied(),
    }
}

fn percent_encode(text: &str) -> percent_encoding::PercentEncode<'_> {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
}
