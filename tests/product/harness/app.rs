//! A SAVT inside the test process, on a port of its own.

use std::net::SocketAddr;

use poem::{Server, listener::TcpAcceptor};
use savt::{
    board::Boards,
    db::{Database, Settings},
    model::{Board, Slug},
    store,
    view::Terms,
    web::{self, App},
};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    client::Person,
    databases::{Fresh, Given},
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
    boards: Boards,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Given for Savt {
    async fn given(fresh: Fresh) -> Savt {
        Savt {
            running: Running::on(fresh.url()).await,
            url: fresh.url().to_owned(),
            _fresh: Some(fresh),
        }
    }
}

impl Savt {
    /// One on a database that has its tables already, as another process on it would be.
    pub async fn at(url: &str) -> Savt {
        Savt {
            running: Running::on(url).await,
            url: url.to_owned(),
            _fresh: None,
        }
    }

    /// Another one on the same database.
    pub async fn another(&self) -> Savt {
        Savt::at(&self.url).await
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    pub fn database(&self) -> &Database {
        self.running.boards.database()
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

    /// The board at `/` as the tables hold it.
    pub async fn stored(&self) -> Board {
        let board = store::load(self.database(), &Slug::main()).await.unwrap();
        board.unwrap()
    }

    /// The board at `/` as it is in memory.
    pub async fn remembered(&self) -> Board {
        let live = self.running.boards.open(&Slug::main()).await.unwrap();
        live.read().await.board.clone()
    }
}

impl Running {
    async fn on(url: &str) -> Running {
        let settings = Settings::new(url.parse().unwrap());
        let database = Database::open(&settings).await.unwrap();
        let terms = Terms::new("pizza".to_owned(), None, "topping".to_owned(), None);
        let boards = Boards::new(database, terms);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::new_with_acceptor(TcpAcceptor::from_tokio(listener).unwrap());
        let routes = web::routes(App::new(boards.clone()));
        Running {
            boards,
            address,
            server: tokio::spawn(async { server.run(routes).await.unwrap() }),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}
