//! The live stream of a board.

use futures_util::stream::unfold;
use poem::{
    Body, Request, Response, Result, handler,
    http::{HeaderName, header},
};

use super::visit::Visit;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Tells nginx to pass on each message at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// `GET /events`: what happens on the board, from the event on that the browser has already: `Last-Event-ID` when it comes
/// back, `?since=` in the page's own words when it comes.
#[handler]
pub(super) async fn follow(visit: Visit, request: &Request) -> Result<Response> {
    let open = visit.app.pace.open_stream(request)?;
    let last = request.header(LAST_EVENT_ID).or(visit.query("since"));
    // What is no number is no event we told of: it lacks everything.
    let since = last.map(|number| number.trim().parse().unwrap_or(-1));
    let boards = &visit.app.boards;
    let subscription = boards
        .subscribe(
            visit.live.clone(),
            visit.token.clone(),
            visit.language,
            since,
        )
        .await;
    let messages = unfold((subscription, open), |(mut subscription, open)| async {
        let message = subscription.next().await?;
        Some((Ok::<_, std::io::Error>(message), (subscription, open)))
    });
    Ok(Response::builder()
        .content_type("text/event-stream")
        .header(header::CACHE_CONTROL, "no-store")
        .header(X_ACCEL_BUFFERING, "no")
        .body(Body::from_bytes_stream(messages)))
}
