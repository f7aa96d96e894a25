//! The list of a browser's boards, and the creation of boards.

use poem::{
    IntoResponse, Request, Response, Result, handler,
    web::{Data, Html},
};

use crate::{
    board::{CreateError, NewBoard},
    model::{BoardContent, Name, Slug},
    store,
    view::{
        self, Texts, boards::BoardEntry, new_board::NewBoardForm, subject::Subject, url::BoardUrls,
    },
    web::{
        app::App,
        error::HttpError,
        request::{
            board_maker::BoardMaker, board_request::BoardRequest, browser_token,
            form_fields::FormFields, language_preference::texts_for,
        },
        response::{html, redirect::see_other},
    },
};

/// How many boards are listed.
const MAX_LISTED: usize = 50;

#[handler]
pub(in crate::web) async fn list(Data(app): Data<&App>, request: &Request) -> Result<Response> {
    let mut boards = match browser_token::get(request)? {
        Some(browser) => store::boards_of(app.boards.database(), &browser, MAX_LISTED as i64 + 1)
            .await
            .map_err(|error| HttpError::from(&error))?,
        None => Vec::new(),
    };
    let has_more = boards.len() > MAX_LISTED;
    boards.truncate(MAX_LISTED);
    let texts = texts_for(request)?;
    let entries: Vec<BoardEntry> = boards
        .into_iter()
        .map(|board| BoardEntry {
            slug: board.slug,
            created_as: board.created_as,
            board: board.board,
            me: board.me,
            changed: board.changed,
        })
        .collect();
    let page = view::boards::page(&entries, has_more, &texts);
    Ok(html::page(page.into_string()))
}

/// The form for a copy of a board.
#[handler]
pub(in crate::web) async fn copy(request: BoardRequest) -> Result<Response> {
    let snapshot = request.read().await;
    let page = view::new_board::copy_page(&snapshot.board, request.texts());
    Ok(html::page(page.into_string()))
}

/// Creates a board, empty or with content, and redirects to it.
#[handler]
pub(in crate::web) async fn create(
    request: &Request,
    Data(app): Data<&App>,
    fields: FormFields,
) -> Result<Response> {
    let texts = texts_for(request)?;
    let input = fields.text("name");
    let start = match Start::parse(&fields) {
        Ok(start) => start,
        Err(error) if error.is_form_error() => {
            return Ok(reject(input, &Start::Empty(None), error, &texts));
        }
        Err(error) => return Err(error.into()),
    };
    let (default_name, content) = start.content(app, &texts).await?;
    let name = match (input.trim(), default_name) {
        ("", Some(name)) => name,
        (input, _) => match Name::parse(input) {
            Ok(name) => name,
            Err(bad) => {
                let error = HttpError::invalid(view::name_reason(bad));
                return Ok(reject(input, &start, error, &texts));
            }
        },
    };
    let Some(content) = content else {
        let created = app.boards.create(&name).await;
        let slug = created.map_err(|error| HttpError::from(&error))?;
        return Ok(see_other(&BoardUrls::new(&slug).home()));
    };
    let maker = BoardMaker::of(request)?;
    let new = NewBoard {
        name,
        browser: maker.browser.clone(),
        participant: maker.remembered_name(),
        content,
    };
    match app.boards.create_filled(new).await {
        Ok(created) => {
            maker.announce(&created.events);
            Ok(see_other(&BoardUrls::new(&created.slug).home()))
        }
        Err(CreateError::Rejected(rejection)) => {
            Ok(reject(input, &start, HttpError::from(&rejection), &texts))
        }
        Err(CreateError::Database(error)) => Err(HttpError::from(&error).into()),
    }
}

/// What a new board starts with.
enum Start {
    /// Nothing, with the words for this subject.
    Empty(Option<Subject>),
    Template(Subject),
    CopyOf(Slug),
}

impl Start {
    fn parse(fields: &FormFields) -> Result<Start, HttpError> {
        let unknown = || HttpError::invalid(view::new_board::unknown_choice());
        let from = fields.text("from");
        if let Some(key) = from.strip_prefix(view::new_board::TEMPLATE_PREFIX) {
            return Subject::from_key(key)
                .map(Start::Template)
                .ok_or_else(unknown);
        }
        match (from, fields.text("terminology")) {
            ("", "") => Ok(Start::Empty(None)),
            ("", key) => match Subject::from_key(key) {
                Some(subject) => Ok(Start::Empty(Some(subject))),
                None => Err(unknown()),
            },
            (slug, _) => match Slug::parse(slug) {
                Some(slug) => Ok(Start::CopyOf(slug)),
                None => Err(HttpError::no_such_board()),
            },
        }
    }

    /// The content, and the name of the board if none was entered.
    async fn content(
        &self,
        app: &App,
        texts: &Texts,
    ) -> Result<(Option<Name>, Option<BoardContent>), HttpError> {
        Ok(match self {
            Start::Empty(subject) => {
                let words = subject.map(|subject| BoardContent {
                    terminology: Some(subject.terminology(texts)),
                    ..BoardContent::default()
                });
                (None, words)
            }
            Start::Template(subject) => (Some(subject.title(texts)), Some(subject.content(texts))),
            Start::CopyOf(slug) => {
                let handle = app.boards.open(slug).await.map_err(HttpError::from)?;
                let board = &handle.read().await.board;
                let content = BoardContent {
                    from: Name::parse(&view::board_title(board)).ok(),
                    ..board.content()
                };
                (content.from.clone(), Some(content))
            }
        })
    }
}

/// The form as it was sent, with the reason.
fn reject(name: &str, start: &Start, error: HttpError, texts: &Texts) -> Response {
    let reason = texts.text(error.reason);
    let form = NewBoardForm {
        name,
        from: match start {
            Start::CopyOf(slug) => Some(slug),
            _ => None,
        },
        subject: match start {
            Start::Empty(subject) => *subject,
            _ => None,
        },
        rejected: Some(&reason),
    };
    let page = view::new_board::rejected_page(&form, texts).into_string();
    Html(page).with_status(error.status).into_response()
}
