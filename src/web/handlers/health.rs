//! Health checks of the process and the database.

use poem::{
    IntoResponse, Response, handler,
    http::{StatusCode, header},
    web::Data,
};

use crate::web::app::App;

/// The process is up.
#[handler]
pub(in crate::web) fn alive() -> &'static str {
    "ok\n"
}

/// The database responds, or 503.
#[handler]
pub(in crate::web) async fn ready(Data(app): Data<&App>) -> Response {
    let database = app.boards.database();
    match database.ping().await {
        Ok(()) => {
            database.outages().reading.succeeded();
            "ok\n".into_response()
        }
        Err(error) => {
            database.outages().reading.failed(&error);
            "the database does not answer\n"
                .with_status(StatusCode::SERVICE_UNAVAILABLE)
                .with_header(header::RETRY_AFTER, "2")
                .into_response()
        }
    }
}
