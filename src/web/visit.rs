//! Who asks, which board, and how the answer should look.

use std::{str::FromStr, sync::Arc};

use poem::{
    FromRequest, Request, RequestBody, Result,
    web::cookie::{Cookie, CookieJar, SameSite},
};
use sha2::{Digest, Sha256};

use super::{
    App,
    error::Problem,
    htmx::wants_fragments,
    language::{LANGUAGE, Reader},
    origin::{Origin, is_secure},
};
use crate::{
    board::{Done, LiveBoard, Rendering, Unopened},
    model::{Name, ParticipantId, Slug, Token, Wish},
    view::{Language, Site, Texts, share::Link},
};

/// The random token that tells browsers apart.
const TOKEN: &str = "savt";
/// The name last chosen anywhere, which a new board offers.
const NAME: &str = "savt-name";
/// What to say on the next page, for browsers that are sent there instead of getting fragments.
const NEWS: &str = "savt-news";

pub(super) const YEAR: std::time::Duration = std::time::Duration::from_secs(365 * 24 * 60 * 60);
const MINUTE: std::time::Duration = std::time::Duration::from_secs(60);

/// One request to one board.
pub(super) struct Visit {
    pub(super) app: App,
    pub(super) live: Arc<LiveBoard>,
    pub(super) token: Token,
    /// The language of whoever asks.
    pub(super) language: Language,
    /// Whether the browser wants only the fragments that changed.
    pub(super) htmx: bool,
    request: Wanted,
    origin: Option<Origin>,
    jar: CookieJar,
    secure: bool,
}

/// The parts of the address that name something.
struct Wanted {
    id: Option<String>,
    query: Option<String>,
}

impl<'a> FromRequest<'a> for Visit {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        let app: &App = request
            .data()
            .ok_or_else(|| Problem::fault("the routes are not given what they need"))?;
        let slug = match request.raw_path_param("board") {
            None => Slug::main(),
            Some(text) => Slug::parse(text).ok_or_else(Problem::no_such_board)?,
        };
        let live = app.boards.open(&slug).await.map_err(|error| match error {
            Unopened::Unknown => Problem::no_such_board(),
            Unopened::Database(error) => Problem::of_database(&error),
        })?;
        let id = request
            .raw_path_param("id")
            .or(request.raw_path_param("event"));
        let jar = request.cookie().clone();
        let secure = is_secure(request);
        Ok(Visit {
            app: app.clone(),
            live,
            token: known_or_new(&jar, secure),
            language: Reader::of(request).language(),
            htmx: wants_fragments(request),
            request: Wanted {
                id: id.map(str::to_owned),
                query: request.uri().query().map(str::to_owned),
            },
            origin: Origin::of(request),
            jar,
            secure,
        })
    }
}

impl Visit {
    /// The board as it is now.
    pub(super) async fn read(&self) -> Arc<Rendering> {
        self.live.read().await.rendered(self.language)
    }

    /// What is said to whoever asks.
    pub(super) fn texts(&self) -> &Arc<Texts> {
        self.app.languages().texts(self.language)
    }

    /// Who this browser is on a board.
    pub(super) fn viewer(&self, board: &Rendering) -> Option<ParticipantId> {
        board.board.actor(&self.token).map(|actor| actor.id)
    }

    /// Brings a wish to the board's door.
    pub(super) async fn wish(&self, wish: impl Into<Wish>) -> Result<Done, Problem> {
        // What is refused is refused of this version or a later one: what a page knows of a later one stays as it is.
        let version = self.live.version();
        let done = self.live.wish(self.token.clone(), wish).await;
        done.map_err(|failure| Problem::of(failure).at_version(version))
    }

    /// The number in the address. Whatever is no number names nothing that exists.
    pub(super) fn id<T: FromStr>(&self) -> Result<T, Problem> {
        let id = self.request.id.as_deref().unwrap_or_default();
        id.parse().map_err(|_| Problem::no_such_page())
    }

    /// What the query of the address says of this, if anything.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let pairs = self.request.query.as_deref()?.split('&');
        let mut values = pairs.filter_map(|pair| pair.split_once('='));
        let found = values.find(|(key, _)| *key == name);
        found.map(|(_, value)| value)
    }

    /// The board's link for other devices, if the browser said where it found us.
    pub(super) fn link(&self, board: &Rendering) -> Option<Link> {
        self.link_to(&board.site.home())
    }

    /// The same of any address of ours.
    pub(super) fn link_to(&self, path: &str) -> Option<Link> {
        let origin = self.origin.as_ref()?;
        Some(Link {
            address: origin.to(path),
            only_here: origin.local_port(),
        })
    }

    /// The board's own page.
    pub(super) fn home(&self) -> String {
        Site::home_of(self.live.slug())
    }

    /// The name last chosen on any board, if it can still be read.
    pub(super) fn remembered(&self) -> Option<Name> {
        let cookie = self.jar.get(NAME)?;
        Name::parse(cookie.value_str()).ok()
    }

    pub(super) fn remember(&self, name: &Name) {
        self.jar.add(cookie(NAME, name.as_str(), YEAR, self.secure));
    }

    /// From now on this browser is spoken to in this language.
    pub(super) fn speak(&self, language: Language) {
        self.jar
            .add(cookie(LANGUAGE, language.tag(), YEAR, self.secure));
    }

    /// Leaves a word for the page this browser is sent to.
    pub(super) fn leave_news(&self, news: String) {
        self.jar.add(cookie(NEWS, news, MINUTE, self.secure));
    }

    /// Takes the word that was left for this page.
    pub(super) fn take_news(&self) -> Option<String> {
        let news = self.jar.get(NEWS)?;
        self.jar
            .add(cookie(NEWS, "", std::time::Duration::ZERO, self.secure));
        Some(news.value_str().to_owned())
    }
}

/// The hash of the browser's token, of a new one if it has none that could be ours. A browser gets its token with the first
/// page, so that two actions pressed at once are one person's.
fn known_or_new(jar: &CookieJar, secure: bool) -> Token {
    token_of(jar).unwrap_or_else(|| {
        let token = format!("{:032x}", rand::random::<u128>());
        jar.add(cookie(TOKEN, token.clone(), YEAR, secure));
        hashed(&token)
    })
}

/// The hash of the browser's token; none if it has none that could be ours.
pub(super) fn token_of(jar: &CookieJar) -> Option<Token> {
    let known = jar.get(TOKEN)?;
    let token = known.value_str();
    is_ours(token).then(|| hashed(token))
}

fn hashed(token: &str) -> Token {
    Token::hashed(hex::encode(Sha256::digest(token)))
}

fn is_ours(token: &str) -> bool {
    token.len() == 32
        && token
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(super) fn cookie(
    name: &str,
    value: impl Into<String>,
    age: std::time::Duration,
    secure: bool,
) -> Cookie {
    let mut cookie = Cookie::new_with_str(name, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(secure);
    cookie.set_max_age(age);
    cookie
}
