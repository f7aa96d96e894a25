//! `savt webhook`: tests endpoints, shows what is not delivered yet, switches endpoints on again, and forgets them.

mod named;
mod remove;
mod status;

use std::io::Write;

use super::{
    database,
    error::Error,
    output::output,
    schema::require_current,
    webhook_endpoints::{client, endpoints},
};
use crate::{
    cli::{Webhook, WebhookEnable, WebhookOptions, WebhookTask},
    store::webhooks,
    webhook::send_test,
};

pub(super) async fn webhook(options: Webhook) -> Result<(), Error> {
    match options.task {
        WebhookTask::Test(options) => test(&options).await,
        WebhookTask::Status(options) => status::status(&options).await,
        WebhookTask::Enable(options) => enable(&options).await,
        WebhookTask::Remove(options) => remove::remove(&options).await,
    }
}

async fn test(options: &WebhookOptions) -> Result<(), Error> {
    let endpoints = endpoints(options)?;
    if endpoints.is_empty() {
        return Err(Error::Webhook {
            option: "--webhook".to_owned(),
            why: "name at least one endpoint".to_owned(),
        });
    }
    let client = client(options)?;
    let mut out = output();
    let mut refused = 0;
    for endpoint in &endpoints {
        let result = match send_test(&client, endpoint).await {
            Ok(()) => "accepted".to_owned(),
            Err(failure) => {
                refused += 1;
                format!("failed: {failure}")
            }
        };
        let (id, host, format) = (endpoint.id(), endpoint.host(), endpoint.format().name());
        writeln!(out, "{id}  {host}  {format}  {result}")?;
    }
    match refused {
        0 => Ok(()),
        refused => Err(Error::WebhookTest(refused)),
    }
}

async fn enable(options: &WebhookEnable) -> Result<(), Error> {
    let database = database::open(&options.database).await?;
    require_current(&database).await?;
    let mut is_known = false;
    for id in named::ids(&options.endpoint) {
        is_known |= webhooks::enable(&database, &id).await?;
    }
    match is_known {
        true => {
            writeln!(output(), "switched on")?;
            Ok(())
        }
        false => Err(named::unknown(&options.endpoint)),
    }
}
