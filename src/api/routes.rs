//! The routes of the API: each address with its methods.

use poem::{Route, get, http::Method};

use super::{
    handlers::{
        board, boards, closing, consent, document, events, features, items, login, participants,
        vetoes,
    },
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
        (
            "/openapi.json",
            resource().on(get.clone(), |_| document::show(openapi::text())),
        ),
        ("/login", resource().on(post.clone(), login::log_in)),
        ("/boards", resource().on(post.clone(), boards::create)),
        (
            "/boards/:slug",
            resource()
                .on(get.clone(), board::show)
                .acting(patch.clone(), board::edit),
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
                .acting(get.clone(), participants::show_me)
                .acting(patch.clone(), participants::rename)
                .acting(delete.clone(), participants::forget_me),
        ),
        (
            "/boards/:slug/participants/:id",
            resource().on(get.clone(), participants::show),
        ),
        (
            "/boards/:slug/participants/:id/aside",
            resource()
                .acting(put.clone(), participants::set_aside)
                .acting(delete.clone(), participants::bring_back),
        ),
        (
            "/boards/:slug/items",
            resource()
                .on(get.clone(), items::list)
                .acting(post.clone(), items::add),
        ),
        (
            "/boards/:slug/items/:id",
            resource()
                .on(get.clone(), items::show)
                .acting(patch.clone(), items::edit)
                .acting(delete.clone(), items::delete),
        ),
        (
            "/boards/:slug/items/:id/merge",
            resource().acting(post.clone(), items::merge),
        ),
        (
            "/boards/:slug/items/:id/split",
            resource().acting(post.clone(), items::split),
        ),
        (
            "/boards/:slug/features",
            resource()
                .on(get.clone(), features::list)
                .acting(post.clone(), features::suggest),
        ),
        (
            "/boards/:slug/features/:id",
            resource()
                .on(get.clone(), features::show)
                .acting(patch, features::edit)
                .acting(delete.clone(), features::delete),
        ),
        (
            "/boards/:slug/features/:id/veto",
            resource()
                .acting(put.clone(), vetoes::veto)
                .acting(delete.clone(), vetoes::withdraw),
        ),
        (
            "/boards/:slug/consent",
            resource()
                .acting(put, consent::consent)
                .acting(delete, consent::withdraw),
        ),
        (
            "/boards/:slug/events",
            resource().answering(get.clone(), events::MEDIA_TYPES, events::read),
        ),
        (
            "/boards/:slug/events/:number/undo",
            resource().acting(post.clone(), events::undo),
        ),
        (
            "/boards/:slug/close",
            resource().acting(post.clone(), closing::close),
        ),
        (
            "/boards/:slug/reopen",
            resource().acting(post, closing::reopen),
        ),
        ("/boards/:slug/result", resource().on(get, closing::result)),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api::openapi;

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
