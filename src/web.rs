//! The web side on poem: every route in one place, read from top to bottom.

pub mod assets;
pub mod encoding;
pub mod etag;
pub mod listener;
pub mod middleware;

use poem::{Route, get};

/// Everything SAVT answers.
pub fn routes() -> Route {
    Route::new()
        .at("/assets/:name", get(assets::serve))
        .at("/favicon.ico", get(assets::favicon))
}
