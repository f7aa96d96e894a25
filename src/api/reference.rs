//! The reference of the API: a page for people, without scripts, made of the OpenAPI document.

mod curl;
mod example;
mod operations;
mod prose;
mod schemas;

use maud::{DOCTYPE, Markup, html};
use poem::{
    IntoResponse, Request, Response, Result, handler,
    http::{StatusCode, header},
    web::Html,
};
use serde_json::Value;

use self::{curl::Installation, operations::text, prose::prose};
use super::openapi;
use crate::{
    assets,
    http::{etag, origin::Origin},
    view::url,
    web::App,
};

/// Shown if the request has no host.
const NO_HOST: &str = "http://localhost:8000";

#[handler]
pub(super) fn show(request: &Request) -> Result<Response> {
    let origin = Origin::from_request(request);
    let base = match origin {
        Some(origin) => origin.url(url::API),
        None => format!("{NO_HOST}{}", url::API),
    };
    let app = App::from_request(request)?;
    let installation = Installation {
        base,
        has_password: app.site_password.is_some(),
    };
    let page = page(openapi::json(), &installation).into_string();
    let etag = format!("\"{}\"", etag::short_hash(&[&page]));
    let response = match etag::matches(request.headers(), &etag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Html(page).into_response(),
    };
    let response = response
        .with_header(header::CACHE_CONTROL, "private, no-cache")
        .with_header(header::ETAG, etag);
    Ok(response.into_response())
}

fn page(document: &Value, installation: &Installation) -> Markup {
    let info = &document["info"];
    let title = format!("{} API {}", text(&info["title"]), text(&info["version"]));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                meta name="description" content="The reference of the JSON API of this SAVT";
                link rel="icon" type="image/svg+xml" href=(assets::ICON);
                link rel="stylesheet" href=(assets::STYLE);
                link rel="stylesheet" href=(assets::REFERENCE_STYLE);
            }
            body {
                div.page.reference {
                    header.top { h1 { (title) } }
                    main {
                        div {
                            (introduction(document, installation))
                            (operations::sections(document, installation))
                            (schemas::all(document))
                            (problems(document))
                        }
                    }
                }
            }
        }
    }
}

fn introduction(document: &Value, installation: &Installation) -> Markup {
    html! {
        p { (prose(text(&document["info"]["description"]))) }
        p { a href=(url::API_DOCUMENT) { "The OpenAPI document" } " describes the same for programs. " a href=(url::HOME) { "The board" } }
        p { "Set the variables of the commands below, then paste them:" }
        pre { code {
            "SLUG=main       # the board, the last part of its address\n"
            "TOKEN=savt_…    # who acts, from “Join a board”\n"
            "ID=1            # a participant, an item or a feature"
            @if installation.has_password { "\nACCESS=…        # from “Log in”" }
        } }
        (operations::contents(document))
    }
}

/// The types of problems: their `type` is the address of their section.
fn problems(document: &Value) -> Markup {
    let types = &document["components"]["schemas"]["ProblemType"]["x-problem-types"];
    html! {
        section {
            h2 #problems { "Problems" }
            p { "Errors are " code { "application/problem+json" } " (RFC 9457), of these types:" }
            @for kind in types.as_array().into_iter().flatten() {
                @let uri = text(&kind["type"]);
                article #(uri.rsplit('#').next().unwrap_or_default()) {
                    h3 { code { (uri) } }
                    p { (kind["status"]) ": " (prose(text(&kind["title"]))) " " (prose(text(&kind["detail"]))) }
                }
            }
        }
    }
}
