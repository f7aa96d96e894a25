//! How clients say who acts, and that they may.

use utoipa::{
    Modify,
    openapi::{
        OpenApi as Document, SecurityRequirement,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::operations;

/// Operations that need no password on any installation.
const PUBLIC: [&str; 2] = ["/login", "/openapi.json"];

pub(super) fn is_public(path: &str) -> bool {
    PUBLIC.contains(&path)
}

/// Describes the token and the access.
pub(super) struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let mut token = Http::new(HttpAuthScheme::Bearer);
        token.description = Some(
            "The token of a participant of this board, from `POST …/participants`.".to_owned(),
        );
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let access = ApiKeyValue::with_description(
            "SAVT-Access",
            "Only on an installation that has a password: the value of `access` from `POST /login`.",
        );
        components.add_security_scheme("access", SecurityScheme::ApiKey(ApiKey::Header(access)));
    }
}

/// Adds the access to whatever else an operation needs. Has to run after everything that looks for a token.
pub(super) struct Access;

impl Modify for Access {
    fn modify(&self, document: &mut Document) {
        operations::for_each(document, |path, _, operation| {
            let needed = operation.security.take();
            if is_public(path) {
                operation.security = Some(Vec::new());
                return;
            }
            let mut alternatives = needed.unwrap_or_else(|| vec![SecurityRequirement::default()]);
            let with_access = alternatives.clone().into_iter();
            let none: [&str; 0] = [];
            alternatives.extend(with_access.map(|other| other.add("access", none)));
            operation.security = Some(alternatives);
        });
    }
}
