//! The live stream of a board.

use futures_util::stream::unfold;
use poem::{
    Body, Request, Response, Result, handler,
    http::{HeaderName, header},
};

use crate::{board::Since, web::request::board_request::BoardRequest};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Makes nginx forward each message at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// `GET /events`: the changes after the last event that the browser knows. A reconnecting browser sends it as `Last-Event-ID`, a page
/// that has just loaded as `?since=`. `?epoch=` says to which history of the board that event belongs.
#[handler]
pub(in crate::web) async fn stream(
    board_request: BoardRequest,
    request: &Request,
) -> Result<Response> {
    let permit = board_request.app.rate_limiter.open_stream(request)?;
    // A header that is not ASCII is not absent.
    let last = match request.headers().get(LAST_EVENT_ID) {
        Some(header) => Some(header.to_str().unwrap_or_default()),
        None => board_request.query("since"),
    };
    // An invalid number counts as knowing no event.
    let version = |number: &str| number.trim().parse().unwrap_or(-1);
    let epoch = board_request.query("epoch").map(str::parse).transpose();
    let since = last.map(|number| match &epoch {
        Ok(epoch) => Since {
            version: version(number),
            epoch: *epoch,
        },
        Err(_) => Since {
            version: -1,
            epoch: None,
        },
    });
    let boards = &board_request.app.boards;
    let subscription = boards
        .subscribe(
            board_request.handle.clone(),
            board_request.browser.clone(),
            board_request.language,
            since,
        )
        .await;
    let messages = unfold((subscription, permit), |(mut subscription, permit)| async {
        let message = subscription.next().await?;
        Some((Ok::<_, std::io::Error>(message), (subscription, permit)))
    });
    Ok(Response::builder()
        .content_type("text/event-stream")
        .header(header::CACHE_CONTROL, "no-store")
        .header(X_ACCEL_BUFFERING, "no")
        .body(Body::from_bytes_stream(messages)))
}
