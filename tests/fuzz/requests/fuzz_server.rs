//! SAVT with example data for requests: boards, participants, a personal link and a password; on SQLite in a temporary folder.

use std::time::Duration;

use futures_util::future::join_all;
use savt::{
    board::{Boards, CacheSize, now},
    db::{Database, Settings},
    http::client_address::TrustedProxies,
    model::{Amount, BoardAction, BrowserId, Command, ItemId, Name, PersonalLink, RowTag, Slug},
    server, store,
    view::Languages,
    web::{
        App, SitePassword,
        rate_limit::{RateLimit, RateLimiter, RateLimits},
    },
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{in_memory_server::InMemoryServer, memory_folder::memory_folder};

/// The cookies of the browsers; SAVT does not know the last one.
pub(super) const BROWSERS: [&str; 3] = [
    "0123456789abcdef0123456789abcdef",
    "fedcba9876543210fedcba9876543210",
    "00000000000000000000000000000000",
];

/// The tokens of programs; SAVT does not know the last one.
pub(super) const API_TOKENS: [&str; 3] = [
    "savt_0123456789abcdef0123456789abcdef",
    "savt_fedcba9876543210fedcba9876543210",
    "savt_00000000000000000000000000000000",
];

pub(super) const PASSWORD: &str = "sesame";

pub struct FuzzServer {
    /// Open, with claimed names, behind a proxy with rate limits, with a site password: all serve the same boards.
    apps: [InMemoryServer; 4],
    boards: Boards,
    /// A board whose slug no request contains.
    foreign: Slug,
    /// The session cookie of a browser that has logged in.
    session: String,
    pub inputs: usize,
    // The last field, so that it is dropped after everything that uses it.
    _folder: TempDir,
}

/// The board of one input.
pub struct FuzzBoard {
    pub slug: Slug,
    /// The personal link of the first browser.
    pub personal_link: String,
    /// The `etag` of its first item.
    pub item_tag: String,
}

impl FuzzServer {
    pub async fn start() -> FuzzServer {
        let folder = memory_folder();
        let url = format!("sqlite:{}/savt.db", folder.path().display());
        let settings = Settings {
            // A machine that stalls must not fail the test.
            wait: Duration::from_secs(60),
            ..Settings::new(url.parse().unwrap())
        };
        let database = Database::open(&settings).await.unwrap();
        database.migrate().await.unwrap();
        let boards = Boards::new(database, Languages::default(), CacheSize::mib(2));
        boards.start_peer_sync();
        let app = || App::new(boards.clone());
        let unlimited = RateLimit::new(1_000_000);
        let rate_limits = RateLimits {
            writes: unlimited,
            reads: unlimited,
            boards: unlimited,
            streams: unlimited,
        };
        let proxies = ["10.0.0.0/8", "127.0.0.1"].map(|text| TrustedProxies::parse(text).unwrap());
        let rate_limiter = RateLimiter::new(rate_limits, TrustedProxies::new(proxies.into()));
        let site_password = SitePassword::new(&PASSWORD.parse().unwrap()).unwrap();
        let apps = [
            app(),
            app().with_identity(savt::model::Identity::Claimed),
            app().with_rate_limits(rate_limiter),
            app().with_site_password(site_password),
        ];
        let apps = apps.map(|app| InMemoryServer::start(server::routes(app)));
        let foreign = boards.create(&name("foreign")).await.unwrap();
        let mut server = FuzzServer {
            apps,
            boards,
            foreign,
            session: String::new(),
            inputs: 0,
            _folder: folder,
        };
        server.session = server.log_in().await;
        server.fill(&server.foreign).await;
        server
    }

    async fn log_in(&self) -> String {
        let body = format!("password={PASSWORD}");
        let head = "POST /login HTTP/1.1\r\nHost: savt.example\r\nConnection: close\r\n\
            Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ";
        let request = format!("{head}{}\r\n\r\n{body}", body.len());
        let (response, _) = self.apps[3].request(request.as_bytes(), 0).await.unwrap();
        let cookie = response.header("set-cookie").expect("a session");
        let session = cookie.strip_prefix("savt-session=").unwrap();
        session.split(';').next().unwrap().to_owned()
    }

    pub fn app(&self, index: u8) -> &InMemoryServer {
        &self.apps[usize::from(index) % self.apps.len()]
    }

    pub fn session(&self) -> &str {
        &self.session
    }

    /// Creates the board of the next input.
    pub async fn create_board(&mut self) -> FuzzBoard {
        self.inputs += 1;
        let slug = self.boards.create(&name("own")).await.unwrap();
        self.fill(&slug).await;
        let handle = self.boards.open(&slug).await.unwrap();
        let snapshot = handle.read().await;
        let link = PersonalLink::issue(&snapshot.board, &token(0), now()).unwrap();
        FuzzBoard {
            item_tag: RowTag::of_item(snapshot.board.live_item(ItemId(1)).unwrap())
                .as_str()
                .to_owned(),
            slug,
            personal_link: link.secret(),
        }
    }

    /// Creates two participants and programs, two items, features with and without an item, vetoes, and a deleted feature.
    async fn fill(&self, board: &Slug) {
        let handle = self.boards.open(board).await.unwrap();
        let item = |text: &str| BoardAction::CreateItem {
            name: Some(name(text)),
            kind: None,
            fallback: name("item"),
        };
        let feature = |text: &str, item: Option<i64>, amount: i64| BoardAction::Suggest {
            name: name(text),
            amount: Amount::new(amount).unwrap(),
            item: item.map(savt::model::ItemId),
        };
        let reason = savt::model::Reason::parse("too salty").unwrap();
        let commands: [(usize, Command); 11] = [
            (0, Command::Rename(name("Ann"))),
            (1, Command::Rename(name("Bob"))),
            (0, item("Funghi").into()),
            (1, item("Napoli").into()),
            (0, feature("Basil", Some(1), 3).into()),
            (0, feature("Ham", Some(1), 1).into()),
            (1, feature("Basil", Some(2), 2).into()),
            (1, feature("Olives", None, 1).into()),
            (1, BoardAction::Veto(savt::model::FeatureId(1)).into()),
            (
                0,
                BoardAction::VetoWithReason {
                    feature: savt::model::FeatureId(4),
                    reason,
                }
                .into(),
            ),
            (
                0,
                BoardAction::DeleteFeature(savt::model::FeatureId(2)).into(),
            ),
        ];
        // All at once, so that they share a transaction. They stay in order, because one thread sends them.
        let executing = commands.map(|(browser, command)| handle.execute(token(browser), command));
        for result in join_all(executing).await {
            result.unwrap();
        }
        let programs = [Command::Claim(name("Ann")), Command::Join];
        for (program, command) in programs.into_iter().enumerate() {
            let token = hashed(API_TOKENS[program]);
            handle.execute(token, command).await.unwrap();
        }
    }

    /// The versions of the input's board and of the foreign one.
    pub async fn versions(&self, board: &FuzzBoard) -> [i64; 2] {
        let [own, foreign] = [&board.slug, &self.foreign].map(|slug| async {
            let handle = self.boards.open(slug).await.unwrap();
            handle.read().await.board.version()
        });
        [own.await, foreign.await]
    }

    /// For both boards, the tables are the same as the memory.
    pub async fn assert_consistent(&self, board: &FuzzBoard) {
        for slug in [&board.slug, &self.foreign] {
            let stored = store::load(self.boards.database(), slug).await.unwrap();
            let handle = self.boards.open(slug).await.unwrap();
            assert_eq!(stored.as_ref(), Some(&handle.read().await.board));
        }
    }

    /// `savt check` has no findings.
    pub async fn assert_check_passes(&self) {
        let mut findings = Vec::new();
        let report = |finding: store::Finding| findings.push(finding.to_string());
        let checked = store::check(self.boards.database(), report).await.unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        assert!(checked.boards as usize > self.inputs);
    }
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// The id of a browser on a board.
fn token(browser: usize) -> BrowserId {
    hashed(BROWSERS[browser])
}

fn hashed(secret: &str) -> BrowserId {
    BrowserId::from_hash(hex::encode(Sha256::digest(secret)))
}
