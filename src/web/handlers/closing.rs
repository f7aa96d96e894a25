//! Closing a board, reopening it, and its deadline.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDateTime, SubsecRound};
use poem::{Response, Result, handler, http::StatusCode};

use crate::{
    board::now,
    model::{BoardAction, ItemId, Outcome, OutcomeText, Timestamp},
    view::{
        self,
        closing::{self, CLOSE_REASON, ClosingForms, DEADLINE_REASON},
    },
    web::{
        error::HttpError,
        request::{board_request::BoardRequest, form_fields::FormFields},
        response::{command_outcome, sheet::SheetContent},
    },
};

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Response {
    panel(&request, &ClosingForms::default())
        .await
        .respond(&request)
}

/// Closes the board, or sets its deadline if the form has a time. The page's form for a deadline says so: without a time it is
/// rejected, and does not close the board.
#[handler]
pub(in crate::web) async fn close(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let sets_deadline = !fields.text("at").trim().is_empty() || fields.get("deadline").is_some();
    let (action, reason_id) = match sets_deadline {
        true => (deadline(&fields), DEADLINE_REASON),
        false => (outcome(&fields), CLOSE_REASON),
    };
    let result = match action {
        Ok(action) => request.execute(request.pressed(action)).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(outcome) => Ok(command_outcome::respond(
            &request,
            &outcome,
            Some(reason_id),
        )),
        Err(error) if keeps_form(&error) => {
            let reason = request.texts().text(error.reason.clone()).into_owned();
            let mut forms = as_sent(&fields);
            match sets_deadline {
                true => forms.deadline_reason = Some(reason),
                false => forms.close_reason = Some(reason),
            }
            let panel = panel(&request, &forms).await;
            Err(panel.reject_form(&request, error, reason_id).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Opens the board again, or removes the deadline of an open one.
#[handler]
pub(in crate::web) async fn reopen(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let action = match fields.text("deadline") {
        "none" => BoardAction::SetDeadline(None),
        _ => BoardAction::Reopen,
    };
    let outcome = request.execute(action).await?;
    Ok(command_outcome::respond(&request, &outcome, None))
}

/// Whether the form is shown again: the sentence that somebody wrote is not lost if a chosen item is gone.
fn keeps_form(error: &HttpError) -> bool {
    error.is_form_error() || matches!(error.status, StatusCode::NOT_FOUND | StatusCode::GONE)
}

async fn panel(request: &BoardRequest, forms: &ClosingForms) -> SheetContent {
    let snapshot = request.read().await;
    let now = now();
    let panel = closing::panel(&snapshot.board, now, forms, &snapshot.context);
    match snapshot.board.closed(now) {
        // Says so itself.
        Some(_) => SheetContent::new(&snapshot, panel),
        None => SheetContent::of_open_board(&snapshot, panel),
    }
}

fn outcome(fields: &FormFields) -> Result<BoardAction, HttpError> {
    let text = OutcomeText::parse(fields.text("outcome"))
        .map_err(|invalid| HttpError::invalid(view::name_reason(invalid)))?;
    let chosen = fields.all("chosen").map(|id| id.trim().parse::<ItemId>());
    let chosen: Result<Vec<ItemId>, _> = chosen.collect();
    let chosen = chosen.map_err(|_| HttpError::invalid("invalid-item"))?;
    Ok(BoardAction::Close(Outcome { text, chosen }))
}

fn deadline(fields: &FormFields) -> Result<BoardAction, HttpError> {
    let at = parse_time(fields.text("at")).ok_or_else(|| HttpError::invalid("invalid-time"))?;
    Ok(BoardAction::SetDeadline(Some(at)))
}

fn as_sent(fields: &FormFields) -> ClosingForms {
    let chosen = fields.all("chosen").filter_map(|id| id.trim().parse().ok());
    ClosingForms {
        outcome: fields.text("outcome").to_owned(),
        chosen: chosen.collect::<BTreeSet<ItemId>>(),
        at: fields.get("at").map(str::to_owned),
        ..ClosingForms::default()
    }
}

/// A time as in RFC 3339, or as a browser sends it from a field for a date and a time: without an offset it is UTC, and the seconds
/// may be missing.
fn parse_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let with_offset = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"];
    let without = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let with_offset = with_offset.iter().find_map(|format| {
        let at = DateTime::parse_from_str(text, format).ok()?;
        Some(at.naive_utc())
    });
    let at = with_offset.or_else(|| {
        let mut times = without.iter();
        times.find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    })?;
    // Programs expect years of four digits.
    (1..=9_999)
        .contains(&at.year())
        .then(|| at.trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use super::parse_time;

    #[test]
    fn times_of_browsers_and_programs_are_understood() {
        for (text, expected) in [
            ("2030-01-02T03:04", "2030-01-02 03:04:00"),
            ("2030-01-02T03:04:05", "2030-01-02 03:04:05"),
            (" 2030-01-02T03:04:05.250Z ", "2030-01-02 03:04:05.250"),
            ("2030-01-02T03:04Z", "2030-01-02 03:04:00"),
            ("2030-01-02T03:04:05+02:00", "2030-01-02 01:04:05"),
            ("2030-01-02T03:04-05:30", "2030-01-02 08:34:00"),
        ] {
            let time = parse_time(text).map(|time| time.to_string());
            assert_eq!(time.as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "soon",
            "2030-01-02",
            "2030-13-02T03:04",
            "+12030-01-02T03:04",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
