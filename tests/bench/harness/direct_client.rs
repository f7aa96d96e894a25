//! Clients that send vetoes to a board's writer in this process, without HTTP.

use std::{io, sync::Arc};

use savt::{
    board::{BoardHandle, Boards, CacheSize},
    db::{Database, Settings},
    model::{BoardAction, BrowserId, FeatureId, Slug},
    view::Languages,
};

use super::{closed_loop::Workload, database::copy_slug};

pub struct DirectClient {
    handle: Arc<BoardHandle>,
    /// Keeps the registry, and with it the boards, in memory.
    boards: Boards,
    who: BrowserId,
    feature: i64,
    vetoed: bool,
}

impl DirectClient {
    /// Clients that share the board `main`.
    pub async fn on_one_board(url: String, count: usize) -> Vec<DirectClient> {
        let boards = open(&url).await;
        let mut clients = Vec::new();
        for number in 1..=count {
            clients.push(DirectClient::open(&boards, &Slug::main(), number).await);
        }
        clients
    }

    /// Clients that each have a copy of it.
    pub async fn on_copies(url: String, count: usize) -> Vec<DirectClient> {
        let boards = open(&url).await;
        let mut clients = Vec::new();
        for number in 1..=count {
            let slug = Slug::parse(&copy_slug(number)).unwrap();
            clients.push(DirectClient::open(&boards, &slug, number).await);
        }
        clients
    }

    /// The boards of its process.
    pub fn boards(&self) -> &Boards {
        &self.boards
    }

    /// Opens the board, and makes two changes so that the participant exists.
    async fn open(boards: &Boards, slug: &Slug, number: usize) -> DirectClient {
        let mut client = DirectClient {
            handle: boards.open(slug).await.unwrap(),
            boards: boards.clone(),
            who: BrowserId::from_hash(format!("caller {number}")),
            feature: number as i64,
            vetoed: false,
        };
        for _ in 0..2 {
            client.run_once().await.unwrap();
        }
        client
    }
}

async fn open(url: &str) -> Boards {
    let settings = Settings::new(url.parse().unwrap());
    let database = Database::open(&settings).await.unwrap();
    let boards = Boards::new(database, Languages::default(), CacheSize::default());
    boards.start_peer_sync();
    boards
}

impl Workload for DirectClient {
    async fn run_once(&mut self) -> io::Result<()> {
        let feature = FeatureId(self.feature);
        let action = match self.vetoed {
            false => BoardAction::Veto(feature),
            true => BoardAction::WithdrawVeto(feature),
        };
        self.vetoed = !self.vetoed;
        match self.handle.execute(self.who.clone(), action).await {
            Ok(_) => Ok(()),
            Err(error) => Err(io::Error::other(format!("{error:?}"))),
        }
    }
}
