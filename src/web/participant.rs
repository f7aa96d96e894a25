//! "Call me this", and "That's me".

use poem::{Response, Result, handler, http::StatusCode};

use super::{answer, board, error::Problem, fields::Fields, visit::Visit};
use crate::{
    model::{Name, Wish},
    view::{
        self, Fragment, Swap,
        board::Forms,
        participant::{self, NameForm},
    },
};

#[handler]
pub(super) async fn call(visit: Visit, fields: Fields) -> Result<Response> {
    let typed = fields.text("name");
    let outcome = match Name::parse(typed) {
        Ok(name) => {
            let wish = match fields.text("claim") {
                "1" => visit.app.identity.claim(name.clone()),
                _ => Wish::Call(name.clone()),
            };
            visit.wish(wish).await.map(|done| (name, done))
        }
        Err(bad) => Err(Problem::invalid(view::name_reason(bad))),
    };
    match outcome {
        Ok((name, done)) => {
            visit.remember(&name);
            Ok(answer::done(&visit, &done, None))
        }
        Err(problem) if problem.is_about_the_form() => {
            Err(refused(&visit, problem, typed).await.into())
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn refused(visit: &Visit, problem: Problem, typed: &str) -> Problem {
    let form = || NameForm {
        name: typed,
        reason: visit.texts().text(problem.reason.clone()).into_owned(),
        taken: (problem.status == StatusCode::CONFLICT).then_some(visit.app.identity),
    };
    let snapshot = visit.read().await;
    let forms = Forms {
        name: Some(form()),
        ..Forms::default()
    };
    let page = board::page(visit, &snapshot, forms, None);
    let refused = participant::refused(Some(&form()), &snapshot.site).into_string();
    let fragment = Fragment::new("#me-reason", Swap::Morph, refused);
    problem.at_form(page, vec![fragment])
}
