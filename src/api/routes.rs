//! The routes of the API: each address with its methods.

use poem::{Route, get, http::Method};

use super::{
    handlers::{board, boards, closing, consent, features, items, login, participants, vetoes},
    openapi, reference,
    resource::Resource,
};
use crate::view::url;

/// Adds the routes of the API, and its reference.
pub(crate) fn add_routes(routes: Route) -> Route {
    let mut routes = routes.at(url::API_REFERENCE, get(reference::show));
    for (path, resource) in resources() {
        routes = routes.at(format!("{}{path}", url::API), resource);
    }
    routes
}

/// Each address below `/api/v1`, in the notation of the router.
pub(super) fn resources() -> Vec<(&'static str, Resource)> {
    let resource = Resource::default;
    let (get, post, put, patch, delete) = (
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    );
    vec![
        ("/openapi.json", resource().on(get.clone(), openapi::show)),
        ("/login", resource().on(post.clone(), login::log_in)),
        ("/boards", resource().on(post.clone(), boards::create)),
        (
            "/boards/:slug",
            resource()
                .on(get.clone(), board::show)
                .on(patch.clone(), board::edit),
        ),
        (
            "/boards/:slug/participants",
            resource()
                .on(get.clone(), participants::list)
                .on(post.clone(), participants::join),
        ),
        (
            "/boards/:slug/participants/me",
            resource()
                .on(get.clone(), participants::show_me)
                .on(patch.clone(), participants::rename),
        ),
        (
            "/boards/:slug/participants/:id",
            resource().on(get.clone(), participants::show),
        ),
        (
            "/boards/:slug/participants/:id/aside",
            resource()
                .on(put.clone(), participants::set_aside)
                .on(delete.clone(), participants::bring_back),
        ),
        (
            "/boards/:slug/items",
            resource()
                .on(get.clone(), items::list)
                .on(post.clone(), items::add),
        ),
        (
            "/boards/:slug/items/:id",
            resource()
                .on(get.clone(), items::show)
                .on(patch.clone(), items::edit)
                .on(delete.clone(), items::delete),
        ),
        (
            "/boards/:slug/items/:id/merge",
            resource().on(post.clone(), items::merge),
        ),
        (
            "/boards/:slug/items/:id/split",
            resource().on(post.clone(), items::split),
        ),
        (
            "/boards/:slug/features",
            resource()
                .on(get.clone(), features::list)
                .on(post.clone(), features::suggest),
        ),
        (
            "/boards/:slug/features/:id",
            resource()
                .on(get.clone(), features::show)
                .on(patch, features::edit)
                .on(delete.clone(), features::delete),
        ),
        (
            "/boards/:slug/features/:id/veto",
            resource()
                .on(put.clone(), vetoes::veto)
                .on(delete.clone(), vetoes::withdraw),
        ),
        (
            "/boards/:slug/consent",
            resource()
                .on(put, consent::consent)
                .on(delete, consent::withdraw),
        ),
        (
            "/boards/:slug/close",
            resource().on(post.clone(), closing::close),
        ),
        ("/boards/:slug/reopen", resource().on(post, closing::reopen)),
        ("/boards/:slug/result", resource().on(get, closing::result)),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_document_describes_the_routes_and_nothing_else() {
        let mut served = BTreeSet::new();
        for (path, resource) in resources() {
            let segments = path
                .split('/')
                .map(|segment| match segment.strip_prefix(':') {
                    Some(name) => format!("{{{name}}}"),
                    None => segment.to_owned(),
                });
            let path = segments.collect::<Vec<_>>().join("/");
            for method in resource.methods() {
                served.insert(format!("{method} {path}"));
            }
        }
        let mut described = BTreeSet::new();
        for (path, item) in openapi::document().paths.paths {
            for (method, operation) in [
                (Method::GET, item.get),
                (Method::POST, item.post),
                (Method::PUT, item.put),
                (Method::PATCH, item.patch),
                (Method::DELETE, item.delete),
            ] {
                if operation.is_some() {
                    described.insert(format!("{method} {path}"));
                }
            }
        }
        assert_eq!(served, described);
    }
}
