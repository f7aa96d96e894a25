//! The OpenAPI document, from the handlers and resources.

mod idempotency;
mod operations;
mod problems;
mod requests;
mod security;

use std::{io::Read, sync::OnceLock};

use flate2::read::GzDecoder;
use idempotency::IdempotencyKeys;
use problems::{CommonProblems, ProblemTypes};
use requests::Requests;
use security::{Access, SecuritySchemes};
use serde_json::Value;
use utoipa::{OpenApi, openapi::OpenApi as Document};

use super::{
    handlers::{
        board, boards, closing, consent, document, events, features, items, login, participants,
        vetoes,
    },
    resources::problem::ProblemDetails,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "SAVT",
        description = "The Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it. Everything a person can do on a board, a program can do by this API. Readable at `/api`.",
        contact(name = "The operator of this installation"),
    ),
    servers((url = "/api/v1", description = "This installation")),
    paths(
        document::show,
        login::log_in,
        boards::create,
        board::show,
        board::edit,
        participants::list,
        participants::join,
        participants::show_me,
        participants::rename,
        participants::forget_me,
        participants::show,
        participants::set_aside,
        participants::bring_back,
        items::list,
        items::add,
        items::show,
        items::edit,
        items::delete,
        items::merge,
        items::split,
        features::list,
        features::suggest,
        features::show,
        features::edit,
        features::delete,
        vetoes::veto,
        vetoes::withdraw,
        consent::consent,
        consent::withdraw,
        closing::close,
        closing::reopen,
        closing::result,
        events::read,
        events::undo,
    ),
    components(schemas(ProblemDetails)),
    modifiers(&SecuritySchemes, &IdempotencyKeys, &Requests, &CommonProblems, &ProblemTypes, &Access),
    tags(
        (name = "boards", description = "A board is one group decision."),
        (name = "participants", description = "Who takes part in a decision."),
        (name = "items", description = "What the group chooses among."),
        (name = "features", description = "What is suggested for the items."),
        (name = "vetoes", description = "Objections to features."),
        (name = "events", description = "What happened, as it happens, and undo."),
        (name = "decision", description = "Consent, closing and the result."),
        (name = "installation", description = "This document, and access to the installation."),
    ),
)]
struct Api;

/// The document, from the code. Only tests call it: the program has it as a file, because the code that utoipa generates for it takes
/// megabytes. A test compares the two.
pub fn document() -> Document {
    Api::openapi()
}

/// The file that `make openapi` writes, compressed by the build script.
const COMPRESSED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));

/// The document as it is sent, decompressed once.
pub(super) fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut text = String::new();
        // Cannot fail: the build script has just compressed it.
        let _ = GzDecoder::new(COMPRESSED).read_to_string(&mut text);
        text
    })
}

/// The document as data, parsed once.
pub(super) fn json() -> &'static Value {
    static PARSED: OnceLock<Value> = OnceLock::new();
    PARSED.get_or_init(|| serde_json::from_str(text()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::{env, fs, thread};

    use super::*;

    /// Without optimization, the functions that utoipa generates take more of the stack than the thread of a test has, in bytes.
    const STACK: usize = 16 * 1024 * 1024;

    #[test]
    fn the_file_is_the_document_of_the_code() {
        let write = || document().to_pretty_json().unwrap() + "\n";
        let thread = thread::Builder::new().stack_size(STACK).spawn(write);
        let written = thread.unwrap().join().unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/openapi.json");
        if env::var_os("SAVT_WRITE_OPENAPI").is_some() {
            fs::write(path, &written).unwrap();
        }
        let is_current = fs::read_to_string(path).unwrap() == written;
        assert!(is_current, "the API has changed: run `make openapi`");
        assert!(json().is_object());
    }
}
