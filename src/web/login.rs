//! In and out of an installation that has a password.

use poem::{
    IntoResponse, Request, Response, Result, handler,
    http::{HeaderValue, StatusCode, header},
    web::{
        Data, Html,
        cookie::{Cookie, CookieJar},
    },
};
use serde::Deserialize;

use super::{
    App, answer,
    error::Problem,
    fields::Fields,
    language::texts_of,
    lock::{Lock, Tried},
    origin::is_secure,
    visit::{YEAR, cookie},
};
use crate::{
    board::now,
    view::{self, Message, language::message},
};

/// Where a language is chosen, on the way in too.
pub(super) const LANGUAGE: &str = "/language";

/// The cookie with the session.
const SESSION: &str = "savt-session";

/// Whether this browser has been let in.
pub(super) fn is_let_in(lock: &Lock, request: &Request) -> bool {
    let session = request.cookie().get(SESSION);
    session.is_some_and(|session| lock.knows(session.value_str(), seconds_now()))
}

fn seconds_now() -> i64 {
    now().and_utc().timestamp()
}

#[derive(Deserialize)]
struct Asked {
    to: Option<String>,
}

/// The question for the password.
#[handler]
pub(super) fn show(Data(app): Data<&App>, request: &Request) -> Result<Response> {
    let asked: Option<Asked> = request.params().ok();
    let to = asked.and_then(|asked| asked.to);
    let to = to.as_deref().and_then(ours).unwrap_or("/");
    if is_let_in(lock_of(app)?, request) {
        return Ok(answer::see(to));
    }
    let page = view::login::page(to, None, &*texts_of(request)?);
    Ok(answer::page(page.into_string()))
}

/// The answer to it.
#[handler]
pub(super) async fn enter(
    Data(app): Data<&App>,
    request: &Request,
    jar: &CookieJar,
    fields: Fields,
) -> Result<Response> {
    let lock = lock_of(app)?;
    let to = ours(fields.text("to")).unwrap_or("/");
    let tried = lock
        .try_out(fields.text("password"), app.pace.network_of(request))
        .await;
    match tried {
        Tried::Right => {
            let session = lock.session(seconds_now() + YEAR.as_secs() as i64);
            jar.add(cookie(SESSION, session, YEAR, is_secure(request)));
            Ok(answer::see(to))
        }
        Tried::Wrong => again(
            request,
            to,
            StatusCode::UNPROCESSABLE_ENTITY,
            message("login-wrong"),
        ),
        Tried::TooOften(wait) => {
            let seconds = wait.as_secs() + 1;
            let reason = message("login-too-often").count("seconds", seconds as usize);
            let mut answer = again(request, to, StatusCode::TOO_MANY_REQUESTS, reason)?;
            let headers = answer.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(answer)
        }
    }
}

/// Out again: for this browser alone.
#[handler]
pub(super) fn leave(request: &Request, jar: &CookieJar) -> Response {
    let mut gone: Cookie = cookie(SESSION, "", YEAR, is_secure(request));
    gone.make_removal();
    jar.add(gone);
    answer::see("/")
}

/// The page again, with what is wrong beside the field.
fn again(request: &Request, to: &str, status: StatusCode, reason: Message) -> Result<Response> {
    let texts = texts_of(request)?;
    let page = view::login::page(to, Some(&texts.text(reason)), &texts).into_string();
    Ok(Html(page).with_status(status).into_response())
}

fn lock_of(app: &App) -> Result<&Lock, Problem> {
    app.lock.as_deref().ok_or_else(Problem::no_such_page)
}

/// An address that is a path here, whatever a browser makes of it: none of another host, which is what two slashes begin, or
/// slashes the other way round, or such with characters between that browsers leave out.
pub(super) fn ours(to: &str) -> Option<&str> {
    let plain = to.bytes().all(|c| c.is_ascii_graphic() && c != b'\\');
    let path = to.starts_with('/') && !to.starts_with("//");
    (plain && path).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn nobody_is_led_elsewhere() {
        for to in ["/", "/b/x?view=wall", "/history?before=7#event-3", "/%5C/x"] {
            assert_eq!(ours(to), Some(to));
        }
        for to in [
            "",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/b\\x",
            "https://evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/\t/evil.example",
            "\n//evil.example",
            "/\r\nSet-Cookie: x",
            " /",
            "/\u{7f}",
            "/é",
        ] {
            assert_eq!(ours(to), None, "{to:?}");
        }
    }
}
