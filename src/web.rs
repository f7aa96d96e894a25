//! The web side on poem: every route in one place, read from top to bottom.
//! Handlers hold no SQL and no markup: they read what was asked, bring it to a board and hand the view what came of it.

mod answer;
mod app;
pub mod assets;
mod board;
pub mod encoding;
mod error;
pub mod etag;
mod feature;
mod fields;
mod health;
mod history;
mod item;
mod participant;
mod server;
mod visit;

pub use app::App;
pub use server::serve;

use poem::{Endpoint, EndpointExt, Response, Route, get, middleware::CookieJarManager, post};

/// Everything SAVT answers.
pub fn routes(app: App) -> impl Endpoint<Output = Response> {
    Route::new()
        .at("/assets/:name", get(assets::serve))
        .at("/favicon.ico", get(assets::favicon))
        .at("/healthz", get(health::alive))
        .at("/readyz", get(health::ready))
        .at("/boards", post(board::create))
        .nest("/b/:board", of_a_board())
        .nest("/", of_a_board())
        .with(error::Errors)
        .with(CookieJarManager::new())
        .data(app)
}

/// What stands under every board's address; the first three paths also with the slash they had in the first SAVT.
fn of_a_board() -> Route {
    Route::new()
        .at("/", get(board::show).post(board::show))
        .at("/create/item", post(item::create))
        .at("/create/item/", post(item::create))
        .at("/create/feature", post(feature::suggest))
        .at("/create/feature/", post(feature::suggest))
        .at("/features/:id", get(feature::show))
        .at("/features/:id/veto", post(feature::veto))
        .at("/features/:id/unveto", post(feature::take_back))
        .at("/features/:id/move", post(feature::move_to))
        .at("/features/:id/edit", post(feature::edit))
        .at("/features/:id/delete", post(feature::delete))
        .at("/items/:id", get(item::show))
        .at("/items/:id/edit", post(item::edit))
        .at("/items/:id/merge", post(item::merge))
        .at("/items/:id/split", post(item::split))
        .at("/items/:id/delete", post(item::delete))
        .at("/undo/:event", post(history::undo))
        .at("/participant", post(participant::call))
        .at("/history", get(history::show))
}
