//! Somebody who writes to a board, whatever the operator does to it, and now and then wants to be forgotten.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt, rngs::StdRng};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{
    call::{Called, call},
    command::Outcome,
    subject::{Forgotten, Subject},
};
use crate::{
    ledger::{Ledger, ReportedOutcome},
    servers::Addresses,
};

pub struct Person {
    client: Client,
    servers: Addresses,
    subject: Arc<Subject>,
    rng: StdRng,
    /// Part of the names of everything that this person makes, and of nobody's name.
    label: String,
    names_used: u32,
    token: String,
    items: Vec<(i64, String)>,
    /// Features without a veto.
    features: Vec<(i64, String)>,
    ledger: Ledger,
    stop: Arc<AtomicBool>,
}

impl Person {
    pub fn new(
        client: Client,
        servers: Addresses,
        subject: Arc<Subject>,
        mut rng: StdRng,
        stop: Arc<AtomicBool>,
    ) -> Person {
        let label = format!("{:x}", rng.random::<u32>());
        Person {
            client,
            servers,
            subject,
            rng,
            label,
            names_used: 0,
            token: String::new(),
            items: Vec::new(),
            features: Vec::new(),
            ledger: Ledger::default(),
            stop,
        }
    }

    /// Writes until `stop` is set. Adds the answers to the ledger of the board.
    ///
    /// # Errors
    /// An answer that nobody may get.
    pub async fn run(mut self) -> Result<(), String> {
        let mut result = Ok(());
        while !self.stop.load(Ordering::Relaxed) && result.is_ok() {
            result = self.act().await;
            let pause = self.rng.random_range(2..20);
            sleep(Duration::from_millis(pause)).await;
        }
        self.subject.ledger.lock().unwrap().merge(self.ledger);
        result
    }

    async fn act(&mut self) -> Result<(), String> {
        if self.token.is_empty() {
            return self.join().await;
        }
        match self.rng.random_range(0..200) {
            0..70 => self.add_item().await,
            70..120 => self.suggest().await,
            120..160 => self.veto().await,
            160..180 => self.merge().await,
            180..197 => self.split().await,
            _ => self.be_forgotten().await,
        }
    }

    async fn join(&mut self) -> Result<(), String> {
        // Nothing else has this text.
        let name = format!("Secret{:016x}", self.rng.random::<u64>());
        self.subject.people.lock().unwrap().push(name.clone());
        let called = self
            .call(Method::POST, "/participants", &json!({ "name": name }))
            .await;
        if let Some(answer) = self.understood(called).await? {
            self.token = answer["token"].as_str().unwrap_or_default().to_owned();
        }
        Ok(())
    }

    async fn add_item(&mut self) -> Result<(), String> {
        let name = self.new_name("I");
        let body = json!({ "name": name });
        let command = format!("create {name}");
        if let Some(answer) = self.send(&command, Method::POST, "/items", &body).await? {
            self.items.push((number(&answer["id"]), name));
        }
        Ok(())
    }

    async fn suggest(&mut self) -> Result<(), String> {
        let name = self.new_name("F");
        let item = self.items.last().map(|(id, _)| *id);
        let body = json!({ "name": name, "amount": self.rng.random_range(1..=3), "item_id": item });
        let command = format!("suggest {name}");
        let answer = self.send(&command, Method::POST, "/features", &body).await;
        if let Some(answer) = answer? {
            self.features.push((number(&answer["id"]), name));
        }
        Ok(())
    }

    /// Vetoes with a reason that nobody else gives.
    async fn veto(&mut self) -> Result<(), String> {
        let Some((id, name)) = self.features.pop() else {
            return self.suggest().await;
        };
        let path = format!("/features/{id}/veto");
        let reason = format!("Reason{:016x}", self.rng.random::<u64>());
        let body = json!({ "reason": reason });
        let command = format!("veto {name}");
        let answer = self.send(&command, Method::PUT, &path, &body).await?;
        let vetoes = answer.as_ref().map(|feature| &feature["vetoes"]);
        let mut vetoes = vetoes.and_then(Value::as_array).into_iter().flatten();
        if let Some(veto) = vetoes.find(|veto| veto["reason"] == reason) {
            // Whose token was just taken away may have become somebody else by this.
            let by = veto["name"].as_str().unwrap_or_default();
            self.subject.give_reason(by, reason);
        }
        Ok(())
    }

    async fn merge(&mut self) -> Result<(), String> {
        if self.items.len() < 2 {
            return self.add_item().await;
        }
        let [item, into] = [(); 2].map(|()| {
            let at = self.rng.random_range(0..self.items.len());
            self.items.swap_remove(at)
        });
        let path = format!("/items/{}/merge", item.0);
        let command = format!("merge {} into {}", item.1, into.1);
        let body = json!({ "into": into.0 });
        self.send(&command, Method::POST, &path, &body)
            .await
            .map(drop)
    }

    async fn split(&mut self) -> Result<(), String> {
        let Some((id, name)) = self.items.pop() else {
            return self.add_item().await;
        };
        let path = format!("/items/{id}/split");
        self.send(&format!("split {name}"), Method::POST, &path, &json!({}))
            .await
            .map(drop)
    }

    async fn be_forgotten(&mut self) -> Result<(), String> {
        self.subject.disturb();
        let begin = Instant::now();
        let me = "/participants/me";
        let called = self.call(Method::GET, me, &Value::Null).await;
        let Some(answer) = self.understood(called).await? else {
            return Ok(());
        };
        let name = answer["name"].as_str().unwrap_or_default().to_owned();
        let called = self.call(Method::DELETE, me, &Value::Null).await;
        let outcome = match called {
            Called::Done(_) => Outcome::Done,
            _ => Outcome::Unknown,
        };
        if outcome == Outcome::Done {
            self.token.clear();
        }
        self.subject.forget(Forgotten {
            name,
            outcome,
            span: (begin, Instant::now()),
        });
        self.understood(called).await.map(drop)
    }

    /// Sends a change and records the outcome.
    async fn send(
        &mut self,
        command: &str,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Option<Value>, String> {
        let sent = Instant::now();
        let called = self.call(method, path, body).await;
        let outcome = match &called {
            Called::Done(_) => ReportedOutcome::Applied,
            Called::Refused(..) | Called::Unavailable | Called::Wrong(_) => {
                ReportedOutcome::NotApplied
            }
            Called::Unknown => ReportedOutcome::Unknown,
        };
        self.ledger.add_sent(sent, command, outcome);
        self.understood(called).await
    }

    async fn call(&mut self, method: Method, path: &str, body: &Value) -> Called {
        let path = format!("/boards/{}{path}", self.subject.slug);
        let server = self.servers.any(&mut self.rng);
        call(&self.client, server, (method, &path), &self.token, body).await
    }

    /// The answer, if the request was accepted. Does what a refusal asks for.
    async fn understood(&mut self, called: Called) -> Result<Option<Value>, String> {
        match called {
            Called::Done(answer) => return Ok(Some(answer)),
            Called::Wrong(error) => return Err(error),
            Called::Refused(423, _) => {
                // Whatever comes of it: others do the same.
                self.call(Method::POST, "/reopen", &json!({})).await;
            }
            Called::Refused(status @ (401 | 404 | 410), problem)
                if !self.subject.is_disturbed() =>
            {
                // An item may be gone by a merge whose answer was lost; a process whose database is away may not know it yet.
                let is_expected = match status {
                    404 => self.subject.has_peers,
                    410 => problem["type"] == "/api#gone",
                    _ => false,
                };
                if !is_expected {
                    return Err(format!("board {}: {status} {problem}", self.subject.slug));
                }
            }
            Called::Refused(401, _) => {
                self.token.clear();
                self.items.clear();
                self.features.clear();
            }
            Called::Refused(..) | Called::Unavailable | Called::Unknown => {
                sleep(Duration::from_millis(20)).await;
            }
        }
        Ok(None)
    }

    fn new_name(&mut self, prefix: &str) -> String {
        self.names_used += 1;
        format!("{prefix} {} {}", self.label, self.names_used)
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}
