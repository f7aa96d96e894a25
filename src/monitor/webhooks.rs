//! The endpoints of webhooks on the health page.

use chrono::Utc;
use maud::{Markup, html};

use super::format::{thousands, uptime};
use crate::webhook::{State, Status};

/// A table of all endpoints; nothing without endpoints.
pub(super) fn section(endpoints: &[Status]) -> Markup {
    html! {
        @if !endpoints.is_empty() {
            section aria-labelledby="webhooks" {
                h2 #webhooks { "Webhooks" }
                table {
                    thead {
                        tr {
                            th { "Endpoint" }
                            th { "State" }
                            th.figure { "Not delivered" }
                            th.figure { "Oldest" }
                            th.figure { "Delivered" }
                            th.figure { "Failed" }
                        }
                    }
                    tbody {
                        @for endpoint in endpoints { (row(endpoint)) }
                    }
                }
            }
        }
    }
}

fn row(endpoint: &Status) -> Markup {
    let backlog = &endpoint.backlog;
    let error = backlog
        .last_error
        .as_ref()
        .or(endpoint.last_failure.as_ref());
    let age = backlog
        .oldest_at
        .and_then(|at| (Utc::now().naive_utc() - at).to_std().ok());
    html! {
        tr {
            th scope="row" { (endpoint.host) " " span.faint { (endpoint.id) ", " (endpoint.format) } }
            td {
                @match &endpoint.state {
                    State::Starting => "starting",
                    State::Delivering => "delivers",
                    State::Standby => "another process delivers",
                    State::Disabled(reason) => strong { "switched off: " (reason) },
                }
                @if backlog.failing > 0 { ", " (backlog.failing) " boards fail" }
                @if let Some(error) = error { " " span.faint { (error) } }
            }
            td.figure { (thousands(backlog.events.unsigned_abs())) }
            td.figure { (age.map_or_else(|| "–".to_owned(), uptime)) }
            td.figure { (thousands(endpoint.deliveries)) }
            td.figure { (thousands(endpoint.failures)) }
        }
    }
}
