//! What only a browser shows: that a change leaves the page standing, where the focus goes, how it looks, and that
//! all of it works without script as well.

mod looks;
mod with_script;
mod without_script;

use std::net::SocketAddr;

use poem::{Server, listener::TcpAcceptor};
use savt::{
    board::Boards,
    db::Backend,
    view::Terms,
    web::{self, App},
};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::harness::{browser::Browser, databases::Fresh};

/// A SAVT about pizzas and toppings, for the time of a test.
struct Savt {
    address: SocketAddr,
    boards: Boards,
    server: JoinHandle<()>,
    _fresh: Fresh,
}

impl Savt {
    async fn new() -> Savt {
        let fresh = Fresh::migrated(Backend::Sqlite).await;
        let terms = Terms::new("pizza".to_owned(), None, "topping".to_owned(), None);
        let boards = Boards::new(fresh.open().await, terms);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::new_with_acceptor(TcpAcceptor::from_tokio(listener).unwrap());
        let routes = web::routes(App::new(boards.clone()));
        Savt {
            address,
            boards,
            server: tokio::spawn(async { server.run(routes).await.unwrap() }),
            _fresh: fresh,
        }
    }

    async fn browser(&self) -> Browser {
        Browser::at(self.address).await
    }
}

impl Drop for Savt {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A browser at a board with one pizza, Margherita, on which is Mozzarella.
async fn at_a_pizza(savt: &Savt) -> Browser {
    let browser = savt.browser().await;
    browser
        .type_into("#create-item input[name=name]", "Margherita\n")
        .await;
    browser.focus_on("#item-1 .suggest input[name=name]").await;
    browser.keys("Mozzarella\n").await;
    browser.see("#feature-1").await;
    browser
}
