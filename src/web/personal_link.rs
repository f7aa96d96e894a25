//! Taking one's name to another device, by a link that is a secret: it stands in no path, which the log would tell.

use poem::{
    Response, Result, handler,
    http::{HeaderValue, StatusCode, header},
};

use super::{answer, error::Problem, fields::Fields, menu::Menu, share::no_host, visit::Visit};
use crate::{
    board::now,
    model::{PersonalLink, Refusal, Wish},
    view,
};

/// One's own link.
#[handler]
pub(super) async fn show(visit: Visit) -> Result<Response> {
    let snapshot = visit.read().await;
    let (board, site) = (&snapshot.board, &snapshot.site);
    let (Some(me), Some(link)) = (
        board.actor(&visit.token),
        PersonalLink::of(board, &visit.token, now()),
    ) else {
        return Err(Problem::new(StatusCode::NOT_FOUND, "personal-link-nobody").into());
    };
    let path = site.to(&format!("/personal-link/open?key={}", link.secret()));
    let link = visit.link_to(&path).ok_or_else(no_host)?;
    let panel = view::personal_link::panel(&me.name, board, &link, site);
    Ok(unkept(Menu::of(&snapshot, panel).answer(&visit)))
}

/// The link opened on the other device: asks, and changes nothing.
#[handler]
pub(super) async fn open(visit: Visit) -> Result<Response> {
    let snapshot = visit.read().await;
    let board = &snapshot.board;
    let link = read(visit.query("key").unwrap_or_default())?;
    let me = board.actor(&visit.token);
    if link.is_of(me.as_ref().map(|me| me.id)) {
        return Ok(answer::see(&visit.home()));
    }
    let holder = link.holder(board, now()).ok_or_else(spent)?;
    let so_far = me.as_ref().map(|me| &me.name);
    let question =
        view::personal_link::question(&holder.name, so_far, &link.secret(), &snapshot.site);
    Ok(unkept(Menu::of(&snapshot, question).answer(&visit)))
}

/// Yes: from now on this browser is that participant too.
#[handler]
pub(super) async fn take(visit: Visit, fields: Fields) -> Result<Response> {
    let link = read(fields.text("key"))?;
    let done = visit.wish(Wish::ComeAs(link)).await?;
    if let Some(me) = done.snapshot.board.actor(&visit.token) {
        visit.remember(&me.name);
    }
    Ok(answer::done(&visit, &done, None))
}

fn read(secret: &str) -> Result<PersonalLink, Problem> {
    PersonalLink::parse(secret).ok_or_else(spent)
}

fn spent() -> Problem {
    Problem::of_refusal(&Refusal::LinkSpent)
}

/// A secret stands in it, so that not even the browser keeps it.
fn unkept(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
