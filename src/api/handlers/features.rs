//! Features: list, suggest, read, change, move, delete.

use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::Problem,
        resources::{
            feature::{Feature, FeaturePatch, Features, Suggestion},
            problem::ProblemDetails,
        },
    },
    board::CommandOutcome,
    model::{Amount, BoardAction, BoardObject, FeatureId, FieldEdit, ItemId, Name},
    view::{self, Texts},
};

/// List features
///
/// A page of them, those of all items and the free ones: send `next` as `after` for the following one.
#[utoipa::path(get, path = "/boards/{slug}/features", tag = "features", operation_id = "list_features",
    params(
        ("slug", description = "The slug of the board; `main` for the board at `/`"),
        ("after" = Option<i64>, Query, minimum = 0, description = "Features with a greater id"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 1_000, description = "How many; default 100"),
    ),
    responses((status = 200, description = "The features of all items, and the free ones, by id", body = Features)))]
pub(in crate::api) async fn list(call: Call) -> Result<Answer, Problem> {
    let page = call.page()?;
    let snapshot = call.read().await?;
    let board = &snapshot.board;
    let mut features = board.live_features_after(FeatureId(page.after)).peekable();
    let listed: Vec<Feature> = features
        .by_ref()
        .take(page.limit)
        .map(|feature| Feature::new(feature, board))
        .collect();
    let next = listed
        .last()
        .map(|feature| feature.id)
        .filter(|_| features.peek().is_some());
    Answer::ok(&Features {
        features: listed,
        next,
    })
}

/// Suggest a feature
///
/// If it is there already, its amount grows, up to 3.
#[utoipa::path(post, path = "/boards/{slug}/features", tag = "features", operation_id = "suggest_feature",
    params(("slug", description = "The slug of the board")),
    request_body = Suggestion,
    responses(
        (status = 201, description = "The new feature", body = Feature,
            headers(("Location" = String, description = "The address of the feature"))),
        (status = 200, description = "The feature was there: as it is now", body = Feature),
        (status = 410, description = "The item was deleted", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn suggest(call: Call) -> Result<Answer, Problem> {
    let suggestion: Suggestion = call.body()?;
    let action = BoardAction::Suggest {
        name: name(&suggestion.name, &call.texts)?,
        amount: amount(suggestion.amount, &call.texts)?,
        item: suggestion.item_id.map(|id| ItemId(id.0)),
    };
    let outcome = call.act(action).await?;
    let Some(BoardObject::Feature(id)) = outcome.about else {
        return Err(Problem::internal("the feature has no id"));
    };
    let changes = outcome.events.iter().map(|event| &event.change);
    let mut edits = changes.flat_map(|change| &change.features);
    let is_new = edits.any(|edit| {
        edit.before.is_none() && edit.after.as_ref().is_some_and(|feature| feature.id == id)
    });
    let feature = feature_of(&outcome, id)?;
    let slug = outcome.snapshot.board.slug.as_str();
    match is_new {
        true => Answer::created(&feature, &format!("/api/v1/boards/{slug}/features/{id}")),
        false => Answer::ok(&feature),
    }
}

/// Read a feature
///
/// With its vetoes.
#[utoipa::path(get, path = "/boards/{slug}/features/{id}", tag = "features", operation_id = "read_feature",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the feature")),
    responses(
        (status = 200, description = "The feature with its vetoes", body = Feature),
        (status = 410, description = "The feature was deleted", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(in crate::api) async fn show(call: Call) -> Result<Answer, Problem> {
    let snapshot = call.read().await?;
    let feature = snapshot.board.live_feature(call.id()?);
    let feature = feature.map_err(|rejection| Problem::from(&rejection))?;
    Answer::ok(&Feature::new(feature, &snapshot.board))
}

/// Change or move a feature
///
/// A move may end at another feature of the same name: the answer is then that one.
#[utoipa::path(patch, path = "/boards/{slug}/features/{id}", tag = "features", operation_id = "edit_feature",
    params(
        ("slug", description = "The slug of the board"),
        ("id" = i64, Path, description = "The id of the feature"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the feature as you know it"),
    ),
    request_body(content((FeaturePatch = "application/json"), (FeaturePatch = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "The changed feature", body = Feature),
        (status = 409, description = "A feature of this name exists: `existing_id`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 410, description = "The feature or the item was deleted", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 412, description = "The feature was changed meanwhile: `current`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn edit(call: Call) -> Result<Answer, Problem> {
    let id: FeatureId = call.id()?;
    let patch: FeaturePatch = call.body()?;
    let texts = &call.texts;
    let new_name = match patch.name {
        Some(new) => Some(name(&new.unwrap_or_default(), texts)?),
        None => None,
    };
    let new_amount = match patch.amount {
        Some(new) => Some(amount(new.unwrap_or_default(), texts)?),
        None => None,
    };
    let mut actions = Vec::new();
    if new_name.is_some() || new_amount.is_some() || patch.item_id.is_none() {
        actions.push(BoardAction::EditFeature {
            feature: id,
            name: new_name.map(FieldEdit::replacing),
            amount: new_amount.map(FieldEdit::replacing),
        });
    }
    if let Some(item) = patch.item_id {
        let to = item.map(|id| ItemId(id.0));
        actions.push(BoardAction::Move { feature: id, to });
    }
    let precondition = call.if_match()?.map(|tag| (BoardObject::Feature(id), tag));
    let outcome = call.act_in_sequence(precondition, actions).await?;
    let id = match outcome.about {
        Some(BoardObject::Feature(id)) => id,
        _ => id,
    };
    Answer::ok(&feature_of(&outcome, id)?)
}

/// Delete a feature
///
/// Its vetoes go with it.
#[utoipa::path(delete, path = "/boards/{slug}/features/{id}", tag = "features", operation_id = "delete_feature",
    params(
        ("slug", description = "The slug of the board"),
        ("id" = i64, Path, description = "The id of the feature"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the feature as you know it"),
    ),
    responses(
        (status = 204, description = "The feature was deleted"),
        (status = 410, description = "The feature was deleted before", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 412, description = "The feature was changed meanwhile: `current`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn delete(call: Call) -> Result<Answer, Problem> {
    let id: FeatureId = call.id()?;
    let precondition = call.if_match()?.map(|tag| (BoardObject::Feature(id), tag));
    let actions = vec![BoardAction::DeleteFeature(id)];
    call.act_in_sequence(precondition, actions).await?;
    Ok(Answer::no_content())
}

pub(super) fn feature_of(outcome: &CommandOutcome, id: FeatureId) -> Result<Feature, Problem> {
    let board = &outcome.snapshot.board;
    // Somebody else may have deleted it in the same batch.
    let feature = board
        .live_feature(id)
        .map_err(|rejection| Problem::from(&rejection))?;
    Ok(Feature::new(feature, board))
}

fn name(text: &str, texts: &Texts) -> Result<Name, Problem> {
    Name::parse(text)
        .map_err(|invalid| Problem::invalid("/name", view::name_reason(invalid), texts))
}

fn amount(amount: i64, texts: &Texts) -> Result<Amount, Problem> {
    Amount::new(amount).ok_or_else(|| Problem::invalid("/amount", view::amount_reason(), texts))
}
