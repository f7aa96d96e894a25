//! Sends arbitrary HTTP requests to SAVT: no response is a 5xx, rejected and read-only requests change nothing, no input is
//! reflected as markup, every error of the API is a problem in JSON, and at the end the tables, the log and the memory are consistent.
//! A panic in any task ends the fuzzer immediately.

mod api_input;
mod fuzz_server;
mod in_memory_server;
#[path = "../product/harness/memory_folder.rs"]
pub mod memory_folder;
mod request_input;

use std::cell::RefCell;

use serde_json::Value;

use tokio::runtime::{Builder, Runtime};

use crate::text_input::MARKUP;
use api_input::ApiCall;
use fuzz_server::{FuzzBoard, FuzzServer};
use in_memory_server::{Response, ResponseStream};
use request_input::RequestInput;
pub use request_input::RequestSequence;

/// After so many inputs the database is checked and replaced, because a growing database gets slower.
const INPUTS_PER_SERVER: usize = 250;

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().unwrap();
    static SERVER: RefCell<Option<FuzzServer>> = const { RefCell::new(None) };
}

/// Sends the requests to a new board on the shared server.
pub fn run(sequence: RequestSequence) {
    RUNTIME.with(|runtime| {
        SERVER.with_borrow_mut(|shared| runtime.block_on(send_all(shared, sequence)))
    });
}

async fn send_all(shared: &mut Option<FuzzServer>, sequence: RequestSequence) {
    if shared.is_none() {
        *shared = Some(FuzzServer::start().await);
    }
    let server = shared.as_mut().unwrap();
    let board = server.create_board().await;
    let mut streams = Vec::new();
    for request in sequence.requests {
        streams.extend(send(server, &board, sequence.app, &request).await);
    }
    drop(streams);
    server.assert_consistent(&board).await;
    if server.inputs >= INPUTS_PER_SERVER {
        server.assert_check_passes().await;
        *shared = None;
    }
}

/// Sends a request and checks the response; returns an event stream that stays open.
async fn send(
    server: &FuzzServer,
    board: &FuzzBoard,
    app: u8,
    request: &RequestInput,
) -> Option<ResponseStream> {
    let before = server.versions(board).await;
    let bytes = request.bytes(server, board);
    let app = server.app(app);
    if let RequestInput::Raw(peer, _) = request {
        // A client that disconnects immediately may get no response.
        app.send_raw(&bytes, *peer).await;
        return None;
    }
    let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(600)]).into_owned();
    let Some((response, stream)) = app.request(&bytes, request.peer()).await else {
        panic!("no response to {}", shown());
    };
    let status = response.status;
    assert!(status < 500, "{status} to {}", shown());
    if status >= 400 || !request.may_change_data() {
        let after = server.versions(board).await;
        assert_eq!(before, after, "{status} to {} changed something", shown());
    }
    match request {
        RequestInput::Call(call) => assert_is_of_api(&response, call, &shown),
        _ => assert_harmless(&response, &shown),
    }
    stream
}

/// Every error is a problem (RFC 9457), and everything else is JSON or empty.
fn assert_is_of_api(response: &Response, call: &ApiCall, shown: &impl Fn() -> String) {
    let status = response.status;
    let expected = match status {
        400.. => Some("application/problem+json"),
        204 | 304 => None,
        _ => Some("application/json"),
    };
    let content_type = response.header("content-type");
    let is_stream = content_type == Some("text/event-stream") && status == 200;
    let is_expected = content_type == expected || is_stream;
    assert!(is_expected, "{status} as {content_type:?} to {}", shown());
    let is_plain = response.header("content-encoding").is_none();
    if status >= 400 && is_plain && call.method() != "HEAD" {
        let problem: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(problem["status"], status, "{}", shown());
        for member in ["type", "title", "detail"] {
            assert!(problem[member].is_string(), "{problem} to {}", shown());
        }
    }
    let to = response.header("location").unwrap_or("/api/v1/");
    assert!(to.starts_with("/api/v1/"), "{to} from {}", shown());
}

fn assert_harmless(response: &Response, shown: &impl Fn() -> String) {
    // Compressed bodies are not checked: the same pages are also sent uncompressed.
    let body = String::from_utf8_lossy(&response.body);
    assert!(!body.contains(MARKUP), "markup reflected from {}", shown());
    if let Some(to) = response.header("location") {
        let is_local = to.starts_with('/') && !to.starts_with("//");
        assert!(is_local, "redirected to {to} by {}", shown());
    }
}
