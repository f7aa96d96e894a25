//! The events of a board: read, follow, undo.

use futures_util::stream::{self, StreamExt};
use poem::{
    Body, Response,
    http::{HeaderName, header},
};

use crate::{
    api::{
        accept::Accept,
        answer::Answer,
        call::{Call, invalid_parameter},
        event_stream,
        problem::{Problem, ProblemKind},
        resources::{
            changed_rows::ChangedRows,
            event::{EpochMessage, Event, EventStream, Events},
            problem::ProblemDetails,
        },
    },
    board::{LogFollower, LogMessage, Since},
    store::{self, LogPageSize},
};

const JSON: &str = "application/json";
const EVENT_STREAM: &str = "text/event-stream";

/// What `GET` answers with.
pub(in crate::api) const MEDIA_TYPES: &[&str] = &[JSON, EVENT_STREAM];

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Makes nginx forward each message at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// How many bytes of actions one page has at most.
const MAX_PAGE_BYTES: usize = 256 * 1_024;

/// Read or follow the events of a board
///
/// With `Accept: text/event-stream` the answer does not end: every event is one message, `event: event`, with the number of the event
/// as `id:` and the event in JSON as `data:`. It begins after `Last-Event-ID` or `after`, without either from now on, and has every
/// event once. A message `event: epoch` says that the numbers you know belong to another history of the board, since the database was
/// restored to an earlier state, or since a participant was erased: `data:` has the new `epoch` and `version`. The stream ends then; read
/// the board again. A message `event: deleted` says that the operator deleted the board: the stream ends, and does not come back.
/// Whenever the stream ends otherwise, reconnect with the last `id:`.
#[utoipa::path(get, path = "/boards/{slug}/events", tag = "events", operation_id = "events",
    params(
        ("slug", description = "The slug of the board; `main` for the board at `/`"),
        ("after" = Option<i64>, Query, minimum = 0, description = "Events with a greater number. Default: 0; for a stream, from now on"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 1_000, description = "How many at most; default 100. Large ones may be fewer. Streams have no limit"),
        ("epoch" = Option<String>, Query, description = "For a stream: the `epoch` of the board that you know. If the board has another one, you are told so"),
        ("Last-Event-ID" = Option<i64>, Header, minimum = 0, description = "For a stream: the number of the last event that you have; precedes `after`"),
    ),
    responses((status = 200, description = "The events in order, or the stream", content(
        (Events = "application/json", example = json!({
            "events": [
                {
                    "number": 7,
                    "at": "2030-01-02T18:00:00Z",
                    "actor": {"id": 1, "name": "Ann"},
                    "action": {"type": "vetoed", "feature": "Ham", "item": "Margherita", "reason": "I don't eat meat"},
                    "undoes": null,
                },
                {
                    "number": 8,
                    "at": "2030-01-02T18:00:05Z",
                    "actor": {"id": 1, "name": "Ann"},
                    "action": {
                        "type": "undid",
                        "number": 7,
                        "what": {"type": "vetoed", "feature": "Ham", "item": "Margherita", "reason": "I don't eat meat"},
                    },
                    "undoes": 7,
                },
            ],
            "next": null,
        })),
        (EventStream = "text/event-stream", example = "id: 7\nevent: event\ndata: {\"number\":7,\"at\":\"2030-01-02T18:00:00Z\",\"actor\":{\"id\":1,\"name\":\"Ann\"},\"action\":{\"type\":\"withdrew_veto\",\"feature\":\"Ham\",\"item\":\"Margherita\"},\"undoes\":null}\n\n"),
    ))))]
pub(in crate::api) async fn read(call: Call) -> Result<Response, Problem> {
    // Also for a page: what the document forbids is refused, whether or not it matters.
    let since = since(&call)?;
    match Accept::of(&call.headers).asks_for(EVENT_STREAM, JSON) {
        true => follow(call, since).await,
        false => Ok(page(&call).await?.into_response()),
    }
}

async fn page(call: &Call) -> Result<Answer, Problem> {
    let page = call.page()?;
    let size = LogPageSize {
        events: page.limit,
        bytes: MAX_PAGE_BYTES,
    };
    let database = call.app.boards().database();
    let log = store::log_page(database, call.board()?.id(), page.after, size).await;
    let log = log.map_err(|error| Problem::from(&error))?;
    let events: Vec<Event> = log.events.iter().map(Event::from).collect();
    let last = events.last().map(|event| event.number);
    Answer::ok(&Events {
        next: last.filter(|_| log.has_more),
        events,
    })
}

async fn follow(call: Call, since: Option<Since>) -> Result<Response, Problem> {
    let permit = call.app.rate_limiter.open_stream_of(call.client.as_ref());
    let permit = permit.map_err(|limited| {
        let seconds = limited.retry_after().to_string();
        Problem::new(ProblemKind::TooManyRequests).with_header(header::RETRY_AFTER, &seconds)
    })?;
    let board = call.board()?.clone();
    let follower = call.app.boards().follow(board, since).await;
    let start = event_stream::start(follower.position());
    let messages = stream::unfold((follower, permit), |(mut follower, permit)| async {
        let message = next(&mut follower).await?;
        Some((message, (follower, permit)))
    });
    let messages = stream::once(async { start.into() }).chain(messages);
    let messages = messages.map(Ok::<_, std::io::Error>);
    Ok(Response::builder()
        .content_type(EVENT_STREAM)
        .header(header::CACHE_CONTROL, "no-store")
        .header(X_ACCEL_BUFFERING, "no")
        .body(Body::from_bytes_stream(messages)))
}

async fn next(follower: &mut LogFollower) -> Option<bytes::Bytes> {
    Some(match follower.next().await? {
        LogMessage::Events(batch) => batch.document(event_stream::events),
        LogMessage::KeepAlive => event_stream::KEEP_ALIVE.into(),
        LogMessage::BoardDeleted => event_stream::DELETED.into(),
        LogMessage::Epoch { epoch, version } => {
            let epoch = epoch.to_string();
            event_stream::epoch(&EpochMessage { epoch, version }).into()
        }
    })
}

/// What the program has; none if it wants what comes from now on.
fn since(call: &Call) -> Result<Option<Since>, Problem> {
    let epoch = match call.query("epoch").map(str::parse) {
        None => None,
        Some(Ok(epoch)) => Some(epoch),
        Some(Err(_)) => return Err(invalid_parameter("epoch", "must be the `epoch` of a board")),
    };
    let last = match call.headers.get(LAST_EVENT_ID) {
        Some(last) => {
            let last = last.to_str().ok().and_then(|last| last.trim().parse().ok());
            let invalid = || invalid_parameter("Last-Event-ID", "must be the number of an event");
            Some(last.filter(|last| *last >= 0).ok_or_else(invalid)?)
        }
        None => call.number("after", 0, i64::MAX)?,
    };
    Ok(last.map(|version| Since { version, epoch }))
}

/// Undo an event
///
/// Restores what the event changed. To undo an undo is to redo. If something was changed since, `obstacle` says what.
#[utoipa::path(post, path = "/boards/{slug}/events/{number}/undo", tag = "events", operation_id = "undo",
    params(
        ("slug", description = "The slug of the board"),
        ("number" = i64, Path, description = "The number of the event"),
    ),
    responses(
        (status = 200, description = "What was changed, and the new event", body = ChangedRows),
        (status = 409, description = "A later change prevents it: `obstacle`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 410, description = "What it concerns is gone for good", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn undo(call: Call) -> Result<Answer, Problem> {
    // Before the event is loaded, which a stranger cannot undo.
    call.actor().await?;
    call.expect_no_members()?;
    let board = call.board()?.id();
    let event = call.app.boards().event_to_undo(board, call.id()?).await?;
    let outcome = call.act(call.app.identity.undo(event)).await?;
    Answer::ok(&ChangedRows::by(&outcome))
}
