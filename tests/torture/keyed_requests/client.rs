//! A client that changes what it made itself, so that no other one stands in its way, and knows what each request must have done.

use rand::{RngExt, rngs::StdRng};
use serde_json::{Value, json};

use super::{
    answer::Answer, counts::KeyCounts, effect, quota::Quota, request::KeyedRequest, sender::Sender,
};

/// What a client knows in the end.
#[derive(Default)]
pub struct ClientReport {
    pub answered: Vec<(KeyedRequest, Answer)>,
    /// What its requests did on its board, and which boards they made.
    pub effects: Vec<String>,
    pub boards: Vec<(String, String)>,
    pub counts: KeyCounts,
    /// What was wrong, if anything; the client then stopped.
    pub error: Option<String>,
}

pub struct KeyedClient {
    sender: Sender,
    quota: Quota,
    /// The slug of its board.
    board: String,
    name: String,
    /// The number of names used so far.
    names_used: u32,
    token: String,
    items: Vec<Item>,
    /// Features without an item, with their amounts.
    free: Vec<(String, u64)>,
    /// Merges and splits that can be undone.
    undoable: Vec<Undoable>,
    report: ClientReport,
}

struct Item {
    id: i64,
    name: String,
    /// The sum of the amounts of its features.
    units: u64,
}

struct Undoable {
    event: i64,
    /// What comes back.
    items: Vec<Item>,
}

impl KeyedClient {
    pub fn new(sender: Sender, quota: Quota, board: String, name: String) -> KeyedClient {
        KeyedClient {
            sender,
            quota,
            board,
            name,
            names_used: 0,
            token: String::new(),
            items: Vec::new(),
            free: Vec::new(),
            undoable: Vec::new(),
            report: ClientReport::default(),
        }
    }

    /// Sends requests, one after the other, until the quota of all clients is used up.
    pub async fn run(mut self) -> ClientReport {
        if let Err(error) = self.send_all().await {
            self.report.error = Some(error);
        }
        self.report.counts = self.sender.counts;
        self.report
    }

    async fn send_all(&mut self) -> Result<(), String> {
        self.join().await?;
        while self.quota.take() {
            match self.rng().random_range(0..100) {
                0..22 => self.add_item().await?,
                22..52 => self.suggest().await?,
                52..60 => self.suggest_again().await?,
                60..68 => self.merge().await?,
                68..76 => self.split().await?,
                76..86 => self.undo().await?,
                86..90 => self.join().await?,
                90..94 => self.make_board().await?,
                _ => self.be_refused().await?,
            }
            if self.rng().random_bool(0.05) {
                self.repeat_any().await?;
            }
        }
        Ok(())
    }

    /// Joins the board as another participant, and goes on as that one.
    async fn join(&mut self) -> Result<(), String> {
        let body = match self.rng().random_bool(0.3) {
            true => json!({}),
            false => json!({ "name": self.new_name("P") }),
        };
        let path = self.path("/participants");
        let answer = self.send(&path, false, &body, 201).await?;
        self.report
            .effects
            .push(effect::created("participant", &answer));
        self.token = answer["token"].as_str().unwrap_or_default().to_owned();
        Ok(())
    }

    async fn add_item(&mut self) -> Result<(), String> {
        let name = self.new_name("I");
        let body = json!({ "name": name });
        let answer = self.send(&self.path("/items"), true, &body, 201).await?;
        self.report.effects.push(effect::created("item", &answer));
        self.items.push(Item {
            id: number(&answer["id"]),
            name,
            units: 0,
        });
        Ok(())
    }

    async fn suggest(&mut self) -> Result<(), String> {
        let name = self.new_name("F");
        let amount = self.rng().random_range(1..=3);
        let item = self.some_item();
        let id = item.map(|at| self.items[at].id);
        let body = json!({ "name": name, "amount": amount, "item_id": id });
        let answer = self.send(&self.path("/features"), true, &body, 201).await?;
        self.report
            .effects
            .push(effect::created("feature", &answer));
        match item {
            Some(at) => self.items[at].units += amount,
            None => self.free.push((name, amount)),
        }
        Ok(())
    }

    /// Raises the amount of a feature, which would go further if that happened twice.
    async fn suggest_again(&mut self) -> Result<(), String> {
        let growing = self.free.iter().position(|(_, amount)| *amount < 3);
        let Some(at) = growing else {
            return self.suggest().await;
        };
        let body = json!({ "name": self.free[at].0 });
        let answer = self.send(&self.path("/features"), true, &body, 200).await?;
        self.report.effects.push(effect::added(&answer));
        self.free[at].1 += 1;
        match answer["amount"] == self.free[at].1 {
            true => Ok(()),
            false => Err(format!("{} has another amount: {answer}", self.free[at].0)),
        }
    }

    async fn merge(&mut self) -> Result<(), String> {
        if self.items.len() < 2 {
            return self.add_item().await;
        }
        let (item, into) = (self.take_item(), self.take_item());
        let path = self.path(&format!("/items/{}/merge", item.id));
        let answer = self
            .send(&path, true, &json!({ "into": into.id }), 200)
            .await?;
        let merged = effect::merge(&item.name, &into.name);
        self.changed(&merged, &answer, vec![item, into]);
        Ok(())
    }

    async fn split(&mut self) -> Result<(), String> {
        let Some(at) = self.items.iter().position(|item| item.units > 1) else {
            return self.suggest().await;
        };
        let item = self.items.swap_remove(at);
        let path = self.path(&format!("/items/{}/split", item.id));
        let answer = self.send(&path, true, &json!({}), 200).await?;
        let split = effect::split(&item.name);
        self.changed(&split, &answer, vec![item]);
        Ok(())
    }

    /// Undoes a merge or a split; sometimes undoes that, too.
    async fn undo(&mut self) -> Result<(), String> {
        let Some(Undoable { event, items }) = self.undoable.pop() else {
            return self.merge().await;
        };
        let undo = self.undo_event(event).await?;
        match self.rng().random_bool(0.3) && self.quota.take() {
            true => {
                let event = self.undo_event(undo).await?;
                self.undoable.push(Undoable { event, items });
            }
            false => self.items.extend(items),
        }
        Ok(())
    }

    async fn undo_event(&mut self, event: i64) -> Result<i64, String> {
        let path = self.path(&format!("/events/{event}/undo"));
        let answer = self.send(&path, true, &json!({}), 200).await?;
        let undone = effect::happened(&effect::undo(event), &answer);
        self.report.effects.push(undone);
        Ok(number(&answer["event"]["number"]))
    }

    /// Makes a board, empty or with a purpose and a participant.
    async fn make_board(&mut self) -> Result<(), String> {
        let name = self.new_name("B");
        let body = match self.rng().random_bool(0.5) {
            true => json!({ "name": name }),
            false => json!({ "name": name, "purpose": "Torture" }),
        };
        let answer = self.send("/boards", false, &body, 201).await?;
        let slug = answer["slug"].as_str().unwrap_or_default().to_owned();
        self.report.boards.push((name, slug));
        Ok(())
    }

    /// Sends a request that the rules refuse: a taken name, or an item that is gone.
    async fn be_refused(&mut self) -> Result<(), String> {
        let gone = self.undoable.last().map(|last| last.items[0].id);
        match (self.some_item(), gone) {
            (_, Some(gone)) if self.rng().random_bool(0.5) => {
                let path = self.path(&format!("/items/{gone}/split"));
                self.send(&path, true, &json!({}), 410).await?;
            }
            (Some(at), _) => {
                let body = json!({ "name": self.items[at].name });
                self.send(&self.path("/items"), true, &body, 409).await?;
            }
            _ => return self.add_item().await,
        }
        self.sender.counts.refused += 1;
        Ok(())
    }

    /// Sends a request that was answered again.
    async fn repeat_any(&mut self) -> Result<(), String> {
        let at = self.sender.rng.random_range(0..self.report.answered.len());
        let (request, answer) = &self.report.answered[at];
        self.sender.repeat(request, answer).await
    }

    /// Sends a new request until it is answered, and expects this status.
    async fn send(
        &mut self,
        path: &str,
        as_participant: bool,
        body: &Value,
        status: u16,
    ) -> Result<Value, String> {
        let token = as_participant.then_some(self.token.as_str());
        let request = self.sender.request(path, token, body);
        let answer = self.sender.send(&request).await?;
        if answer.status != status {
            return Err(format!(
                "{path} {body}: not {status}, but {}",
                answer.text()
            ));
        }
        let json = answer.json();
        self.report.answered.push((request, answer));
        Ok(json)
    }

    /// Notes a merge or a split of these items.
    fn changed(&mut self, what: &str, answer: &Value, items: Vec<Item>) {
        self.report.effects.push(effect::happened(what, answer));
        self.undoable.push(Undoable {
            event: number(&answer["event"]["number"]),
            items,
        });
    }

    fn path(&self, path: &str) -> String {
        format!("/boards/{}{path}", self.board)
    }

    fn rng(&mut self) -> &mut StdRng {
        &mut self.sender.rng
    }

    fn new_name(&mut self, prefix: &str) -> String {
        self.names_used += 1;
        format!("{prefix} {} {}", self.name, self.names_used)
    }

    fn some_item(&mut self) -> Option<usize> {
        let items = self.items.len();
        (items > 0).then(|| self.rng().random_range(0..items))
    }

    fn take_item(&mut self) -> Item {
        let items = self.items.len();
        let at = self.rng().random_range(0..items);
        self.items.swap_remove(at)
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}
