//! Random command sequences by several clients, with late responses, lost streams and reconnects: each page must end up
//! equal to a freshly loaded one.

use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::{
    harness::{app::Savt, client::Answer, databases::db_test, follower::Follower, soak},
    random_load::{EXPECTED_STATUSES, random_form},
};

const CLIENTS: usize = 4;
const COMMANDS: usize = 60;

/// A page, and the responses that it has not applied yet.
struct RandomClient {
    page: Follower,
    late: Vec<Answer>,
}

impl RandomClient {
    async fn submit_random_form(&mut self, rng: &mut StdRng) {
        let (path, fields) = random_form(&self.page.page.shown, rng);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let answer = self.page.person.post(&path, &fields).await;
        let status = answer.status;
        assert!(
            status == 200 || EXPECTED_STATUSES.contains(&status),
            "{path}: {}",
            answer.body
        );
        match rng.random_bool(0.7) {
            true => self.page.apply_answer(&answer),
            false => self.late.push(answer),
        }
    }

    async fn toggle_stream(&mut self) {
        match self.page.is_listening() {
            true => self.page.drop_stream(),
            false => self.page.resume().await,
        }
    }

    /// Receives some of the pending messages.
    async fn receive_some(&mut self, version: i64, rng: &mut StdRng) {
        let last = self.page.last();
        if self.page.is_listening() && last < version {
            self.page
                .receive_until(rng.random_range(last..=version))
                .await;
        }
    }

    fn apply_late_answers(&mut self) {
        for answer in self.late.drain(..) {
            self.page.apply_answer(&answer);
        }
    }

    /// Asserts that incrementally updated rows equal those that another server renders from scratch.
    async fn assert_same_on(&self, other: &Savt) {
        let own = self.page.person.page().await;
        let other = self.page.person.moved_to(other.address()).page().await;
        assert_eq!(own.shown, other.shown, "page of {}", own.me);
    }

    async fn assert_converged(&mut self) {
        if !self.page.is_listening() {
            self.page.resume().await;
        }
        self.page.assert_matches_reload().await;
        self.apply_late_answers();
        self.page.assert_matches_reload().await;
    }
}

db_test!(every_followed_page_converges);
async fn every_followed_page_converges(savt: Savt) {
    for seed in 0..soak::size(4, 12) {
        eprintln!("command sequence {seed}");
        run_sequence(&savt, StdRng::seed_from_u64(seed)).await;
    }
}

async fn run_sequence(savt: &Savt, mut rng: StdRng) {
    let host = savt.person();
    let board = host.create_board("A command sequence").await;
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let page = Follower::open(&savt.person().on_board(&board)).await;
        let late = Vec::new();
        clients.push(RandomClient { page, late });
    }
    for _ in 0..COMMANDS {
        let client = rng.random_range(0..CLIENTS);
        clients[client].submit_random_form(&mut rng).await;
        let version = host.on_board(&board).page().await.version;
        let other = &mut clients[rng.random_range(0..CLIENTS)];
        match rng.random_range(0..10) {
            0..2 => other.toggle_stream().await,
            2..6 => other.receive_some(version, &mut rng).await,
            6..7 => other.apply_late_answers(),
            7..8 => other.assert_converged().await,
            _ => {}
        }
    }
    let another = savt.another().await;
    for client in &mut clients {
        client.assert_converged().await;
        client.assert_same_on(&another).await;
    }
}
