//! What a client does, and what it then expects.

use rand::RngExt;
use serde_json::{Value, json};

use super::{super::effect, Item, KeyedClient, Undoable};

impl KeyedClient {
    /// Joins the board as another participant, and goes on as that one.
    pub(super) async fn join(&mut self) -> Result<(), String> {
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

    pub(super) async fn add_item(&mut self) -> Result<(), String> {
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

    pub(super) async fn suggest(&mut self) -> Result<(), String> {
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
    pub(super) async fn suggest_again(&mut self) -> Result<(), String> {
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

    pub(super) async fn merge(&mut self) -> Result<(), String> {
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

    pub(super) async fn split(&mut self) -> Result<(), String> {
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
    pub(super) async fn undo(&mut self) -> Result<(), String> {
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
    pub(super) async fn make_board(&mut self) -> Result<(), String> {
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
    pub(super) async fn be_refused(&mut self) -> Result<(), String> {
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

    /// Notes a merge or a split of these items.
    fn changed(&mut self, what: &str, answer: &Value, items: Vec<Item>) {
        self.report.effects.push(effect::happened(what, answer));
        self.undoable.push(Undoable {
            event: number(&answer["event"]["number"]),
            items,
        });
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}
