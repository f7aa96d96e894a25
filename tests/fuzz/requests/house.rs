//! A SAVT with everything in it that can be asked for: boards, people, a personal link, a password; on SQLite in a folder that
//! goes with it.

use std::time::Duration;

use futures_util::future::join_all;
use savt::{
    board::{Boards, now},
    db::{Database, Settings},
    model::{Amount, Deed, Name, PersonalLink, Slug, Token, Wish},
    store,
    view::Languages,
    web::{
        self, App, Lock, TrustedProxies,
        middleware::pace::{Allowance, Allowances, Pace},
    },
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::wire::Wire;

/// What browsers have in their cookies; the last one's was never here.
pub(super) const BROWSERS: [&str; 3] = [
    "0123456789abcdef0123456789abcdef",
    "fedcba9876543210fedcba9876543210",
    "00000000000000000000000000000000",
];

pub(super) const PASSWORD: &str = "sesame";

pub struct House {
    /// Open, by claimed names, behind a proxy with limits, with a password: all of the same boards.
    doors: [Wire; 4],
    boards: Boards,
    /// Somebody else's board, of which nobody here knows the address.
    foreign: Slug,
    /// Of a browser that has been let in.
    session: String,
    pub visits: usize,
    // After the rest, so that nobody uses it when it goes.
    _folder: TempDir,
}

/// What one visitor finds.
pub struct Table {
    /// A board that nobody else has.
    pub board: Slug,
    /// The link of the first browser there.
    pub link: String,
}

impl House {
    pub async fn built() -> House {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/savt.db", folder.path().display());
        let settings = Settings {
            // A machine that stands still is no fault of SAVT's.
            wait: Duration::from_secs(60),
            ..Settings::new(url.parse().unwrap())
        };
        let database = Database::open(&settings).await.unwrap();
        database.migrate().await.unwrap();
        let boards = Boards::new(database, Languages::default(), 8);
        boards.follow_others();
        let app = || App::new(boards.clone());
        let often = Allowance::of(1_000_000);
        let allowances = Allowances {
            writes: often,
            reads: often,
            boards: often,
            streams: often,
        };
        let proxies = ["10.0.0.0/8", "127.0.0.1"].map(|text| TrustedProxies::parse(text).unwrap());
        let pace = Pace::new(allowances, TrustedProxies::new(proxies.into()));
        let lock = Lock::new(&PASSWORD.parse().unwrap()).unwrap();
        let apps = [
            app(),
            app().with_identity(savt::model::Identity::Claimed),
            app().at_pace(pace),
            app().with_lock(lock),
        ];
        let doors = apps.map(|app| Wire::to(web::routes(app)));
        let foreign = boards.create(&name("theirs")).await.unwrap();
        let mut house = House {
            doors,
            boards,
            foreign,
            session: String::new(),
            visits: 0,
            _folder: folder,
        };
        house.session = house.let_in().await;
        house.play(&house.foreign).await;
        house
    }

    async fn let_in(&self) -> String {
        let body = format!("password={PASSWORD}");
        let head = "POST /login HTTP/1.1\r\nHost: savt.example\r\nConnection: close\r\n\
            Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ";
        let request = format!("{head}{}\r\n\r\n{body}", body.len());
        let (answer, _) = self.doors[3].ask(request.as_bytes(), 0).await.unwrap();
        let cookie = answer.header("set-cookie").expect("a session");
        let session = cookie.strip_prefix("savt-session=").unwrap();
        session.split(';').next().unwrap().to_owned()
    }

    pub fn door(&self, number: u8) -> &Wire {
        &self.doors[usize::from(number) % self.doors.len()]
    }

    pub fn session(&self) -> &str {
        &self.session
    }

    pub async fn lay(&mut self) -> Table {
        self.visits += 1;
        let board = self.boards.create(&name("ours")).await.unwrap();
        self.play(&board).await;
        let live = self.boards.open(&board).await.unwrap();
        let snapshot = live.read().await;
        let link = PersonalLink::of(&snapshot.board, &token(0), now()).unwrap();
        Table {
            board,
            link: link.secret(),
        }
    }

    /// Two people, two items, features within and without, vetoes, and something deleted.
    async fn play(&self, board: &Slug) {
        let live = self.boards.open(board).await.unwrap();
        let item = |called: &str| Deed::CreateItem {
            name: Some(name(called)),
            kind: None,
            fallback: name("item"),
        };
        let feature = |called: &str, item: Option<i64>, much: i64| Deed::Suggest {
            name: name(called),
            amount: Amount::new(much).unwrap(),
            item: item.map(savt::model::ItemId),
        };
        let reason = savt::model::Reason::parse("too salty").unwrap();
        let wishes: [(usize, Wish); 11] = [
            (0, Wish::Call(name("Ann"))),
            (1, Wish::Call(name("Bob"))),
            (0, item("Funghi").into()),
            (1, item("Napoli").into()),
            (0, feature("Basil", Some(1), 3).into()),
            (0, feature("Ham", Some(1), 1).into()),
            (1, feature("Basil", Some(2), 2).into()),
            (1, feature("Olives", None, 1).into()),
            (1, Deed::Veto(savt::model::FeatureId(1)).into()),
            (
                0,
                Deed::VetoBecause {
                    feature: savt::model::FeatureId(4),
                    reason,
                }
                .into(),
            ),
            (0, Deed::DeleteFeature(savt::model::FeatureId(2)).into()),
        ];
        // All at once, so that they take one transaction; in their order, for one thread asks for them.
        let all = wishes.map(|(by, wish)| live.wish(token(by), wish));
        for done in join_all(all).await {
            done.unwrap();
        }
    }

    /// The numbers of the last events of the visitor's board and the other.
    pub async fn versions(&self, table: &Table) -> [i64; 2] {
        let [ours, theirs] = [&table.board, &self.foreign].map(|slug| async {
            let live = self.boards.open(slug).await.unwrap();
            live.read().await.board.version()
        });
        [ours.await, theirs.await]
    }

    /// The tables hold what is in memory, and the other board is as it was.
    pub async fn agrees(&self, table: &Table) {
        for slug in [&table.board, &self.foreign] {
            let stored = store::load(self.boards.database(), slug).await.unwrap();
            let live = self.boards.open(slug).await.unwrap();
            assert_eq!(stored.as_ref(), Some(&live.read().await.board));
        }
    }

    /// What `savt check` finds.
    pub async fn is_well(&self) {
        let mut findings = Vec::new();
        let tell = |finding: store::Finding| findings.push(finding.to_string());
        let checked = store::check(self.boards.database(), tell).await.unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        assert!(checked.boards as usize > self.visits);
    }
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// What boards know a browser by.
fn token(browser: usize) -> Token {
    Token::hashed(hex::encode(Sha256::digest(BROWSERS[browser])))
}
