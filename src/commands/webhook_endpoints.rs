//! The endpoints of webhooks that the options name.

use super::{error::Error, secret_file};
use crate::{
    cli::WebhookOptions,
    tls::system_roots,
    webhook::{Client, Endpoint, EventFilter, Format, Secret},
};

/// How many endpoints there may be: each has up to eight connections.
const MAX_ENDPOINTS: usize = 16;

/// The endpoints, in the order of the options. Errors repeat nothing of a URL or a secret.
pub(super) fn endpoints(options: &WebhookOptions) -> Result<Vec<Endpoint>, Error> {
    let count = options.webhook.len();
    if count > MAX_ENDPOINTS {
        return Err(invalid_option(
            "--webhook",
            &format!("at most {MAX_ENDPOINTS} endpoints"),
        ));
    }
    let secret_files = &options.webhook_secret_file;
    let formats: Vec<Option<Format>> = each("--webhook-format", &options.webhook_format, count)?;
    let filters = each("--webhook-events", &options.webhook_events, count)?;
    let secret_files = each("--webhook-secret-file", secret_files, count)?;
    let mut endpoints: Vec<Endpoint> = Vec::with_capacity(count);
    for (index, url) in options.webhook.iter().enumerate() {
        let mut secrets = Vec::new();
        if let Some(file) = &secret_files[index] {
            let option = || format!("--webhook-secret-file {}", file.display());
            for line in secret_file::lines(file).map_err(|why| invalid_option(option(), &why))? {
                secrets.push(Secret::parse(&line).map_err(|why| invalid_option(option(), why))?);
            }
            if secrets.is_empty() {
                return Err(invalid_option(option(), "it contains no secret"));
            }
        }
        let format = formats[index].unwrap_or_default();
        let filter: EventFilter = filters[index].clone().unwrap_or_default();
        let private = options.webhook_allow_private;
        let option = || match count {
            1 => "--webhook".to_owned(),
            _ => format!("--webhook, URL {}", index + 1),
        };
        let endpoint = Endpoint::new(url.expose(), format, filter, secrets, private);
        let endpoint = endpoint.map_err(|why| invalid_option(option(), why))?;
        if endpoints.iter().any(|known| known.id() == endpoint.id()) {
            return Err(invalid_option(option(), "it is the same as another one"));
        }
        endpoints.push(endpoint);
    }
    Ok(endpoints)
}

/// The client that sends to them.
pub(super) fn client(options: &WebhookOptions) -> Result<Client, Error> {
    Client::new(system_roots(), options.webhook_allow_private)
        .map_err(|error| invalid_option("--webhook", &format!("TLS: {error}")))
}

/// The value for each endpoint, of an option that is given never, once for all, or once for each.
fn each<T: Clone>(option: &str, values: &[T], count: usize) -> Result<Vec<Option<T>>, Error> {
    match values {
        [] => Ok(vec![None; count]),
        [one] => Ok(vec![Some(one.clone()); count]),
        values if values.len() == count => Ok(values.iter().cloned().map(Some).collect()),
        values => {
            let given = values.len();
            let why = format!(
                "is given {given} times for {count} endpoints: give it once, or once for each --webhook"
            );
            Err(invalid_option(option, &why))
        }
    }
}

fn invalid_option(option: impl Into<String>, why: &str) -> Error {
    Error::Webhook {
        option: option.into(),
        why: why.to_owned(),
    }
}
