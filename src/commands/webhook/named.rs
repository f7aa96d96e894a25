//! The endpoint that an operator names: by its id, or by its URL, which can contain a secret.

use super::super::error::Error;
use crate::{cli::Secret, webhook::ids_of};

/// The ids that are meant. A URL can be that of two endpoints, with different formats.
pub(super) fn ids(endpoint: &Secret) -> Vec<String> {
    match is_url(endpoint) {
        true => ids_of(endpoint.expose()).to_vec(),
        false => vec![endpoint.expose().to_owned()],
    }
}

/// That there is no such endpoint. Repeats nothing of a URL.
pub(super) fn unknown(endpoint: &Secret) -> Error {
    match is_url(endpoint) {
        true => Error::UnknownWebhookUrl,
        false => Error::UnknownWebhook(endpoint.expose().to_owned()),
    }
}

fn is_url(endpoint: &Secret) -> bool {
    endpoint.expose().contains("://")
}
