//! Participants: list, join, rename oneself, set somebody aside.

use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::{Problem, ProblemKind},
        resources::{
            participant::{Join, Participant, Participants, Rename},
            problem::ProblemDetails,
        },
    },
    board::Snapshot,
    model::{BoardAction, BrowserId, Command, Identity, Name, ParticipantId},
    view::{self, Texts},
};

/// List participants
///
/// A page of them: send `next` as `after` for the following one.
#[utoipa::path(get, path = "/boards/{slug}/participants", tag = "participants", operation_id = "list_participants",
    params(
        ("slug", description = "The slug of the board; `main` for the board at `/`"),
        ("after" = Option<i64>, Query, minimum = 0, description = "Participants with a greater id"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 1_000, description = "How many; default 100"),
    ),
    responses((status = 200, description = "The participants, in the order in which they joined", body = Participants)))]
pub(in crate::api) async fn list(call: Call) -> Result<Answer, Problem> {
    let page = call.page()?;
    let snapshot = call.read().await?;
    let board = &snapshot.board;
    let mut participants = board
        .participants_after(ParticipantId(page.after))
        .peekable();
    let listed: Vec<Participant> = participants
        .by_ref()
        .take(page.limit)
        .map(|participant| Participant::new(participant, board))
        .collect();
    let next = listed
        .last()
        .map(|last| last.id)
        .filter(|_| participants.peek().is_some());
    Answer::ok(&Participants {
        participants: listed,
        next,
    })
}

/// Join a board
///
/// The answer has a token, with which a program acts as this participant. One program can act for several participants, with a
/// token each.
#[utoipa::path(post, path = "/boards/{slug}/participants", tag = "participants",
    params(("slug", description = "The slug of the board")),
    request_body = Option<Join>,
    responses(
        (status = 201, description = "The new participant with the token", body = Participant,
            headers(("Location" = String, description = "The address of the participant"))),
        (status = 403, description = "On this installation names cannot be claimed", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "A participant of this name exists: `existing_id`", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(in crate::api) async fn join(call: Call) -> Result<Answer, Problem> {
    let join: Join = call.optional_body()?;
    let name = join.name.as_deref().map(|text| name(text, &call.texts));
    let command = match (name.transpose()?, join.claim) {
        (None, false) => Command::Join,
        (Some(name), false) => Command::Rename(name),
        (Some(name), true) => match call.app.identity {
            Identity::Open => Command::Claim(name),
            Identity::Claimed => return Err(Problem::new(ProblemKind::IdentityClaimed)),
        },
        (None, true) => {
            let reason = view::name_reason(crate::model::InvalidName::Empty);
            return Err(Problem::invalid("/name", reason, &call.texts));
        }
    };
    let token = call.new_token()?;
    let outcome = call.execute(token.hashed(), command).await?;
    let participant = own(&outcome.snapshot, &token.hashed())?;
    let slug = outcome.snapshot.board.slug.as_str();
    let location = format!("/api/v1/boards/{slug}/participants/{}", participant.id);
    let participant = participant.with_token(&token);
    Ok(Answer::created(&participant, &location)?.showing(Some(token)))
}

/// Read a participant
///
/// With what they have consented to.
#[utoipa::path(get, path = "/boards/{slug}/participants/{id}", tag = "participants", operation_id = "read_participant",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the participant")),
    responses((status = 200, description = "The participant", body = Participant)))]
pub(in crate::api) async fn show(call: Call) -> Result<Answer, Problem> {
    let id: ParticipantId = call.id()?;
    let snapshot = call.read().await?;
    Answer::ok(&by_id(&snapshot, id)?)
}

/// Read yourself
///
/// Whose token this is.
#[utoipa::path(get, path = "/boards/{slug}/participants/me", tag = "participants", operation_id = "show_me",
    params(("slug", description = "The slug of the board")),
    responses((status = 200, description = "The participant of the token", body = Participant)),
    security(("token" = [])))]
pub(in crate::api) async fn show_me(call: Call) -> Result<Answer, Problem> {
    let actor = call.actor().await?;
    let snapshot = call.read().await?;
    Answer::ok(&own(&snapshot, &actor)?)
}

/// Rename yourself
///
/// Everything you did shows the new name. Also possible while the board is closed.
#[utoipa::path(patch, path = "/boards/{slug}/participants/me", tag = "participants", operation_id = "rename_me",
    params(("slug", description = "The slug of the board")),
    request_body(content((Rename = "application/json"), (Rename = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "The renamed participant", body = Participant),
        (status = 409, description = "Another participant has this name: `existing_id`", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn rename(call: Call) -> Result<Answer, Problem> {
    let actor = call.actor().await?;
    let name = name(&call.body::<Rename>()?.name, &call.texts)?;
    let outcome = call
        .execute_as(actor.clone(), Command::Rename(name))
        .await?;
    Answer::ok(&own(&outcome.snapshot, &actor)?)
}

/// Be forgotten
///
/// Replaces your name by `User-N` and empties the reasons of your vetoes, on the board and in all its events, also the former ones. The
/// board gets another epoch. Your token, and the browsers that are you, belong to nobody then. Your vetoes and what you added stay. It
/// does not reach backups, what was exported or sent before, and what others wrote. Also possible while the board is closed.
#[utoipa::path(delete, path = "/boards/{slug}/participants/me", tag = "participants", operation_id = "forget_me",
    params(("slug", description = "The slug of the board")),
    responses((status = 204, description = "You are forgotten")),
    security(("token" = [])))]
pub(in crate::api) async fn forget_me(call: Call) -> Result<Answer, Problem> {
    let actor = call.actor().await?;
    let (boards, board) = (call.app.boards().clone(), call.board()?.clone());
    // A client that closes its connection does not stop it halfway.
    let forgetting = tokio::spawn(async move { boards.forget_browser(&board, actor).await });
    let forgotten = forgetting
        .await
        .map_err(|error| Problem::internal(error.to_string()))?;
    match forgotten? {
        true => Ok(Answer::no_content()),
        false => Err(Problem::new(ProblemKind::TokenRequired)),
    }
}

/// Set a participant aside
///
/// The decision does not wait for them until they act again.
#[utoipa::path(put, path = "/boards/{slug}/participants/{id}/aside", tag = "participants",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the participant")),
    responses(
        (status = 200, description = "The participant", body = Participant),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn set_aside(call: Call) -> Result<Answer, Problem> {
    call.expect_no_members()?;
    let id = call.id()?;
    let outcome = call.act(BoardAction::SetAside(id)).await?;
    Answer::ok(&by_id(&outcome.snapshot, id)?)
}

/// Let a participant take part again
///
/// They also take part again as soon as they act.
#[utoipa::path(delete, path = "/boards/{slug}/participants/{id}/aside", tag = "participants",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the participant")),
    responses(
        (status = 200, description = "The participant", body = Participant),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn bring_back(call: Call) -> Result<Answer, Problem> {
    let id = call.id()?;
    let outcome = call.act(BoardAction::BringBack(id)).await?;
    Answer::ok(&by_id(&outcome.snapshot, id)?)
}

/// The participant of a token.
pub(super) fn own(snapshot: &Snapshot, token: &BrowserId) -> Result<Participant, Problem> {
    let required = || Problem::new(ProblemKind::TokenRequired);
    let id = snapshot.board.participant_for(token).ok_or_else(required)?;
    by_id(snapshot, id)
}

fn by_id(snapshot: &Snapshot, id: ParticipantId) -> Result<Participant, Problem> {
    let participant = snapshot.board.participant(id);
    let unknown = || Problem::new(ProblemKind::NotFound).with_message("no-such-participant");
    Ok(Participant::new(
        participant.ok_or_else(unknown)?,
        &snapshot.board,
    ))
}

fn name(text: &str, texts: &Texts) -> Result<Name, Problem> {
    Name::parse(text)
        .map_err(|invalid| Problem::invalid("/name", view::name_reason(invalid), texts))
}
