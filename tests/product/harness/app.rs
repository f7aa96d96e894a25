//! A SAVT inside the test process, on a port of its own.

use std::net::SocketAddr;

use poem::Server;
use savt::{
    board::{Boards, CacheState, KEPT},
    db::{Backend, Database, Settings, Transaction},
    model::{Board, Slug},
    monitor::{self, Monitoring},
    seed, store,
    view::{ByLanguage, Language, Languages, Terms},
    web::{
        self, App,
        listener::{Deadlines, Listener},
    },
};
use tokio::task::JoinHandle;

use super::{
    client::Person,
    databases::{Fresh, Given},
    exposition::Exposition,
};

/// A SAVT about pizzas and toppings that serves a database of its own.
pub struct Savt {
    running: Running,
    url: String,
    // After the rest, so that nobody uses it when it goes.
    _fresh: Option<Fresh>,
}

/// Ends with the test.
struct Running {
    app: App,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Given for Savt {
    async fn given(fresh: Fresh) -> Savt {
        Savt {
            running: Running::on(fresh.url(), KEPT, Deadlines::default(), |app| app).await,
            url: fresh.url().to_owned(),
            _fresh: Some(fresh),
        }
    }
}

impl Savt {
    /// One on a database that has its tables already, as another process on it would be.
    pub async fn at(url: &str) -> Savt {
        Savt::with(url, KEPT, Deadlines::default()).await
    }

    /// One that keeps so many boards and waits so long for clients.
    async fn with(url: &str, kept: u64, deadlines: Deadlines) -> Savt {
        Savt {
            running: Running::on(url, kept, deadlines, |app| app).await,
            url: url.to_owned(),
            _fresh: None,
        }
    }

    /// Another one on the same database that is set up otherwise.
    pub async fn another_that_is(&self, set_up: impl FnOnce(App) -> App) -> Savt {
        Savt {
            running: Running::on(&self.url, KEPT, Deadlines::default(), set_up).await,
            url: self.url.clone(),
            _fresh: None,
        }
    }

    /// Another one on the same database.
    pub async fn another(&self) -> Savt {
        Savt::at(&self.url).await
    }

    /// Another one on the same database that keeps this many boards in memory.
    pub async fn another_that_keeps(&self, kept: u64) -> Savt {
        Savt::with(&self.url, kept, Deadlines::default()).await
    }

    /// Another one on the same database that waits this long for clients.
    pub async fn another_that_waits(&self, deadlines: Deadlines) -> Savt {
        Savt::with(&self.url, KEPT, deadlines).await
    }

    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// How well its memory has served.
    pub fn cache_state(&self) -> CacheState {
        self.running.boards().cache_state()
    }

    pub fn boards(&self) -> &Boards {
        self.running.boards()
    }

    pub fn database(&self) -> &Database {
        self.running.boards().database()
    }

    /// Every connection that could write, so that nobody else can as long as these are kept.
    pub async fn hold_writers(&self) -> Vec<Transaction> {
        let database = self.database();
        let writers = match database.backend() {
            Backend::Sqlite => 1,
            Backend::Postgres => database.pool_state().at_most,
        };
        let mut held = Vec::new();
        for _ in 0..writers {
            held.push(database.write().await.unwrap());
        }
        held
    }

    /// Somebody with a browser that was never here.
    pub fn person(&self) -> Person {
        Person::at(self.address())
    }

    /// As many of them as one likes.
    pub fn people(&self, number: usize) -> Vec<Person> {
        (0..number).map(|_| self.person()).collect()
    }

    /// Somebody who is called this here.
    pub async fn person_called(&self, name: &str) -> Person {
        let person = self.person();
        person.call(name).await;
        person
    }

    /// Fills the board at `/` up to this many items, each with this many features.
    pub async fn fill(&self, items: u32, features: u32) {
        let size = seed::Size {
            items,
            features,
            people: 8,
        };
        seed::large(self.running.boards(), size).await.unwrap();
    }

    /// The board of `savt seed`.
    pub async fn demo(&self) {
        seed::demo(self.running.boards()).await.unwrap();
    }

    /// The board at `/` as the tables hold it.
    pub async fn stored(&self) -> Board {
        let board = store::load(self.database(), &Slug::main()).await.unwrap();
        board.unwrap()
    }

    /// The board at `/` as it is in memory.
    pub async fn remembered(&self) -> Board {
        let live = self.running.boards().open(&Slug::main()).await.unwrap();
        live.read().await.board.clone()
    }
}

impl Running {
    async fn on(
        url: &str,
        kept: u64,
        deadlines: Deadlines,
        set_up: impl FnOnce(App) -> App,
    ) -> Running {
        let settings = Settings::new(url.parse().unwrap());
        let database = Database::open(&settings).await.unwrap();
        let terms = |language| match language {
            Language::English => Terms::new("pizza".to_owned(), None, "topping".to_owned(), None),
            Language::German => Terms {
                item: "Pizza".to_owned(),
                items: "Pizzen".to_owned(),
                feature: "Belag".to_owned(),
                features: "Beläge".to_owned(),
            },
        };
        let languages = Languages::new(&ByLanguage::from_fn(terms));
        let boards = Boards::new(database, languages, kept);
        boards.follow_others();
        let listener = Listener::bind("127.0.0.1:0", deadlines);
        let listener = listener.await.unwrap();
        let address = listener.addresses().next().unwrap();
        // Not `web::serve`: that would take Ctrl-C away from whoever runs the tests.
        let server = Server::new_with_acceptor(listener);
        let app = set_up(App::new(boards));
        let routes = web::routes(app.clone());
        Running {
            app,
            address,
            server: tokio::spawn(async { server.run(routes).await.unwrap() }),
        }
    }

    fn boards(&self) -> &Boards {
        self.app.boards()
    }
}

/// What a SAVT's keepers look at.
pub struct Monitor {
    pub address: SocketAddr,
    _monitoring: Monitoring,
}

impl Monitor {
    pub async fn of(savt: &Savt) -> Monitor {
        let listener = Listener::bind("127.0.0.1:0", Deadlines::default());
        let listener = listener.await.unwrap();
        let address = listener.addresses().next().unwrap();
        Monitor {
            address,
            _monitoring: monitor::start(listener, &savt.running.app),
        }
    }

    /// What Prometheus would collect now.
    pub async fn metrics(&self) -> Exposition {
        let answer = Person::at(self.address).get("/metrics").await.is(200);
        let text = "text/plain; version=0.0.4; charset=utf-8";
        assert_eq!(answer.header("content-type"), text);
        Exposition::parse(&answer.body)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}
