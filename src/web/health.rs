//! Whether the process is up, and whether the database answers.

use poem::{IntoResponse, Response, handler, http::StatusCode, web::Data};

use super::App;

/// The process is up.
#[handler]
pub(super) fn alive() -> &'static str {
    "ok\n"
}

/// The database answers, or 503.
#[handler]
pub(super) async fn ready(Data(app): Data<&App>) -> Response {
    match app.boards.database().ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            "the database does not answer\n"
                .with_status(StatusCode::SERVICE_UNAVAILABLE)
                .with_header("Retry-After", "2")
                .into_response()
        }
    }
}
