//! The routes: a table of contents of the application.

use poem::{Route, get, post};

use super::handlers::{
    assets, board, boards, closing, consent, events, export, feature, feed, health, history, item,
    items, language, login, manifest, participant, personal_link, presence, result, settings,
    share,
};
use crate::view::url;

/// Adds the routes of all pages.
pub(crate) fn add_routes(routes: Route) -> Route {
    let routes = routes
        .at("/assets/:name", get(assets::serve))
        .at(url::FAVICON, get(assets::favicon))
        .at(url::MANIFEST, get(manifest::show))
        .at(url::HEALTH, get(health::alive))
        .at(url::READY, get(health::ready))
        .at(url::BOARDS, get(boards::list).post(boards::create))
        .at(url::LOGIN, get(login::show).post(login::log_in))
        .at("/logout", post(login::log_out));
    let routes = board_routes(routes, "");
    board_routes(routes, url::BOARD_ROUTE)
}

/// The routes of one board. The first three paths also work with a trailing slash, as in the first version of SAVT.
fn board_routes(routes: Route, base: &str) -> Route {
    let at = |path: &str| format!("{base}{path}");
    let routes = match base {
        "" => routes,
        _ => routes.at(base, get(board::show).post(board::show)),
    };
    routes
        .at(at("/"), get(board::show).post(board::show))
        .at(at("/create/item"), post(item::create))
        .at(at("/create/item/"), post(item::create))
        .at(at("/create/items"), get(items::show).post(items::create))
        .at(at("/create/items/"), get(items::show).post(items::create))
        .at(at("/create/feature"), post(feature::suggest))
        .at(at("/create/feature/"), post(feature::suggest))
        .at(at("/features/:id"), get(feature::show))
        .at(at("/features/:id/veto"), post(feature::veto))
        .at(at("/features/:id/unveto"), post(feature::withdraw_veto))
        .at(at("/features/:id/move"), post(feature::move_to))
        .at(at("/features/:id/edit"), post(feature::edit))
        .at(at("/features/:id/delete"), post(feature::delete))
        .at(at("/items/:id"), get(item::show))
        .at(at("/items/:id/edit"), post(item::edit))
        .at(at("/items/:id/merge"), post(item::merge))
        .at(at("/items/:id/split"), post(item::split))
        .at(at("/items/:id/delete"), post(item::delete))
        .at(at("/close"), get(closing::show).post(closing::close))
        .at(at("/reopen"), post(closing::reopen))
        .at(at("/undo/:event"), post(history::undo))
        .at(at("/undo/last"), post(history::undo_last))
        .at(at("/redo/last"), post(history::redo_last))
        .at(at("/participant"), post(participant::rename))
        .at(at("/consent"), post(consent::consent))
        .at(at("/participants/:id/aside"), post(consent::set_aside))
        .at(at("/personal-link"), get(personal_link::show))
        .at(
            at("/personal-link/open"),
            get(personal_link::confirm).post(personal_link::accept),
        )
        .at(at("/language"), post(language::choose))
        .at(at("/presence"), get(presence::show))
        .at(at("/share"), get(share::show))
        .at(at("/settings"), get(settings::show).post(settings::edit))
        .at(at("/copy"), get(boards::copy))
        .at(at("/result"), get(result::show))
        .at(at("/result.txt"), get(result::text))
        .at(at("/result.md"), get(result::markdown))
        .at(at("/result.csv"), get(result::csv))
        .at(at("/result.json"), get(result::json))
        .at(at("/export.json"), get(export::json))
        .at(at("/events"), get(events::stream))
        .at(at("/history"), get(history::show))
        .at(at("/history.atom"), get(feed::show))
}
