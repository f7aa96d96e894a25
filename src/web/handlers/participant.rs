//! Renaming oneself, and claiming an existing name ("That's me").

use poem::{Response, Result, handler, http::StatusCode};

use crate::{
    model::{Command, Name},
    view::{
        self, Fragment, Swap,
        board::Forms,
        name_question::{self, NameQuestion},
        participant::{self, NameForm},
    },
    web::{
        error::HttpError,
        request::{board_request::BoardRequest, form_fields::FormFields},
        response::{board_page, command_outcome},
    },
};

#[handler]
pub(in crate::web) async fn rename(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let input = fields.text("name");
    let result = match Name::parse(input) {
        Ok(name) => {
            let command = match fields.text("claim") {
                "1" => request.app.identity.claim(name.clone()),
                _ => Command::Rename(name.clone()),
            };
            let outcome = request.execute(command).await;
            outcome.map(|outcome| (name, outcome))
        }
        Err(bad) => Err(HttpError::invalid(view::name_reason(bad))),
    };
    match result {
        Ok((name, outcome)) => {
            let me = outcome.snapshot.board.actor(&request.browser);
            // A claimed name has the spelling of its owner.
            request.remember_name(me.as_ref().map_or(&name, |me| &me.name));
            Ok(command_outcome::respond(&request, &outcome, None))
        }
        Err(error) if error.is_form_error() => {
            let asked = fields.text("asked") == "1";
            Err(reject_form(&request, error, input, asked).await.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// `asked`: the form is the answer to the question for a name, rather than the one behind the name in the page's header.
async fn reject_form(
    request: &BoardRequest,
    error: HttpError,
    input: &str,
    asked: bool,
) -> HttpError {
    let form = || NameForm {
        name: input,
        reason: request.texts().text(error.reason.clone()).into_owned(),
        taken: (error.status == StatusCode::CONFLICT).then_some(request.app.identity),
    };
    let snapshot = request.read().await;
    // Somebody may have undone the joining since, which takes the question away.
    let asked = asked && request.viewer(&snapshot).is_some();
    let question = NameQuestion {
        remembered: None,
        rejected: Some(form()),
    };
    let forms = Forms {
        name: (!asked).then(form),
        question: asked.then_some(question),
        ..Forms::default()
    };
    let page = board_page::render(request, &snapshot, forms, None);
    let id = match asked {
        true => name_question::REASON,
        false => participant::REASON,
    };
    let reason = participant::rejected(id, Some(&form()), &snapshot.context).into_string();
    let fragment = Fragment::new(format!("#{id}"), Swap::Morph, reason);
    error.in_form(page, vec![fragment])
}
