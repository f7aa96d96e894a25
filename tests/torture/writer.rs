//! Somebody who writes all the time, and enters every answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rand::{RngExt, rngs::StdRng};

use crate::{
    harness::client::{Answer, Person},
    ledger::{Answered, Ledger},
};

/// What everybody on a board is for or against.
pub const SHARED: &str = "Shared";

pub struct Writer {
    person: Person,
    name: String,
    /// The number of what everybody is for or against.
    shared: i64,
    rng: StdRng,
    made: u32,
    items: Vec<Item>,
    features: Vec<Feature>,
    ledger: Ledger,
    over: Arc<AtomicBool>,
}

struct Item {
    id: i64,
    name: String,
}

struct Feature {
    id: i64,
    name: String,
    /// The item, or 0 where that is none of this writer's.
    at: i64,
    vetoed: bool,
}

impl Writer {
    /// Somebody who has a name on the board already.
    pub fn new(
        person: Person,
        name: String,
        shared: i64,
        rng: StdRng,
        over: Arc<AtomicBool>,
    ) -> Writer {
        Writer {
            person,
            shared,
            rng,
            over,
            made: 0,
            items: Vec::new(),
            features: vec![Feature {
                id: shared,
                name: SHARED.to_owned(),
                at: 0,
                vetoed: false,
            }],
            ledger: Ledger::default(),
            name,
        }
    }

    /// Writes until told to stop, or until nobody listens any more.
    pub async fn write(mut self) -> Ledger {
        while !self.over.load(Ordering::Relaxed) {
            if self.anything().await.is_none() {
                break;
            }
        }
        self.ledger
    }

    /// One wish; none if no answer came.
    async fn anything(&mut self) -> Option<()> {
        match self.rng.random_range(0..100) {
            0..25 => self.create().await,
            25..50 => self.suggest().await,
            50..80 => self.decide().await,
            80..90 => self.move_one().await,
            90..96 => self.merge().await,
            _ => self.split().await,
        }
    }

    async fn create(&mut self) -> Option<()> {
        let name = self.new_name("I");
        let wish = format!("create {name}");
        let answer = self.ask(&wish, "/create/item/", &[("name", &name)]).await?;
        if let Some(id) = answer.and_then(|answer| thing(&answer, "item")) {
            self.items.push(Item { id, name });
        }
        Some(())
    }

    async fn suggest(&mut self) -> Option<()> {
        let name = self.new_name("F");
        let at = self.some_item().map_or(0, |at| self.items[at].id);
        let item = if at == 0 {
            String::new()
        } else {
            at.to_string()
        };
        let amount = self.rng.random_range(1..=3).to_string();
        let fields = [("name", &*name), ("amount", &amount), ("item_id", &item)];
        let answer = self
            .ask(&format!("suggest {name}"), "/create/feature/", &fields)
            .await?;
        if let Some(id) = answer.and_then(|answer| thing(&answer, "feature")) {
            self.features.push(Feature {
                id,
                name,
                at,
                vetoed: false,
            });
        }
        Some(())
    }

    /// Vetoes, or takes the veto back.
    async fn decide(&mut self) -> Option<()> {
        let Some(mut feature) = self.take_feature() else {
            return Some(());
        };
        let does = if feature.vetoed { "unveto" } else { "veto" };
        let wish = format!("{does} {}", feature.name);
        let path = format!("/features/{}/{does}", feature.id);
        if self.ask(&wish, &path, &[]).await?.is_some() {
            feature.vetoed = !feature.vetoed;
            self.features.push(feature);
        }
        Some(())
    }

    async fn move_one(&mut self) -> Option<()> {
        let Some(mut feature) = self.take_feature() else {
            return Some(());
        };
        let to = self.some_item().map(|at| self.items[at].id);
        let Some(to) = to.filter(|to| *to != feature.at && feature.id != self.shared) else {
            self.features.push(feature);
            return Some(());
        };
        let wish = format!("move {}", feature.name);
        let path = format!("/features/{}/move", feature.id);
        let answer = self
            .ask(&wish, &path, &[("item_id", &to.to_string())])
            .await?;
        if answer.is_some() {
            feature.at = to;
            self.features.push(feature);
        }
        Some(())
    }

    async fn merge(&mut self) -> Option<()> {
        if self.items.len() < 2 {
            return Some(());
        }
        let [item, into] = [(); 2].map(|()| self.take_item());
        let wish = format!("merge {} into {}", item.name, into.name);
        let path = format!("/items/{}/merge", item.id);
        let granted = self
            .ask(&wish, &path, &[("into", &into.id.to_string())])
            .await?;
        self.lost_sight_of([item.id, into.id], granted.is_some());
        Some(())
    }

    async fn split(&mut self) -> Option<()> {
        if self.items.is_empty() {
            return Some(());
        }
        let item = self.take_item();
        let wish = format!("split {}", item.name);
        let path = format!("/items/{}/split", item.id);
        let granted = self.ask(&wish, &path, &[]).await?;
        self.lost_sight_of([item.id; 2], granted.is_some());
        Some(())
    }

    /// Items that are no longer this writer's; their features are somewhere, unless nobody knows.
    fn lost_sight_of(&mut self, items: [i64; 2], known: bool) {
        self.features
            .retain(|feature| known || !items.contains(&feature.at));
        for feature in &mut self.features {
            if items.contains(&feature.at) {
                feature.at = 0;
            }
        }
    }

    /// Asks and enters what was answered. The answer if it was granted; nothing at all if no answer came.
    async fn ask(
        &mut self,
        wish: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Option<Option<Answer>> {
        let wish = format!("{} {wish}", self.name);
        let Ok(answer) = self.person.try_post(path, fields).await else {
            self.ledger.add(&wish, Answered::Perhaps);
            return None;
        };
        let answered = match answer.status {
            303 => Answered::Done,
            404 | 409 | 410 | 422 => Answered::Nothing,
            503 if answer.body.contains("Nothing was changed") => Answered::Nothing,
            503 if answer.body.contains("nobody knows") => Answered::Perhaps,
            status => panic!("{wish}: {status} {}", answer.body),
        };
        self.ledger.add(&wish, answered);
        if answer.status == 503 {
            let retry: u32 = answer.header("retry-after").parse().unwrap();
            assert!(retry > 0);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some((answered == Answered::Done).then_some(answer))
    }

    fn new_name(&mut self, sort: &str) -> String {
        self.made += 1;
        format!("{sort} {} {}", self.name, self.made)
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

/// The number of what an answer leads to.
pub fn thing(answer: &Answer, sort: &str) -> Option<i64> {
    let place = answer.header("location");
    let (_, id) = place.split_once(&format!("#{sort}-"))?;
    id.parse().ok()
}
