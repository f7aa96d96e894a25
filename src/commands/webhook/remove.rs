//! `savt webhook remove`: forgets an endpoint that is no longer configured, with how far each board was delivered to it.

use std::{io::Write, time::Duration};

use super::{
    super::{database, error::Error, output::output, schema::require_current},
    named,
};
use crate::{
    board::now,
    cli::WebhookRemove,
    store::webhooks::{self, Endpoint},
    webhook::{Timing, without_process},
};

/// A process that has not renewed its lease for so long is gone, however different the clocks of two machines are.
const GONE_AFTER: Duration = Duration::from_secs(60 * 60);

pub(super) async fn remove(options: &WebhookRemove) -> Result<(), Error> {
    let database = database::open(&options.database).await?;
    require_current(&database).await?;
    let mut out = output();
    let mut is_known = false;
    for id in named::ids(&options.endpoint) {
        let Some(endpoint) = webhooks::endpoint(&database, &id).await? else {
            continue;
        };
        is_known = true;
        let limit = patience(&endpoint);
        if !limit.is_zero() {
            let seconds = limit.as_secs();
            writeln!(
                std::io::stderr(),
                "a process delivered to {id}; waiting up to {seconds} s to see whether it still does"
            )?;
        }
        let backlog = webhooks::backlog(&database, &id, now()).await?;
        let Some(endpoint) = without_process(&database, endpoint, limit).await? else {
            return Err(Error::WebhookInUse(id));
        };
        if !webhooks::remove(&database, &endpoint).await? {
            return Err(Error::WebhookInUse(id));
        }
        let Endpoint { host, format, .. } = &endpoint;
        let lost = backlog.events;
        writeln!(
            out,
            "removed {id}  {host}  {format}; not delivered: {lost} events"
        )?;
    }
    if !is_known {
        writeln!(out, "there is no such endpoint: nothing to remove")?;
    }
    Ok(())
}

/// How long to wait for a sign of the process that delivered last.
fn patience(endpoint: &Endpoint) -> Duration {
    let silent_for = endpoint.renewed_at.map(|at| now() - at);
    let is_gone =
        silent_for.is_some_and(|silent| silent.to_std().is_ok_and(|silent| silent >= GONE_AFTER));
    match endpoint.leased_by.is_none() || endpoint.disabled_at.is_some() || is_gone {
        true => Duration::ZERO,
        false => Timing::default().lease,
    }
}
