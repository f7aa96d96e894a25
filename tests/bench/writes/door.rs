//! Those who bring vetoes to a door of this very process: what the door does without HTTP before it.

use std::{io, sync::Arc};

use savt::{
    board::{Boards, KEPT, LiveBoard},
    db::{Database, Settings},
    model::{Deed, FeatureId, Slug, Token},
    view::Languages,
};

use crate::harness::{database::copy, team::Actor};

pub struct Caller {
    live: Arc<LiveBoard>,
    /// Keeps the board's others in memory.
    _boards: Boards,
    who: Token,
    feature: i64,
    vetoed: bool,
}

impl Caller {
    /// So many who share the board `main`.
    pub async fn on_one(url: String, callers: usize) -> Vec<Caller> {
        let boards = open(&url).await;
        let mut all = Vec::new();
        for number in 1..=callers {
            all.push(Caller::come(&boards, &Slug::main(), number).await);
        }
        all
    }

    /// So many, each on a copy of it.
    pub async fn on_copies(url: String, callers: usize) -> Vec<Caller> {
        let boards = open(&url).await;
        let mut all = Vec::new();
        for number in 1..=callers {
            let slug = Slug::parse(&copy(number)).unwrap();
            all.push(Caller::come(&boards, &slug, number).await);
        }
        all
    }

    /// Who has done something already, so as not to be new.
    async fn come(boards: &Boards, slug: &Slug, number: usize) -> Caller {
        let mut caller = Caller {
            live: boards.open(slug).await.unwrap(),
            _boards: boards.clone(),
            who: Token::hashed(format!("caller {number}")),
            feature: number as i64,
            vetoed: false,
        };
        for _ in 0..2 {
            caller.act().await.unwrap();
        }
        caller
    }
}

async fn open(url: &str) -> Boards {
    let settings = Settings::new(url.parse().unwrap());
    let database = Database::open(&settings).await.unwrap();
    let boards = Boards::new(database, Languages::default(), KEPT);
    boards.follow_others();
    boards
}

impl Actor for Caller {
    async fn act(&mut self) -> io::Result<()> {
        let feature = FeatureId(self.feature);
        let deed = match self.vetoed {
            false => Deed::Veto(feature),
            true => Deed::TakeBack(feature),
        };
        self.vetoed = !self.vetoed;
        match self.live.wish(self.who.clone(), deed).await {
            Ok(_) => Ok(()),
            Err(failure) => Err(io::Error::other(format!("{failure:?}"))),
        }
    }
}
