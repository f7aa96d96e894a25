//! Login and logout, for an installation that has a password.

use poem::{
    IntoResponse, Request, Response, Result, handler,
    http::{HeaderValue, StatusCode, header},
    web::{Data, Html},
};
use serde::Deserialize;

use crate::{
    http::{middleware::delay::ResponseDelay, origin::is_secure},
    view::{self, Message, language::message},
    web::{
        app::App,
        auth::{
            session::{self, is_logged_in},
            site_password::{Attempt, SitePassword},
        },
        error::HttpError,
        request::{
            browser_token, cookies::cookies_of, form_fields::FormFields,
            language_preference::texts_for, unrecognized,
        },
        response::{
            html,
            redirect::{local_path, see_other},
        },
    },
};

#[derive(Deserialize)]
struct Params {
    /// Where to go after the login.
    to: Option<String>,
}

/// The login form.
#[handler]
pub(in crate::web) fn show(Data(app): Data<&App>, request: &Request) -> Result<Response> {
    let params: Option<Params> = request.params().ok();
    let to = params.and_then(|params| params.to);
    let to = to.as_deref().and_then(local_path).unwrap_or("/");
    if is_logged_in(site_password(app)?, request) {
        return Ok(see_other(to));
    }
    // A form from a browser that keeps no cookies is told from one that was sent by a program.
    set_token(request)?;
    let page = view::login::page(to, None, &*texts_for(request)?);
    Ok(html::page(page.into_string()))
}

/// Checks the password and starts a session.
#[handler]
pub(in crate::web) async fn log_in(
    Data(app): Data<&App>,
    request: &Request,
    fields: FormFields,
) -> Result<Response> {
    let site_password = site_password(app)?;
    let to = local_path(fields.text("to")).unwrap_or("/");
    // Without cookies there is no session: a correct password would lead back to this form.
    if browser_token::get(request)?.is_none() && unrecognized::is_form_of_page(request) {
        set_token(request)?;
        let error = unrecognized::error();
        return form_again(request, to, error.status, error.reason);
    }
    let client = app.rate_limiter.client_address(request);
    let limited = client.filter(|client| !client.is_local());
    let limited = limited.map(|client| client.address());
    let password = fields.text("password");
    let attempt = site_password.attempt(password, limited).await;
    if let Some(client) = client {
        site_password.log_failure(&attempt, client.address());
    }
    match attempt {
        Attempt::Correct => {
            session::start(site_password, request)?;
            Ok(see_other(to))
        }
        Attempt::Wrong { delay } => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let mut response = form_again(request, to, status, message("login-wrong-password"))?;
            response.set_data(ResponseDelay(delay));
            Ok(response)
        }
        Attempt::Throttled(wait) => {
            let seconds = wait.as_secs() + 1;
            let reason = message("login-too-often").count("seconds", seconds as usize);
            let mut response = form_again(request, to, StatusCode::TOO_MANY_REQUESTS, reason)?;
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
    }
}

/// Ends the session of this browser.
#[handler]
pub(in crate::web) fn log_out(request: &Request) -> Result<Response> {
    session::end(request)?;
    Ok(see_other("/"))
}

/// The login form with the reason beside the field.
fn form_again(
    request: &Request,
    to: &str,
    status: StatusCode,
    reason: Message,
) -> Result<Response> {
    let texts = texts_for(request)?;
    let page = view::login::page(to, Some(&texts.text(reason)), &texts).into_string();
    Ok(Html(page).with_status(status).into_response())
}

/// The token by which later forms of this browser are recognized.
fn set_token(request: &Request) -> Result<(), HttpError> {
    let page = browser_token::Response::Page;
    browser_token::get_or_create(cookies_of(request)?, is_secure(request), page);
    Ok(())
}

fn site_password(app: &App) -> Result<&SitePassword, HttpError> {
    app.site_password
        .as_deref()
        .ok_or_else(HttpError::no_such_page)
}
