//! A request to one board: the board, the browser, and the format of the response.

use std::{str::FromStr, sync::Arc};

use poem::{FromRequest, PathPattern, Request, RequestBody, Result, http::StatusCode};

use super::{
    browser_token,
    cookies::{ASKED, FLASH, LANGUAGE, MINUTE, NAME, YEAR, cookie, cookies_of},
    flash::Flash,
    htmx::wants_fragments,
    language_preference::LanguagePreference,
    unrecognized::{Unrecognized, is_form_of_page},
};
use crate::{
    board::{BoardHandle, CommandOutcome, Rendering, now},
    http::{
        cookies::Cookies,
        middleware::cross_site::is_unsafe,
        origin::{Origin, is_secure},
    },
    model::{BoardAction, BrowserId, Command, Name, Participant, ParticipantId, Slug},
    view::{
        Language, ShareLink, Texts, consent, outcome,
        url::{self, BoardUrls},
    },
    web::{app::App, error::HttpError, request_context::RequestContext},
};

/// One request to one board.
pub(in crate::web) struct BoardRequest {
    pub(in crate::web) app: App,
    pub(in crate::web) handle: Arc<BoardHandle>,
    pub(in crate::web) browser: BrowserId,
    /// The reader's language.
    pub(in crate::web) language: Language,
    /// The texts of the board in that language.
    texts: Arc<Texts>,
    /// Whether the response should consist of fragments.
    pub(in crate::web) wants_fragments: bool,
    /// The `:id` or `:event` in the path.
    id: Option<String>,
    query: Option<String>,
    origin: Option<Origin>,
    cookies: Cookies,
    secure: bool,
}

impl<'a> FromRequest<'a> for BoardRequest {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let app = App::from_request(request)?;
        let context = request.data::<RequestContext>();
        if let (Some(context), Some(route)) = (context, request.data::<PathPattern>()) {
            context.set_route(route.0.clone());
        }
        let slug = slug(request)?;
        let opened = match is_unsafe(request.method()) {
            // A command finds out by itself whether the board still exists.
            true => app.boards.open(&slug).await,
            false => app.boards.open_to_read(&slug).await,
        };
        let handle = opened.map_err(HttpError::from)?;
        if let Some(context) = context {
            context.set_board(handle.id());
        }
        let id = request
            .raw_path_param("id")
            .or(request.raw_path_param("event"));
        let cookies = cookies_of(request)?.clone();
        let secure = is_secure(request);
        let language = LanguagePreference::from_headers(request.headers()).language();
        let texts = handle.texts(language);
        if let Some(context) = context {
            context.set_texts(texts.clone());
        }
        let token = browser_token::get_or_create(&cookies, secure, response_to(request));
        if token.is_new && is_form_of_page(request) {
            let remembered = remembered_name(&cookies);
            let unrecognized = Unrecognized {
                handle: &handle,
                language,
                texts: &texts,
                home: &BoardUrls::new(&slug).home(),
                remembered: remembered.as_ref(),
            };
            return Err(unrecognized.reject(request, body).await.into());
        }
        Ok(BoardRequest {
            app: app.clone(),
            handle,
            browser: token.browser,
            language,
            texts,
            wants_fragments: wants_fragments(request),
            id: id.map(str::to_owned),
            query: request.uri().query().map(str::to_owned),
            origin: Origin::from_request(request),
            cookies,
            secure,
        })
    }
}

impl BoardRequest {
    /// The current snapshot of the board, rendered in the reader's language.
    pub(in crate::web) async fn read(&self) -> Arc<Rendering> {
        self.app.boards.rendering(&self.handle, self.language).await
    }

    pub(in crate::web) fn texts(&self) -> &Arc<Texts> {
        &self.texts
    }

    /// Base of the name for items created without one: `Pizza` for `Pizza-1`.
    pub(in crate::web) fn default_item_name(&self) -> Name {
        Name::from_stored(self.texts.terminology.item_capitalized())
    }

    /// The participant that this browser is on the board.
    pub(in crate::web) fn viewer(&self, snapshot: &Rendering) -> Option<ParticipantId> {
        snapshot.board.actor(&self.browser).map(|actor| actor.id)
    }

    /// Sends a command to the board's writer and waits for the outcome.
    pub(in crate::web) async fn execute(
        &self,
        command: impl Into<Command>,
    ) -> Result<CommandOutcome, HttpError> {
        // A rejection reflects this version or a later one, so a page that has seen a later one keeps it.
        let version = self.handle.version();
        let command = self.with_remembered_name(command.into());
        let outcome = self.handle.execute(self.browser.clone(), command).await;
        match outcome.map_err(|error| HttpError::from(error).at_version(version)) {
            Err(error) if error.status == StatusCode::LOCKED => Err(self.show_closed(error).await),
            outcome => outcome,
        }
    }

    /// Adds to an error that the board is closed, which the page may not show yet.
    async fn show_closed(&self, mut error: HttpError) -> HttpError {
        let snapshot = self.read().await;
        let (board, now, context) = (&snapshot.board, now(), &snapshot.context);
        error.fragments.push(outcome::fragment(board, now, context));
        let consent = consent::fragment_if_closed(board, now, context);
        error.fragments.extend(consent);
        error.at_version(board.version())
    }

    /// A browser that is nobody on this board acts under the name that it last chose on any board.
    fn with_remembered_name(&self, command: Command) -> Command {
        match (command, self.remembered_name()) {
            (Command::Act(action), Some(name)) => Command::ActAs { name, action },
            (Command::Press { action, .. }, name) => Command::Press { name, action },
            (command, _) => command,
        }
    }

    /// The command of a form that a double press sends twice. The page's script swallows the second press itself, and what it sends
    /// was typed as often.
    pub(in crate::web) fn pressed(&self, action: BoardAction) -> Command {
        match self.wants_fragments {
            true => Command::Act(action),
            false => Command::Press { name: None, action },
        }
    }

    /// The number in the path. Anything else is the address of nothing.
    pub(in crate::web) fn id<T: FromStr>(&self) -> Result<T, HttpError> {
        let id = self.id.as_deref().unwrap_or_default();
        id.parse().map_err(|_| HttpError::no_such_page())
    }

    /// The value of a query parameter, not decoded.
    pub(in crate::web) fn query(&self, name: &str) -> Option<&str> {
        let pairs = self.query.as_deref()?.split('&');
        let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
        let found = pairs.find(|(key, _)| *key == name);
        found.map(|(_, value)| value)
    }

    /// The board's link for other devices; `None` if the request names no valid host.
    pub(in crate::web) fn board_link(&self, snapshot: &Rendering) -> Option<ShareLink> {
        self.link(&snapshot.context.urls.home())
    }

    /// The link for other devices to any path.
    pub(in crate::web) fn link(&self, path: &str) -> Option<ShareLink> {
        let origin = self.origin.as_ref()?;
        Some(ShareLink {
            url: origin.url(path),
            loopback_port: origin.local_port(),
        })
    }

    /// The path of the board's page.
    pub(in crate::web) fn home(&self) -> String {
        BoardUrls::new(self.handle.slug()).home()
    }

    /// The name last chosen on any board, if it is valid.
    pub(in crate::web) fn remembered_name(&self) -> Option<Name> {
        remembered_name(&self.cookies)
    }

    /// Remembers a name for other boards. A default name belongs to one board only.
    pub(in crate::web) fn remember_name(&self, name: &Name) {
        if !Participant::is_default_name(name) {
            self.set_cookie(NAME, name.as_str(), YEAR);
        }
    }

    /// Whether the user of this browser was asked for a name, on any board.
    pub(in crate::web) fn was_asked_for_name(&self) -> bool {
        self.cookies.received().contains(ASKED)
    }

    /// Stores that the user was asked, so that nobody is asked again.
    pub(in crate::web) fn remember_question(&self) {
        self.set_cookie(ASKED, "1", YEAR);
    }

    /// Stores the language chosen by hand.
    pub(in crate::web) fn remember_language(&self, language: Language) {
        self.set_cookie(LANGUAGE, language.tag(), YEAR);
    }

    /// Stores a message for the page that this browser is redirected to.
    pub(in crate::web) fn set_flash(&self, flash: Flash) {
        self.set_cookie(FLASH, flash.to_string(), MINUTE);
    }

    /// Returns the message for this page and deletes it.
    pub(in crate::web) fn take_flash(&self) -> Option<Flash> {
        let flash = self.cookies.received().values(FLASH).next()?;
        self.set_cookie(FLASH, "", std::time::Duration::ZERO);
        Flash::parse(&flash)
    }

    fn set_cookie(&self, name: &str, value: impl Into<String>, max_age: std::time::Duration) {
        self.cookies.set(cookie(name, value, max_age, self.secure));
    }
}

fn response_to(request: &Request) -> browser_token::Response {
    match wants_fragments(request) && !is_unsafe(request.method()) {
        true => browser_token::Response::PartOfPage,
        false => browser_token::Response::Page,
    }
}

/// The name last chosen on any board, if it is valid.
pub(in crate::web) fn remembered_name(cookies: &Cookies) -> Option<Name> {
    let mut values = cookies.received().values(NAME);
    let name = values.find_map(|name| Name::parse(&name).ok())?;
    (!Participant::is_default_name(&name)).then_some(name)
}

/// The board that the path names. Decided by the route and not by the parameter alone: poem drops a parameter that it cannot
/// decode, and an absent one must not lead to the main board.
fn slug(request: &Request) -> Result<Slug, HttpError> {
    let route = request.data::<PathPattern>();
    match request.raw_path_param("board") {
        Some(text) => Slug::parse(text).ok_or_else(HttpError::no_such_board),
        None if route.is_some_and(|route| !route.0.starts_with(url::BOARD_ROUTE)) => {
            Ok(Slug::main())
        }
        None => Err(HttpError::no_such_board()),
    }
}
