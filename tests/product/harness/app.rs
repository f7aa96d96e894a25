//! A SAVT server inside the test process, on its own port.

use std::net::SocketAddr;

use poem::Server;
use savt::{
    board::{Boards, CacheSize, CacheState, CommandError},
    db::{Backend, Database, Settings, Transaction},
    http::listener::{Deadlines, Listener},
    model::{Board, Limits, Slug},
    monitor, seed, server, store,
    view::{ByLanguage, Language, Languages, Terminology},
    web::App,
    webhook::Webhooks,
};
use tokio::task::JoinHandle;

use super::{
    client::TestClient,
    databases::{Fresh, FromDatabase},
    exposition::Exposition,
};

/// A server with the terminology "pizza" and "topping".
pub struct Savt {
    running: RunningServer,
    url: String,
    // Declared last: the server must stop before its database is dropped.
    _fresh: Option<Fresh>,
}

/// Stops when dropped.
struct RunningServer {
    app: App,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl FromDatabase for Savt {
    async fn from_database(fresh: Fresh) -> Savt {
        Savt {
            running: RunningServer::start(
                fresh.url(),
                CacheSize::default(),
                Deadlines::default(),
                |app| app,
            )
            .await,
            url: fresh.url().to_owned(),
            _fresh: Some(fresh),
        }
    }
}

impl Savt {
    /// Starts a server on a migrated database, as a second process would.
    pub async fn at(url: &str) -> Savt {
        Savt::with(url, CacheSize::default(), Deadlines::default()).await
    }

    async fn with(url: &str, cache_size: CacheSize, deadlines: Deadlines) -> Savt {
        Savt {
            running: RunningServer::start(url, cache_size, deadlines, |app| app).await,
            url: url.to_owned(),
            _fresh: None,
        }
    }

    /// Starts another server on the same database with a different configuration.
    pub async fn another_with(&self, set_up: impl FnOnce(App) -> App) -> Savt {
        Savt {
            running: RunningServer::start(
                &self.url,
                CacheSize::default(),
                Deadlines::default(),
                set_up,
            )
            .await,
            url: self.url.clone(),
            _fresh: None,
        }
    }

    /// Starts another server on the same database.
    pub async fn another(&self) -> Savt {
        Savt::at(&self.url).await
    }

    /// Starts another server on the same database with a cache of this size.
    pub async fn another_with_cache(&self, cache_size: CacheSize) -> Savt {
        Savt::with(&self.url, cache_size, Deadlines::default()).await
    }

    /// Starts another server on the same database with these limits.
    pub async fn another_with_limits(&self, limits: Limits) -> Savt {
        let settings = (CacheSize::default(), Deadlines::default(), limits);
        Savt {
            running: RunningServer::start_with(&self.url, settings, pizza_terms(), |app| app).await,
            url: self.url.clone(),
            _fresh: None,
        }
    }

    /// Starts another server on the same database with this word for items and features, in all languages.
    pub async fn another_with_word(&self, word: &str) -> Savt {
        let terms = ByLanguage::from_fn(|_| Terminology {
            item: word.to_owned(),
            items: word.to_owned(),
            feature: word.to_owned(),
            features: word.to_owned(),
        });
        let settings = (
            CacheSize::default(),
            Deadlines::default(),
            Limits::default(),
        );
        Savt {
            running: RunningServer::start_with(&self.url, settings, terms, |app| app).await,
            url: self.url.clone(),
            _fresh: None,
        }
    }

    /// Starts another server on the same database with these connection deadlines.
    pub async fn another_with_deadlines(&self, deadlines: Deadlines) -> Savt {
        Savt::with(&self.url, CacheSize::default(), deadlines).await
    }

    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// The URL of its database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The counters of the board cache.
    pub fn cache_state(&self) -> CacheState {
        self.running.boards().cache_state()
    }

    pub fn boards(&self) -> &Boards {
        self.running.boards()
    }

    pub fn database(&self) -> &Database {
        self.running.boards().database()
    }

    /// Acquires every connection that can write. No other write succeeds until the result is dropped.
    pub async fn hold_writers(&self) -> Vec<Transaction> {
        let database = self.database();
        let writers = match database.backend() {
            Backend::Sqlite => 1,
            Backend::Postgres => database.pool_state().max,
        };
        let mut held = Vec::new();
        for _ in 0..writers {
            held.push(database.write().await.unwrap());
        }
        held
    }

    /// A client without cookies.
    pub fn person(&self) -> TestClient {
        TestClient::at(self.address())
    }

    /// This many clients without cookies.
    pub fn people(&self, number: usize) -> Vec<TestClient> {
        (0..number).map(|_| self.person()).collect()
    }

    /// A client that has taken this name.
    pub async fn person_called(&self, name: &str) -> TestClient {
        let person = self.person();
        person.set_name(name).await;
        person
    }

    /// Fills the board `main` up to this many items with this many features each.
    pub async fn fill(&self, items: u32, features: u32) {
        let size = seed::Size {
            items,
            features,
            people: 8,
        };
        // On a slow machine a commit can take longer than a command waits. What is there already is kept.
        loop {
            match seed::large(self.running.boards(), size).await {
                Err(seed::Error::Command(CommandError::Unconfirmed)) => {}
                filled => {
                    filled.unwrap();
                    return;
                }
            }
        }
    }

    /// Creates the demo board of `savt seed`.
    pub async fn demo(&self) {
        seed::demo(self.running.boards()).await.unwrap();
    }

    /// The board `main`, loaded from the tables.
    pub async fn stored(&self) -> Board {
        let board = store::load(self.database(), &Slug::main()).await.unwrap();
        board.unwrap()
    }

    /// The board `main` in the server's memory.
    pub async fn board_in_memory(&self) -> Board {
        let live = self.running.boards().open(&Slug::main()).await.unwrap();
        live.read().await.board.clone()
    }
}

/// Pizzas and toppings.
fn pizza_terms() -> ByLanguage<Terminology> {
    ByLanguage::from_fn(|language| match language {
        Language::English => Terminology::new("pizza".to_owned(), None, "topping".to_owned(), None),
        Language::German => Terminology {
            item: "Pizza".to_owned(),
            items: "Pizzen".to_owned(),
            feature: "Belag".to_owned(),
            features: "Beläge".to_owned(),
        },
    })
}

impl RunningServer {
    async fn start(
        url: &str,
        cache_size: CacheSize,
        deadlines: Deadlines,
        set_up: impl FnOnce(App) -> App,
    ) -> RunningServer {
        let settings = (cache_size, deadlines, Limits::default());
        RunningServer::start_with(url, settings, pizza_terms(), set_up).await
    }

    async fn start_with(
        url: &str,
        (cache_size, deadlines, limits): (CacheSize, Deadlines, Limits),
        terms: ByLanguage<Terminology>,
        set_up: impl FnOnce(App) -> App,
    ) -> RunningServer {
        let settings = Settings::new(url.parse().unwrap());
        let database = Database::open(&settings).await.unwrap();
        let languages = Languages::new(&terms);
        let boards = Boards::with_limits(database, languages, cache_size, limits);
        boards.start_peer_sync();
        let listener = Listener::bind("127.0.0.1:0", deadlines);
        let listener = listener.await.unwrap();
        let address = listener.addresses().next().unwrap();
        // Not `server::serve`: it would handle Ctrl-C, which must stop the tests.
        let server = Server::new_with_acceptor(listener);
        let app = set_up(App::new(boards));
        let routes = server::routes(app.clone());
        RunningServer {
            app,
            address,
            server: tokio::spawn(async { server.run(routes).await.unwrap() }),
        }
    }

    fn boards(&self) -> &Boards {
        self.app.boards()
    }
}

/// The monitor of a server, on its own port.
pub struct Monitor {
    pub address: SocketAddr,
    _monitoring: monitor::Monitor,
}

impl Monitor {
    pub async fn start(savt: &Savt) -> Monitor {
        Monitor::start_with(savt, None).await
    }

    /// The same with the webhooks of the server.
    pub async fn start_with(savt: &Savt, webhooks: Option<Webhooks>) -> Monitor {
        let listener = Listener::bind("127.0.0.1:0", Deadlines::default());
        let listener = listener.await.unwrap();
        let address = listener.addresses().next().unwrap();
        let app = &savt.running.app;
        let mut monitoring = monitor::Monitor::new(listener, app.allowed_hosts().clone());
        monitoring.serve(app, webhooks);
        Monitor {
            address,
            _monitoring: monitoring,
        }
    }

    /// Fetches and parses `/metrics`.
    pub async fn metrics(&self) -> Exposition {
        let answer = TestClient::at(self.address).get("/metrics").await.is(200);
        let text = "text/plain; version=0.0.4; charset=utf-8";
        assert_eq!(answer.header("content-type"), text);
        Exposition::parse(&answer.body)
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}
