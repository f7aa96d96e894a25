//! New boards.

use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::{Problem, ProblemKind},
        resources::{
            board::{Board, NewBoard},
            problem::ProblemDetails,
        },
        token::Token,
    },
    board::{self, now},
    model::{BoardContent, Name, Purpose, Slug},
    view::{self, Language},
};

/// Make a board
///
/// Empty, or as a copy of another one. Its slug cannot be guessed: anyone who knows it can see and change the board.
#[utoipa::path(post, path = "/boards", tag = "boards", operation_id = "create_board",
    request_body = NewBoard,
    responses(
        (status = 201, description = "The new board", body = Board,
            headers(("Location" = String, description = "The address of the board"))),
        (status = 404, description = "There is no board `from`", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(in crate::api) async fn create(call: Call) -> Result<Answer, Problem> {
    let new: NewBoard = call.body()?;
    let texts = &call.texts;
    let name = Name::parse(&new.name)
        .map_err(|invalid| Problem::invalid("/name", view::name_reason(invalid), texts))?;
    let purpose = Purpose::parse(new.purpose.as_deref().unwrap_or_default())
        .map_err(|invalid| Problem::invalid("/purpose", view::name_reason(invalid), texts))?;
    let terminology = match &new.terminology {
        Some(words) => Some(words.parse(texts)?),
        None => None,
    };
    let copied = match &new.from {
        Some(slug) => copy_of(&call, slug).await?,
        None => BoardContent::default(),
    };
    let content = BoardContent {
        purpose: purpose.or(copied.purpose),
        terminology: terminology.or(copied.terminology),
        ..copied
    };
    let (slug, token) = create_with(&call, name, content).await?;
    let handle = call.app.boards().open(&slug).await?;
    let snapshot = handle.read().await;
    let board = Board::new(&snapshot.board, now(), snapshot.texts(Language::English));
    let board = match &token {
        Some(token) => board.with_token(token),
        None => board,
    };
    let location = format!("/api/v1/boards/{}", slug.as_str());
    Ok(Answer::created(&board, &location)?.showing(token))
}

/// The content of another board.
async fn copy_of(call: &Call, slug: &str) -> Result<BoardContent, Problem> {
    let unknown = || Problem::new(ProblemKind::NotFound).with_message("no-such-board");
    let slug = Slug::parse(slug).ok_or_else(unknown)?;
    let handle = call.app.boards().open(&slug).await?;
    let board = &handle.read().await.board;
    Ok(BoardContent {
        from: Name::parse(&view::board_title(board)).ok(),
        ..board.content()
    })
}

/// Makes the board. What it starts with needs an actor, who is its first participant.
async fn create_with(
    call: &Call,
    name: Name,
    content: BoardContent,
) -> Result<(Slug, Option<Token>), Problem> {
    let boards = call.app.boards();
    let token = call.new_token()?;
    if content == BoardContent::default() {
        let slug = match &call.execution {
            Some(execution) => execution.create_empty(boards, &name).await,
            None => boards
                .create(&name)
                .await
                .map_err(|error| Problem::from(&error)),
        };
        return Ok((slug?, None));
    }
    let new = board::NewBoard {
        name,
        browser: token.hashed(),
        participant: None,
        content,
    };
    let (slug, has_events) = match &call.execution {
        Some(execution) => execution.create_filled(boards, new).await?,
        None => {
            let created = boards.create_filled(new).await.map_err(Problem::from)?;
            (created.slug, !created.events.is_empty())
        }
    };
    Ok((slug, has_events.then_some(token)))
}
