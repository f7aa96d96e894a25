//! The web side on poem: every route in one place, read from top to bottom.
//! Handlers hold no SQL and no markup: they read what was asked, bring it to a board and hand the view what came of it.

mod answer;
mod app;
pub mod assets;
mod board;
mod boards;
mod client;
pub mod encoding;
mod error;
pub mod etag;
mod events;
mod feature;
mod fields;
mod figures;
mod health;
mod history;
mod htmx;
mod item;
mod lag;
mod language;
pub mod listener;
mod lock;
mod login;
mod manifest;
mod menu;
pub mod middleware;
mod origin;
mod participant;
mod personal_link;
mod presence;
mod server;
mod share;
mod visit;
mod wall;

pub use app::App;
pub use client::TrustedProxies;
pub use figures::{Figures, Noted, OfRoute};
pub use lock::{Lock, Password};
pub use server::serve;

use middleware::{
    closed, compression, cross_site,
    limits::{self, Limits},
    pace, panics, security, shed, timing,
};
use poem::{Endpoint, EndpointExt, Response, Route, get, middleware::CookieJarManager, post};

use crate::view;

/// Everything SAVT answers.
pub fn routes(app: App) -> impl Endpoint<Output = Response> {
    let (figures, pace, lag) = (app.figures.clone(), app.pace.clone(), app.lag.clone());
    let routes = Route::new()
        .at("/assets/:name", get(assets::serve))
        .at("/favicon.ico", get(assets::favicon))
        .at(view::manifest::ADDRESS, get(manifest::show))
        .at("/healthz", get(health::alive))
        .at("/readyz", get(health::ready))
        .at(
            view::boards::ADDRESS,
            get(boards::show).post(boards::create),
        )
        .at(view::login::ADDRESS, get(login::show).post(login::enter))
        .at("/logout", post(login::leave));
    let routes = of_a_board(routes, "");
    let routes = of_a_board(routes, "/b/:board");
    let routes = routes
        .around(|inner, request| limits::body(inner, request, Limits::default()))
        .around(closed::to_strangers)
        .around(cross_site::refuse)
        .around(move |inner, request| pace::keep(inner, request, pace.clone()))
        .around(move |inner, request| shed::excess(inner, request, lag.clone()))
        .around(panics::catch)
        .with(error::Errors(app.languages().clone()))
        .with(CookieJarManager::new())
        // All of it as one type is deeper than the compiler goes when it optimises.
        .boxed();
    routes
        .around(limits::head)
        .around(compression::compress)
        .around(security::headers)
        .around(move |inner, request| {
            timing::measure(inner, request, timing::SLOW, figures.clone())
        })
        .data(app)
}

/// What stands under every board's address; the first three paths with and without the slash they had in the first SAVT.
fn of_a_board(routes: Route, base: &str) -> Route {
    let at = |path: &str| format!("{base}{path}");
    let routes = match base {
        "" => routes,
        _ => routes.at(base, get(board::show).post(board::show)),
    };
    routes
        .at(at("/"), get(board::show).post(board::show))
        .at(at("/create/item"), post(item::create))
        .at(at("/create/item/"), post(item::create))
        .at(at("/create/feature"), post(feature::suggest))
        .at(at("/create/feature/"), post(feature::suggest))
        .at(at("/features/:id"), get(feature::show))
        .at(at("/features/:id/veto"), post(feature::veto))
        .at(at("/features/:id/unveto"), post(feature::take_back))
        .at(at("/features/:id/move"), post(feature::move_to))
        .at(at("/features/:id/edit"), post(feature::edit))
        .at(at("/features/:id/delete"), post(feature::delete))
        .at(at("/items/:id"), get(item::show))
        .at(at("/items/:id/edit"), post(item::edit))
        .at(at("/items/:id/merge"), post(item::merge))
        .at(at("/items/:id/split"), post(item::split))
        .at(at("/items/:id/delete"), post(item::delete))
        .at(at("/undo/:event"), post(history::undo))
        .at(at("/participant"), post(participant::call))
        .at(at("/personal-link"), get(personal_link::show))
        .at(
            at("/personal-link/open"),
            get(personal_link::open).post(personal_link::take),
        )
        .at(at("/language"), post(language::choose))
        .at(at("/presence"), get(presence::show))
        .at(at("/share"), get(share::show))
        .at(at("/events"), get(events::follow))
        .at(at("/history"), get(history::show))
}
