//! A client that changes what it made itself, so that no other one stands in its way, and knows what each request must have done.

mod actions;

use rand::{RngExt, rngs::StdRng};
use serde_json::Value;

use super::{
    answer::Answer, counts::KeyCounts, quota::Quota, request::KeyedRequest, sender::Sender,
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
