//! A client that sends commands continuously and records every response.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rand::{RngExt, rngs::StdRng};

use crate::{
    harness::client::{Answer, TestClient},
    ledger::{Ledger, ReportedOutcome},
};

/// The name of a feature that all clients of a board veto.
pub const SHARED: &str = "Shared";

pub struct TortureClient {
    person: TestClient,
    name: String,
    /// The id of the shared feature.
    shared: i64,
    rng: StdRng,
    /// The number of names used so far.
    names_used: u32,
    items: Vec<Item>,
    features: Vec<Feature>,
    ledger: Ledger,
    stop: Arc<AtomicBool>,
}

struct Item {
    id: i64,
    name: String,
}

struct Feature {
    id: i64,
    name: String,
    /// The id of the item, or 0 if it is not one of this client's items.
    item: i64,
    vetoed: bool,
}

impl TortureClient {
    /// `person` must have a name on the board already.
    pub fn new(
        person: TestClient,
        name: String,
        shared: i64,
        rng: StdRng,
        stop: Arc<AtomicBool>,
    ) -> TortureClient {
        TortureClient {
            person,
            shared,
            rng,
            stop,
            names_used: 0,
            items: Vec::new(),
            features: vec![Feature {
                id: shared,
                name: SHARED.to_owned(),
                item: 0,
                vetoed: false,
            }],
            ledger: Ledger::default(),
            name,
        }
    }

    /// Sends commands until `stop` is set or a response is missing.
    pub async fn run(mut self) -> Ledger {
        while !self.stop.load(Ordering::Relaxed) {
            if self.send_random_command().await.is_none() {
                break;
            }
        }
        self.ledger
    }

    /// Sends one command; none without a response.
    async fn send_random_command(&mut self) -> Option<()> {
        match self.rng.random_range(0..100) {
            0..25 => self.create().await,
            25..50 => self.suggest().await,
            50..80 => self.toggle_veto().await,
            80..90 => self.move_feature().await,
            90..96 => self.merge().await,
            _ => self.split().await,
        }
    }

    async fn create(&mut self) -> Option<()> {
        let name = self.new_name("I");
        let command = format!("create {name}");
        let response = self
            .send(&command, "/create/item/", &[("name", &name)])
            .await?;
        if let Some(id) = response.and_then(|response| object_id(&response, "item")) {
            self.items.push(Item { id, name });
        }
        Some(())
    }

    async fn suggest(&mut self) -> Option<()> {
        let name = self.new_name("F");
        let item = self.some_item().map_or(0, |at| self.items[at].id);
        let item_id = if item == 0 {
            String::new()
        } else {
            item.to_string()
        };
        let amount = self.rng.random_range(1..=3).to_string();
        let fields = [("name", &*name), ("amount", &amount), ("item_id", &item_id)];
        let response = self
            .send(&format!("suggest {name}"), "/create/feature/", &fields)
            .await?;
        if let Some(id) = response.and_then(|response| object_id(&response, "feature")) {
            self.features.push(Feature {
                id,
                name,
                item,
                vetoed: false,
            });
        }
        Some(())
    }

    /// Vetoes a feature, or withdraws the veto.
    async fn toggle_veto(&mut self) -> Option<()> {
        let Some(mut feature) = self.take_feature() else {
            return Some(());
        };
        let action = if feature.vetoed { "unveto" } else { "veto" };
        let command = format!("{action} {}", feature.name);
        let path = format!("/features/{}/{action}", feature.id);
        if self.send(&command, &path, &[]).await?.is_some() {
            feature.vetoed = !feature.vetoed;
            self.features.push(feature);
        }
        Some(())
    }

    async fn move_feature(&mut self) -> Option<()> {
        let Some(mut feature) = self.take_feature() else {
            return Some(());
        };
        let to = self.some_item().map(|at| self.items[at].id);
        let Some(to) = to.filter(|to| *to != feature.item && feature.id != self.shared) else {
            self.features.push(feature);
            return Some(());
        };
        let command = format!("move {}", feature.name);
        let path = format!("/features/{}/move", feature.id);
        let response = self
            .send(&command, &path, &[("item_id", &to.to_string())])
            .await?;
        if response.is_some() {
            feature.item = to;
            self.features.push(feature);
        }
        Some(())
    }

    async fn merge(&mut self) -> Option<()> {
        if self.items.len() < 2 {
            return Some(());
        }
        let [item, into] = [(); 2].map(|()| self.take_item());
        let command = format!("merge {} into {}", item.name, into.name);
        let path = format!("/items/{}/merge", item.id);
        let accepted = self
            .send(&command, &path, &[("into", &into.id.to_string())])
            .await?;
        self.forget_items([item.id, into.id], accepted.is_some());
        Some(())
    }

    async fn split(&mut self) -> Option<()> {
        if self.items.is_empty() {
            return Some(());
        }
        let item = self.take_item();
        let command = format!("split {}", item.name);
        let path = format!("/items/{}/split", item.id);
        let accepted = self.send(&command, &path, &[]).await?;
        self.forget_items([item.id; 2], accepted.is_some());
        Some(())
    }

    /// Removes items after a merge or split. Their features are elsewhere now; after an unknown outcome they are dropped.
    fn forget_items(&mut self, items: [i64; 2], is_applied: bool) {
        self.features
            .retain(|feature| is_applied || !items.contains(&feature.item));
        for feature in &mut self.features {
            if items.contains(&feature.item) {
                feature.item = 0;
            }
        }
    }

    /// Sends a command and records the outcome. The inner option is the response if the change was accepted; the outer one is
    /// none without a response.
    async fn send(
        &mut self,
        command: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Option<Option<Answer>> {
        let command = format!("{} {command}", self.name);
        let Ok(response) = self.person.try_post(path, fields).await else {
            self.ledger.add(&command, ReportedOutcome::Unknown);
            return None;
        };
        let outcome = match response.status {
            303 => ReportedOutcome::Applied,
            404 | 409 | 410 | 422 => ReportedOutcome::NotApplied,
            503 if response.body.contains("Nothing was changed") => ReportedOutcome::NotApplied,
            503 => ReportedOutcome::Unknown,
            status => panic!("{command}: {status} {}", response.body),
        };
        self.ledger.add(&command, outcome);
        if response.status == 503 {
            let retry: u32 = response.header("retry-after").parse().unwrap();
            assert!(retry > 0);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some((outcome == ReportedOutcome::Applied).then_some(response))
    }

    fn new_name(&mut self, prefix: &str) -> String {
        self.names_used += 1;
        format!("{prefix} {} {}", self.name, self.names_used)
    }

    fn some_item(&mut self) -> Option<usize> {
        let items = self.items.len();
        (items > 0).then(|| self.rng.random_range(0..items))
    }

    fn take_item(&mut self) -> Item {
        let at = self.rng.random_range(0..self.items.len());
        self.items.swap_remove(at)
    }

    fn take_feature(&mut self) -> Option<Feature> {
        let features = self.features.len();
        (features > 0).then(|| {
            let at = self.rng.random_range(0..features);
            self.features.swap_remove(at)
        })
    }
}

/// The id in the redirect of a response, for example of `#feature-7`.
pub fn object_id(response: &Answer, kind: &str) -> Option<i64> {
    let location = response.header("location");
    let (_, id) = location.split_once(&format!("#{kind}-"))?;
    id.parse().ok()
}
