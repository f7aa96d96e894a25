//! What can be asked of features.

use poem::{Response, Result, handler};

use super::{answer, board, error::Problem, fields::Fields, menu::Menu, visit::Visit};
use crate::{
    model::{Amount, Deed, FeatureId, ItemId, Name, Reason},
    view::{
        self,
        board::Forms,
        feature::{self, EditForm, MenuForms, SuggestForm, VetoForm},
    },
};

#[handler]
pub(super) async fn suggest(visit: Visit, fields: Fields) -> Result<Response> {
    let item = item_or_free(&fields)?;
    let place = feature::suggest_reason(item);
    match name_and_amount(&fields) {
        Ok((name, amount)) => {
            let done = visit.wish(Deed::Suggest { name, amount, item }).await?;
            Ok(answer::done(&visit, &done, Some(&place)))
        }
        Err(problem) => {
            let form = SuggestForm {
                item,
                name: fields.text("name"),
                amount: fields.text("amount"),
                reason: visit.texts().text(problem.reason.clone()).into_owned(),
            };
            let forms = Forms {
                feature: Some(form),
                ..Forms::default()
            };
            Err(board::refused(&visit, problem, &place, forms).await.into())
        }
    }
}

#[handler]
pub(super) async fn show(visit: Visit) -> Result<Response> {
    let menu = menu(&visit, visit.id()?, MenuForms::default()).await?;
    Ok(menu.answer(&visit))
}

#[handler]
pub(super) async fn veto(visit: Visit, fields: Fields) -> Result<Response> {
    let feature = visit.id()?;
    // The button of a row says nothing of a reason: it takes none away.
    let deed = match fields.sent("reason").map(Reason::parse) {
        None => Deed::Veto(feature),
        Some(Ok(reason)) => Deed::VetoBecause { feature, reason },
        Some(Err(bad)) => {
            let problem = Problem::invalid(view::name_reason(bad));
            let form = VetoForm {
                why: fields.text("reason"),
                reason: visit.texts().text(problem.reason.clone()).into_owned(),
            };
            let forms = MenuForms {
                veto: Some(form),
                ..MenuForms::default()
            };
            let menu = menu(&visit, feature, forms).await?;
            return Err(menu.refused(&visit, problem, feature::VETO_REASON).into());
        }
    };
    let done = visit.wish(deed).await?;
    Ok(answer::done(&visit, &done, None))
}

#[handler]
pub(super) async fn take_back(visit: Visit) -> Result<Response> {
    let done = visit.wish(Deed::TakeBack(visit.id()?)).await?;
    Ok(answer::done(&visit, &done, None))
}

#[handler]
pub(super) async fn move_to(visit: Visit, fields: Fields) -> Result<Response> {
    let feature = visit.id()?;
    let to = item_or_free(&fields)?;
    let done = visit.wish(Deed::Move { feature, to }).await?;
    Ok(answer::done(&visit, &done, None))
}

#[handler]
pub(super) async fn edit(visit: Visit, fields: Fields) -> Result<Response> {
    let feature = visit.id()?;
    let outcome = match name_and_amount(&fields) {
        Ok((name, amount)) => {
            let deed = Deed::EditFeature {
                feature,
                name,
                amount,
            };
            visit.wish(deed).await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(done) => Ok(answer::done(&visit, &done, None)),
        Err(problem) if problem.is_about_the_form() => {
            let form = EditForm {
                name: fields.text("name"),
                amount: fields.text("amount"),
                reason: Some(visit.texts().text(problem.reason.clone()).into_owned()),
            };
            let forms = MenuForms {
                edit: Some(form),
                ..MenuForms::default()
            };
            let menu = menu(&visit, feature, forms).await?;
            Err(menu.refused(&visit, problem, feature::EDIT_REASON).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

#[handler]
pub(super) async fn delete(visit: Visit) -> Result<Response> {
    let done = visit.wish(Deed::DeleteFeature(visit.id()?)).await?;
    Ok(answer::done(&visit, &done, None))
}

async fn menu(visit: &Visit, id: FeatureId, forms: MenuForms<'_>) -> Result<Menu, Problem> {
    let snapshot = visit.read().await;
    let board = &snapshot.board;
    let feature = board
        .living_feature(id)
        .map_err(|refusal| Problem::of_refusal(&refusal).at_version(board.version()))?;
    let viewer = visit.viewer(&snapshot);
    let menu = view::feature::menu(feature, board, viewer, forms, &snapshot.site);
    Ok(Menu::of(&snapshot, menu))
}

fn name_and_amount(fields: &Fields) -> Result<(Name, Amount), Problem> {
    let name =
        Name::parse(fields.text("name")).map_err(|bad| Problem::invalid(view::name_reason(bad)))?;
    let amount = fields
        .text("amount")
        .parse()
        .map_err(|_| Problem::invalid(view::amount_reason()))?;
    Ok((name, amount))
}

/// The item a form names; nothing at all means free.
fn item_or_free(fields: &Fields) -> Result<Option<ItemId>, Problem> {
    match fields.text("item_id").trim() {
        "" => Ok(None),
        id => id
            .parse()
            .map(Some)
            .map_err(|_| Problem::invalid("place-wrong")),
    }
}
