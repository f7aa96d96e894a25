//! One board as a whole, and its settings.

use poem::http::{HeaderMap, header};

use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::Problem,
        resources::{
            board::{Board, BoardPatch},
            problem::ProblemDetails,
            time,
        },
    },
    board::{Coding, Document, Snapshot, now},
    http::{etag, middleware::compression},
    model::{self, BoardAction, FieldEdit, Name, Purpose, SettingsEdit, Timestamp},
    view::{self, Language, Message},
};

/// Read a board
///
/// With everything on it. Send the `ETag` as `If-None-Match` to get 304 while nothing has changed.
#[utoipa::path(get, path = "/boards/{slug}", tag = "boards", operation_id = "read_board",
    params(
        ("slug", description = "The slug of the board; `main` for the board at `/`"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the board as you know it"),
    ),
    responses(
        (status = 200, description = "The board", body = Board, headers(("ETag" = String, description = "The version"))),
        (status = 304, description = "The board is as you know it", headers(("ETag" = String, description = "The version"))),
    ))]
pub(in crate::api) async fn show(call: Call) -> Result<Answer, Problem> {
    let snapshot = call.read().await?;
    let at = now();
    let tag = tag(&snapshot.board, at);
    match etag::matches(&call.headers, &tag) {
        true => Ok(Answer::not_modified().with(header::ETAG, &tag)),
        false => Ok(encoded(&call.headers, document(&snapshot, at)?, &tag)),
    }
}

/// A document with the tag of its version, in the best coding that the client accepts. Programs read a board again and again, so that
/// it is encoded once for all of them.
fn encoded(headers: &HeaderMap, document: &Document, tag: &str) -> Answer {
    let plain = document.plain();
    let coding = compression::coding(headers, plain.len());
    let encoded = coding.and_then(|name| {
        let coding = match name {
            "zstd" => Coding::Zstd,
            _ => Coding::Gzip,
        };
        let encode = |plain: &[u8]| Some(compression::encode(name, plain).ok()?.into());
        Some((name, document.encoded(coding, encode)?))
    });
    match encoded {
        Some((coding, bytes)) => Answer::json(bytes)
            .with(header::CONTENT_ENCODING, coding)
            .with(header::VARY, "Accept-Encoding")
            // A strong tag promises identical bytes.
            .with(header::ETAG, &format!("W/{tag}")),
        None => Answer::json(plain.clone()).with(header::ETAG, tag),
    }
}

/// Change a board
///
/// Its name, purpose, words and deadline, and whether a veto has to say why.
#[utoipa::path(patch, path = "/boards/{slug}", tag = "boards", operation_id = "edit_board",
    params(("slug", description = "The slug of the board")),
    request_body(content((BoardPatch = "application/json"), (BoardPatch = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "The changed board", body = Board, headers(("ETag" = String, description = "The version"))),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn edit(call: Call) -> Result<Answer, Problem> {
    let patch: BoardPatch = call.body()?;
    let texts = &call.texts;
    let invalid =
        |pointer: &str, reason: Message<'static>| Problem::invalid(pointer, reason, texts);
    let name = match patch.name {
        None => None,
        Some(text) => Some(
            Name::parse(&text.unwrap_or_default())
                .map_err(|reason| invalid("/name", view::name_reason(reason)))?,
        ),
    };
    let purpose = match patch.purpose {
        None => None,
        Some(text) => Some(
            Purpose::parse(&text.unwrap_or_default())
                .map_err(|reason| invalid("/purpose", view::name_reason(reason)))?,
        ),
    };
    let terminology = match patch.terminology {
        None => None,
        Some(None) => Some(None),
        Some(Some(words)) => Some(Some(words.parse(texts)?)),
    };
    let reasons = match patch.reasons {
        None => None,
        Some(Some(reasons)) => Some(reasons.into()),
        Some(None) => return Err(invalid("/reasons", "name-empty".into())),
    };
    let edits_settings =
        name.is_some() || purpose.is_some() || terminology.is_some() || reasons.is_some();
    let mut actions = Vec::new();
    if edits_settings {
        actions.push(BoardAction::EditSettings(Box::new(SettingsEdit {
            name: name.map(FieldEdit::replacing),
            purpose: purpose.map(FieldEdit::replacing),
            terminology: terminology.map(FieldEdit::replacing),
            reasons: reasons.map(FieldEdit::replacing),
        })));
    }
    if let Some(deadline) = patch.deadline {
        let parsed = deadline.as_deref().map(time::parse);
        let parsed = match parsed {
            Some(None) => return Err(invalid("/deadline", "invalid-time".into())),
            Some(at) => at,
            None => None,
        };
        actions.push(BoardAction::SetDeadline(parsed));
    }
    let outcome = call.act_in_sequence(None, actions).await?;
    whole(&outcome.snapshot)
}

/// A board after a command.
pub(super) fn whole(snapshot: &Snapshot) -> Result<Answer, Problem> {
    let at = now();
    let plain = document(snapshot, at)?.plain().clone();
    Ok(Answer::json(plain).with(header::ETAG, &tag(&snapshot.board, at)))
}

/// The JSON of a board, which is kept with its version.
fn document(snapshot: &Snapshot, at: Timestamp) -> Result<&Document, Problem> {
    let is_closed = snapshot.board.closed(at).is_some();
    let written = snapshot.document(is_closed, || {
        let texts = snapshot.texts(Language::English);
        let board = Board::new(&snapshot.board, at, texts);
        serde_json::to_vec(&board).unwrap_or_default().into()
    });
    match written.plain().is_empty() {
        true => Err(Problem::internal("a board cannot be written as JSON")),
        false => Ok(written),
    }
}

/// The entity tag of a board: a deadline closes it without an event.
fn tag(board: &model::Board, at: Timestamp) -> String {
    let closed = if board.closed(at).is_some() {
        "-closed"
    } else {
        ""
    };
    format!("\"{}-{}{closed}\"", board.epoch, board.version())
}
