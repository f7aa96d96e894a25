//! The least a server can do on the same framework: every POST sends a message of a given length to everyone who listens, and
//! the page is always the same.
//! It speaks as SAVT does, so the same people and the same crowd play against both.

use std::{
    fs, io,
    process::ExitCode,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures_util::stream::unfold;
use poem::{
    Body, EndpointExt, Request, Response, Route, Server, get, handler,
    http::{StatusCode, header},
    listener::TcpAcceptor,
    web::Data,
};
use tokio::{
    net::TcpSocket,
    sync::broadcast::{self, Receiver, Sender},
};

/// The word that makes the bench this server; the length of a message in bytes follows, or the file that is the page.
pub const COMMAND: &str = "bare";

#[derive(Clone)]
struct Hall {
    /// Of the last message; whoever holds it is the only one who speaks or comes.
    number: Arc<Mutex<i64>>,
    bytes: usize,
    page: Bytes,
    everyone: Sender<Bytes>,
}

/// Serves until it is killed.
pub fn run(what: &str) -> ExitCode {
    let (bytes, page) = match what.parse() {
        Ok(bytes) => (bytes, Vec::new()),
        Err(_) => (0, fs::read(what).unwrap()),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(serve(bytes, page.into())).unwrap();
    ExitCode::SUCCESS
}

async fn serve(bytes: usize, page: Bytes) -> io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    // Connections have it from the socket they come by.
    socket.set_nodelay(true)?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(1_024)?;
    eprintln!("serving at http://{}/", listener.local_addr()?);
    let hall = Hall {
        number: Arc::default(),
        bytes,
        page,
        everyone: broadcast::channel(256).0,
    };
    let routes = Route::new()
        .at("/events", get(listen))
        .at("/*path", get(show).post(say))
        .data(hall);
    Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .run(routes)
        .await
}

/// Whoever says to know a page knows this one.
#[handler]
fn show(Data(hall): Data<&Hall>, request: &Request) -> Response {
    let page = Response::builder().header(header::ETAG, "\"page\"");
    match request.header(header::IF_NONE_MATCH) {
        Some(_) => page.status(StatusCode::NOT_MODIFIED).finish(),
        None => page
            .content_type("text/html; charset=utf-8")
            .body(hall.page.clone()),
    }
}

#[handler]
fn say(Data(hall): Data<&Hall>) -> Response {
    let mut number = hall.number.lock().unwrap();
    *number += 1;
    let _ = hall.everyone.send(hall.message(*number));
    Response::builder().header("savt-version", *number).finish()
}

/// Who comes is told where it is; who comes back gets one message, however many it missed.
#[handler]
fn listen(Data(hall): Data<&Hall>, request: &Request) -> Response {
    let number = hall.number.lock().unwrap();
    let messages = hall.everyone.subscribe();
    let has = request.header("Last-Event-ID");
    let first = match has.is_none_or(|id| id == number.to_string()) {
        true => format!("id: {number}\nevent: hello\ndata:\n\n").into(),
        false => hall.message(*number),
    };
    Response::builder()
        .content_type("text/event-stream")
        .body(Body::from_bytes_stream(unfold(
            (Some(first), messages),
            next,
        )))
}

impl Hall {
    fn message(&self, number: i64) -> Bytes {
        let mut message = format!("id: {number}\ndata: ");
        let rest = self.bytes.saturating_sub(message.len() + 2);
        message.extend(std::iter::repeat_n('x', rest));
        message.push_str("\n\n");
        message.into()
    }
}

type Listener = (Option<Bytes>, Receiver<Bytes>);

async fn next((first, mut messages): Listener) -> Option<(io::Result<Bytes>, Listener)> {
    let message = match first {
        Some(hello) => hello,
        None => messages.recv().await.ok()?,
    };
    Some((Ok(message), (None, messages)))
}
