//! What can go wrong with a request, in one place: each error's status, its words, and the page or fragments that say it.

use poem::{
    Endpoint, IntoResponse, Middleware, PathPattern, Request, Response, Result,
    error::ResponseError,
    http::{HeaderValue, StatusCode, header},
};

use super::{answer, htmx::wants_fragments, language::Reader};
use crate::{
    board::Failure,
    db,
    model::{Refusal, Slug, Thing},
    view::{self, Fragment, Languages, Message, Site, Texts, toast},
};

/// Why a request fails, for the person who sent it.
#[derive(Debug, thiserror::Error)]
#[error("{status}: {reason:?}")]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    /// One or two sentences: what is wrong and what to do.
    pub(super) reason: Message<'static>,
    /// Seconds after which it is worth trying again.
    retry_after: Option<u32>,
    /// A page that says it better than the general one: the form again, filled as it was.
    page: Option<String>,
    /// Fragments that put the reason where it belongs, beside the toast.
    fragments: Vec<Fragment>,
    /// An event after which what the fragments say of the board was so.
    as_of: Option<i64>,
    /// There is no board at its address to which its page could lead.
    astray: bool,
}

impl Problem {
    pub(super) fn new(status: StatusCode, reason: impl Into<Message<'static>>) -> Problem {
        Problem {
            status,
            reason: reason.into(),
            retry_after: None,
            page: None,
            fragments: Vec::new(),
            as_of: None,
            astray: false,
        }
    }

    /// What was typed cannot be.
    pub(super) fn invalid(reason: impl Into<Message<'static>>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, reason)
    }

    /// The same problem, said by the form it is about.
    pub(super) fn at_form(self, page: String, fragments: Vec<Fragment>) -> Problem {
        Problem {
            page: Some(page),
            fragments,
            ..self
        }
    }

    /// The same problem of the board as it was after this event.
    pub(super) fn at_version(self, version: i64) -> Problem {
        let as_of = Some(version);
        Problem { as_of, ..self }
    }

    /// Whether it can be put right in the form that was sent: something typed cannot be, or is taken.
    pub(super) fn is_about_the_form(&self) -> bool {
        matches!(
            self.status,
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
        )
    }

    pub(super) fn no_such_board() -> Problem {
        Problem {
            astray: true,
            ..Problem::new(StatusCode::NOT_FOUND, "no-such-board")
        }
    }

    pub(super) fn no_such_page() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "no-such-page")
    }

    /// A fault of the program: logged whole, shown as one sentence.
    pub(super) fn fault(what: &str) -> Problem {
        tracing::error!(what, "a fault");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault")
    }

    pub(super) fn of_database(error: &db::Error) -> Problem {
        match error.is_unavailable() {
            true => {
                tracing::warn!(%error, "a request without database");
                Problem::unavailable()
            }
            false => Problem::fault(&error.to_string()),
        }
    }

    /// Not now, but perhaps in a moment.
    fn later(reason: &'static str) -> Problem {
        Problem {
            retry_after: Some(2),
            ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, reason)
        }
    }

    /// Too much is asked for at once: nothing was done.
    pub(super) fn busy() -> Problem {
        Problem::later("busy")
    }

    fn unavailable() -> Problem {
        Problem::later("unavailable")
    }

    /// Why nothing came of a wish.
    pub(super) fn of(failure: Failure) -> Problem {
        match failure {
            Failure::Refused(refusal) => Problem::of_refusal(&refusal),
            Failure::Busy => Problem::busy(),
            Failure::Unavailable => Problem::unavailable(),
            Failure::Uncertain => Problem::later("uncertain"),
            Failure::Broken => Problem::fault("a door does not answer"),
        }
    }

    pub(super) fn of_refusal(refusal: &Refusal) -> Problem {
        let status = match refusal {
            Refusal::Unknown(_) => StatusCode::NOT_FOUND,
            Refusal::Gone(..) | Refusal::LinkSpent => StatusCode::GONE,
            Refusal::OnlyThemselves(_) => StatusCode::FORBIDDEN,
            Refusal::ItemNameTaken(_)
            | Refusal::FeatureNameTaken(_)
            | Refusal::ParticipantNameTaken(_)
            | Refusal::ChangedSince(_) => StatusCode::CONFLICT,
            Refusal::IntoItself(_) | Refusal::NothingToSplit(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut problem = Problem::new(status, view::refusal(refusal));
        // What is gone should not stand on the page any longer.
        if let Refusal::Gone(thing, _) = refusal {
            problem.fragments.push(Fragment::gone(match thing {
                Thing::Item(id) => format!("item-{id}"),
                Thing::Feature(id) => format!("feature-{id}"),
            }));
        }
        problem
    }

    /// The words for what poem itself refuses, and what stands around every request.
    fn of_poem(status: StatusCode) -> Problem {
        let reason = match status {
            StatusCode::NOT_FOUND => "no-such-page",
            StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::REQUEST_TIMEOUT => "too-slow",
            StatusCode::FORBIDDEN => "cross-site",
            StatusCode::TOO_MANY_REQUESTS => "too-fast",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "no-form",
            status if status.is_server_error() => return Problem::fault("poem"),
            _ => "not-understood",
        };
        Problem::new(status, reason)
    }

    fn answer(self, fragments_only: bool, home: &str, texts: &Texts) -> Response {
        let body = match fragments_only {
            true => {
                let mut fragments = self.fragments;
                fragments.push(toast::fragment(toast::failed(self.reason, texts)));
                Fragment::join(&fragments)
            }
            false => self.page.unwrap_or_else(|| {
                let title = texts.text(title(self.status));
                let home = if self.astray { "/" } else { home };
                view::error::page(&title, self.reason, home, texts).into_string()
            }),
        };
        let mut response = poem::web::Html(body)
            .with_status(self.status)
            .into_response();
        if let Some(seconds) = self.retry_after {
            let value = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        if let Some(version) = self.as_of {
            let value = HeaderValue::from(version);
            response.headers_mut().insert(answer::VERSION, value);
        }
        response
    }
}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.status
    }
}

/// What an error page is called.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "status-400",
        StatusCode::UNAUTHORIZED => "status-401",
        StatusCode::FORBIDDEN => "status-403",
        StatusCode::NOT_FOUND => "status-404",
        StatusCode::METHOD_NOT_ALLOWED => "status-405",
        StatusCode::REQUEST_TIMEOUT => "status-408",
        StatusCode::CONFLICT => "status-409",
        StatusCode::GONE => "status-410",
        StatusCode::PAYLOAD_TOO_LARGE => "status-413",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "status-415",
        StatusCode::UNPROCESSABLE_ENTITY => "status-422",
        StatusCode::TOO_MANY_REQUESTS => "status-429",
        StatusCode::INTERNAL_SERVER_ERROR => "status-500",
        StatusCode::SERVICE_UNAVAILABLE => "status-503",
        _ => "status-other",
    }
}

/// Turns every error into its answer, in the language of who asks: fragments for htmx, otherwise a page that leads back to the board.
pub(super) struct Errors(pub(super) Languages);

impl<E: Endpoint> Middleware<E> for Errors {
    type Output = AnsweredErrors<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        AnsweredErrors {
            endpoint,
            languages: self.0.clone(),
        }
    }
}

pub(super) struct AnsweredErrors<E> {
    endpoint: E,
    languages: Languages,
}

impl<E: Endpoint> Endpoint for AnsweredErrors<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        // Most requests go well: what only an error needs is kept, and made of it afterwards.
        let (reader, address) = (Reader::of(&request), request.uri().clone());
        let fragments_only = wants_fragments(&request);
        let error = match self.endpoint.call(request).await {
            Ok(response) => return Ok(response.into_response()),
            Err(error) => error,
        };
        let texts = self.languages.texts(reader.language());
        let home = home_of(address.path());
        let status = error.status();
        let route = error.data::<PathPattern>().cloned();
        let mut response = match error.downcast::<Problem>() {
            Ok(problem) => problem.answer(fragments_only, &home, texts),
            Err(error) => {
                let mut response = Problem::of_poem(status).answer(fragments_only, &home, texts);
                // What there is to say beside the words: the methods allowed, how long to wait.
                for (name, value) in error.into_response().headers() {
                    if [header::ALLOW, header::RETRY_AFTER].contains(name) {
                        response.headers_mut().insert(name, value.clone());
                    }
                }
                response
            }
        };
        let uncached = HeaderValue::from_static("no-store");
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, uncached);
        if let Some(route) = route {
            response.set_data(route);
        }
        Ok(response)
    }
}

/// The page of the board an address belongs to.
fn home_of(path: &str) -> String {
    let board = path
        .strip_prefix("/b/")
        .and_then(|rest| rest.split('/').next())
        .and_then(Slug::parse);
    Site::home_of(&board.unwrap_or_else(Slug::main))
}
