//! `savt webhook`: tests endpoints, shows what is not delivered yet, and switches endpoints on again.

use std::io::Write;

use serde_json::json;

use super::{
    database,
    error::Error,
    output::output,
    schema::{require_current, require_current_read_only},
    webhook_endpoints::{client, endpoints},
};
use crate::{
    board::now,
    cli::{Webhook, WebhookEnable, WebhookOptions, WebhookStatus, WebhookTask},
    db::Database,
    model::Timestamp,
    store::webhooks::{self, Backlog, Endpoint},
    webhook::send_test,
};

pub(super) async fn webhook(options: Webhook) -> Result<(), Error> {
    match options.task {
        WebhookTask::Test(options) => test(&options).await,
        WebhookTask::Status(options) => status(&options).await,
        WebhookTask::Enable(options) => enable(&options).await,
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

async fn status(options: &WebhookStatus) -> Result<(), Error> {
    let settings = database::settings(&options.database)?;
    let database = Database::open_existing(&settings).await?;
    require_current_read_only(&database).await?;
    let mut out = output();
    let mut found = Vec::new();
    for endpoint in webhooks::endpoints(&database).await? {
        let backlog = webhooks::backlog(&database, &endpoint.id).await?;
        found.push((endpoint, backlog));
    }
    if options.json {
        let found: Vec<_> = found.iter().map(as_json).collect();
        writeln!(out, "{}", json!(found))?;
        return Ok(());
    }
    if found.is_empty() {
        writeln!(out, "no webhook was ever configured")?;
    }
    for (endpoint, backlog) in &found {
        writeln!(out, "{}", as_text(endpoint, backlog))?;
    }
    Ok(())
}

fn as_json((endpoint, backlog): &(Endpoint, Backlog)) -> serde_json::Value {
    let time = |at: Option<Timestamp>| at.map(rfc_3339);
    json!({
        "id": endpoint.id,
        "host": endpoint.host,
        "format": endpoint.format,
        "state": state(endpoint),
        "reason": endpoint.reason,
        "registered_at": rfc_3339(endpoint.registered_at),
        "delivered_at": time(endpoint.delivered_at),
        "disabled_at": time(endpoint.disabled_at),
        "backlog": backlog.events,
        "boards": backlog.boards,
        "failing_boards": backlog.failing,
        "oldest_at": time(backlog.oldest_at),
        "last_error": backlog.last_error,
    })
}

fn as_text(endpoint: &Endpoint, backlog: &Backlog) -> String {
    let Endpoint {
        id, host, format, ..
    } = endpoint;
    let mut text = format!("{id}  {host}  {format}  {}", state(endpoint));
    if let Some(reason) = &endpoint.reason {
        text += &format!(": {reason}");
    }
    text += &format!(
        "; not delivered: {} events of {} boards",
        backlog.events, backlog.boards
    );
    if let Some(at) = backlog.oldest_at {
        let seconds = (now() - at).num_seconds().max(0);
        text += &format!(", the oldest {seconds} s old");
    }
    if backlog.failing > 0 {
        text += &format!("; failing: {} boards", backlog.failing);
    }
    if let Some(error) = &backlog.last_error {
        text += &format!(" ({error})");
    }
    match endpoint.delivered_at {
        Some(at) => text += &format!("; last delivery: {}", rfc_3339(at)),
        None => text += "; nothing delivered yet",
    }
    text
}

fn state(endpoint: &Endpoint) -> &'static str {
    match (endpoint.disabled_at, &endpoint.leased_by) {
        (Some(_), _) => "switched off",
        (None, Some(_)) => "in use",
        (None, None) => "idle",
    }
}

fn rfc_3339(at: Timestamp) -> String {
    at.and_utc()
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

async fn enable(options: &WebhookEnable) -> Result<(), Error> {
    let database = database::open(&options.database).await?;
    require_current(&database).await?;
    match webhooks::enable(&database, &options.endpoint).await? {
        true => {
            writeln!(output(), "switched on")?;
            Ok(())
        }
        false => Err(Error::UnknownWebhook(options.endpoint.clone())),
    }
}
