//! The baseline: a minimal server on the same framework. Every POST sends a message of a given length to all streams, and the
//! page never changes. It has the same HTTP interface as SAVT, so the same clients can use both.

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

/// The argument that makes the bench binary run this server. The length of a message in bytes follows, or the file that
/// contains the page.
pub const COMMAND: &str = "bare";

#[derive(Clone)]
struct State {
    /// The number of the last message. Holding the lock serialises publishing and subscribing.
    number: Arc<Mutex<i64>>,
    bytes: usize,
    page: Bytes,
    subscribers: Sender<Bytes>,
}

/// Serves until it is killed.
pub fn run(argument: &str) -> ExitCode {
    let (bytes, page) = match argument.parse() {
        Ok(bytes) => (bytes, Vec::new()),
        Err(_) => (0, fs::read(argument).unwrap()),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(serve(bytes, page.into())).unwrap();
    ExitCode::SUCCESS
}

async fn serve(bytes: usize, page: Bytes) -> io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    // Accepted connections inherit this option.
    socket.set_nodelay(true)?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(1_024)?;
    eprintln!("serving at http://{}/", listener.local_addr()?);
    let state = State {
        number: Arc::default(),
        bytes,
        page,
        subscribers: broadcast::channel(256).0,
    };
    let routes = Route::new()
        .at("/events", get(open_stream))
        .at("/*path", get(load_page).post(publish))
        .data(state);
    Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .run(routes)
        .await
}

/// Any `If-None-Match` counts as current.
#[handler]
fn load_page(Data(state): Data<&State>, request: &Request) -> Response {
    let response = Response::builder().header(header::ETAG, "\"page\"");
    match request.header(header::IF_NONE_MATCH) {
        Some(_) => response.status(StatusCode::NOT_MODIFIED).finish(),
        None => response
            .content_type("text/html; charset=utf-8")
            .body(state.page.clone()),
    }
}

#[handler]
fn publish(Data(state): Data<&State>) -> Response {
    let mut number = state.number.lock().unwrap();
    *number += 1;
    let _ = state.subscribers.send(state.message(*number));
    Response::builder().header("savt-version", *number).finish()
}

/// A new stream starts with the current number; a reconnecting one gets one message, however many it missed.
#[handler]
fn open_stream(Data(state): Data<&State>, request: &Request) -> Response {
    let number = state.number.lock().unwrap();
    let messages = state.subscribers.subscribe();
    let last_id = request.header("Last-Event-ID");
    let first = match last_id.is_none_or(|id| id == number.to_string()) {
        true => format!("id: {number}\nevent: hello\ndata:\n\n").into(),
        false => state.message(*number),
    };
    Response::builder()
        .content_type("text/event-stream")
        .body(Body::from_bytes_stream(unfold(
            (Some(first), messages),
            next,
        )))
}

impl State {
    fn message(&self, number: i64) -> Bytes {
        let mut message = format!("id: {number}\ndata: ");
        let padding = self.bytes.saturating_sub(message.len() + 2);
        message.extend(std::iter::repeat_n('x', padding));
        message.push_str("\n\n");
        message.into()
    }
}

type StreamState = (Option<Bytes>, Receiver<Bytes>);

async fn next((first, mut messages): StreamState) -> Option<(io::Result<Bytes>, StreamState)> {
    let message = match first {
        Some(first) => first,
        None => messages.recv().await.ok()?,
    };
    Some((Ok(message), (None, messages)))
}
