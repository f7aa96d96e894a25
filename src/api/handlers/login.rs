//! Access to an installation that has a password.

use poem::{Response, http::header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::{Problem, ProblemKind},
        render::failure,
        resources::problem::ProblemDetails,
    },
    http::middleware::delay::ResponseDelay,
    web::auth::{session, site_password::Attempt},
};

/// The password of the installation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Login {
    #[schema(example = "our password")]
    password: String,
}

/// Access to the installation.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Access {
    /// Send it as `SAVT-Access` with every call. It is valid for a year, or until the password changes.
    access: String,
}

/// Log in to an installation that has a password
///
/// Without a password there is nothing to log in to.
#[utoipa::path(post, path = "/login", tag = "installation",
    request_body = Login,
    responses(
        (status = 200, description = "The access token", body = Access),
        (status = 404, description = "The installation has no password", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(in crate::api) async fn log_in(call: Call) -> Result<Response, Problem> {
    let Some(site_password) = call.app.site_password.as_deref() else {
        return Err(Problem::new(ProblemKind::NotFound)
            .with_detail("The installation has no password. Nothing but a token is needed."));
    };
    let login: Login = call.body()?;
    let client = call.client.as_ref();
    let limited = client.filter(|client| !client.is_local());
    let limited = limited.map(|client| client.address());
    let attempt = site_password.attempt(&login.password, limited).await;
    if let Some(client) = client {
        site_password.log_failure(&attempt, client.address());
    }
    match attempt {
        Attempt::Correct => {
            let access = session::value(site_password);
            Ok(Answer::ok(&Access { access })?.uncached().into_response())
        }
        Attempt::Wrong { delay } => {
            let problem = Problem::new(ProblemKind::WrongPassword);
            let mut response = failure(problem, &call.texts).into_response();
            response.set_data(ResponseDelay(delay));
            Ok(response)
        }
        Attempt::Throttled(wait) => {
            let seconds = (wait.as_secs() + 1).to_string();
            Err(Problem::new(ProblemKind::TooManyRequests)
                .with_header(header::RETRY_AFTER, &seconds))
        }
    }
}
