//! `savt webhook status`: shows what is not delivered yet to each endpoint, and which of them no process delivers to.

use std::io::Write;

use chrono::TimeDelta;
use serde_json::json;

use super::super::{database, error::Error, output::output, schema::require_current_read_only};
use crate::{
    board::now,
    cli::WebhookStatus,
    db::Database,
    model::Timestamp,
    store::webhooks::{self, Backlog, Endpoint},
};

/// A process that delivers says so every few seconds. One that has not for so long is gone.
const SILENT_AFTER: TimeDelta = TimeDelta::minutes(1);

const IDLE: &str = "idle";

pub(super) async fn status(options: &WebhookStatus) -> Result<(), Error> {
    let settings = database::settings(&options.database)?;
    let database = Database::open_existing(&settings).await?;
    require_current_read_only(&database).await?;
    let mut out = output();
    let mut found = Vec::new();
    for endpoint in webhooks::endpoints(&database).await? {
        let backlog = webhooks::backlog(&database, &endpoint.id, now()).await?;
        found.push((endpoint, backlog));
    }
    if options.json {
        let found: Vec<_> = found.iter().map(as_json).collect();
        writeln!(out, "{}", json!(found))?;
        return Ok(());
    }
    if found.is_empty() {
        writeln!(out, "no endpoint is known")?;
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
        "state": state(endpoint, now()),
        "reason": endpoint.reason,
        "registered_at": rfc_3339(endpoint.registered_at),
        "delivered_at": time(endpoint.delivered_at),
        "disabled_at": time(endpoint.disabled_at),
        "renewed_at": time(endpoint.renewed_at),
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
    let state = state(endpoint, now());
    let mut text = format!("{id}  {host}  {format}  {state}");
    if let Some(reason) = &endpoint.reason {
        text += &format!(": {reason}");
    }
    if state == IDLE {
        text += ", no process delivers to it";
        if let Some(at) = endpoint.renewed_at {
            text += &format!(" since {}", rfc_3339(at));
        }
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

/// By the clock of the process that delivers, which may be on another machine.
fn state(endpoint: &Endpoint, now: Timestamp) -> &'static str {
    let is_silent = |at| now - at >= SILENT_AFTER;
    match (endpoint.disabled_at, &endpoint.leased_by) {
        (Some(_), _) => "switched off",
        (None, Some(_)) if !endpoint.renewed_at.is_some_and(is_silent) => "in use",
        (None, _) => IDLE,
    }
}

fn rfc_3339(at: Timestamp) -> String {
    at.and_utc()
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
