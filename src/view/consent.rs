//! `#consent`, at the foot of the board: the button "I'm fine with the rest", what came since the viewer was fine, how many are
//! fine, and that the board is agreed.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    fragment::{Fragment, Swap},
    language::{Texts, message},
};
use crate::model::{Board, BoardObject, ConsentState, ParticipantId, Standing, Timestamp};

/// How many new items and features the page counts and marks.
const MAX_NEW: usize = 99;

/// What the page says about consent to one viewer. Viewers to whom it says the same get the same markup: on a closed board all do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConsentPanel {
    /// How many participants are fine, and of how many; none before the first consent.
    count: Option<(usize, usize)>,
    agreed: bool,
    /// By hand or by the deadline.
    closed: bool,
    own: OwnStanding,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum OwnStanding {
    NotYet,
    Fine,
    /// What others have added since, oldest first. Empty if that is gone, or if something was renamed or increased.
    Outdated {
        added: Vec<BoardObject>,
        more: bool,
    },
    NotTakingPart,
}

impl ConsentPanel {
    /// At this time: a deadline may have passed.
    pub fn of(board: &Board, viewer: Option<ParticipantId>, now: Timestamp) -> ConsentPanel {
        let count = board.consent_count();
        let closed = board.closed(now).is_some();
        let viewer = viewer.filter(|_| !closed);
        ConsentPanel {
            count: board.has_consents().then_some((count.fine, count.of)),
            agreed: board.is_agreed() && !closed,
            closed,
            own: viewer.map_or(OwnStanding::NotYet, |viewer| OwnStanding::of(board, viewer)),
        }
    }

    fn added(&self) -> &[BoardObject] {
        match &self.own {
            OwnStanding::Outdated { added, .. } => added,
            _ => &[],
        }
    }

    /// Whether it says something that the viewer should not overlook.
    fn has_news(&self) -> bool {
        self.agreed || matches!(self.own, OwnStanding::Outdated { .. })
    }
}

impl OwnStanding {
    fn of(board: &Board, viewer: ParticipantId) -> OwnStanding {
        match (board.standing(viewer), board.consent(viewer)) {
            (Standing::Fine, _) => OwnStanding::Fine,
            (Standing::NotTakingPart, _) => OwnStanding::NotTakingPart,
            (Standing::Outdated, Some(ConsentState::Fine { as_of })) => {
                let mut added = board.added_by_others(viewer, as_of, MAX_NEW + 1);
                let more = added.len() > MAX_NEW;
                added.truncate(MAX_NEW);
                OwnStanding::Outdated { added, more }
            }
            _ => OwnStanding::NotYet,
        }
    }
}

/// The panel of a page that shows the board at this version.
pub fn panel(panel: &ConsentPanel, version: i64, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let ids: Vec<String> = panel.added().iter().map(|object| id_of(*object)).collect();
    // The script marks these rows.
    let marks = (!ids.is_empty()).then(|| (ids.join(" "), texts.text("consent-new-mark")));
    html! {
        section #consent.news[panel.has_news()] aria-label=(texts.text("consent"))
            data-new=[marks.as_ref().map(|marks| &marks.0)] data-mark=[marks.as_ref().map(|marks| &marks.1)] {
            p.standing role="status" { (standing(panel, context)) }
            @if !panel.closed { (form(&panel.own, version, context)) }
            @if let Some((fine, of)) = panel.count {
                a.fine-count href=(context.urls.presence()) {
                    (texts.text(message("consent-count").count("fine", fine).count("of", of)))
                }
            }
        }
    }
}

/// The fragment that updates the panel.
pub fn fragment(consent: &ConsentPanel, version: i64, context: &BoardContext) -> Fragment {
    let panel = panel(consent, version, context).into_string();
    Fragment::new("#consent", Swap::Morph, panel)
}

/// The same for all viewers of a board that is closed; none if it is open.
pub fn fragment_if_closed(
    board: &Board,
    now: Timestamp,
    context: &BoardContext,
) -> Option<Fragment> {
    let closed = ConsentPanel::of(board, None, now);
    closed
        .closed
        .then(|| fragment(&closed, board.version(), context))
}

/// How the viewer stands, and the board if that is better.
fn standing(panel: &ConsentPanel, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    if panel.agreed {
        let close = context.urls.to("/close");
        return html! {
            strong.agreed { (texts.text("consent-agreed")) } " "
            a.close-link href=(close) { (texts.text("consent-agreed-close")) }
        };
    }
    match &panel.own {
        OwnStanding::NotYet => html! {},
        OwnStanding::Fine => html! { (texts.text("consent-given")) },
        OwnStanding::NotTakingPart => html! { (texts.text("consent-aside")) },
        OwnStanding::Outdated { added, more } => match added.first() {
            None => html! { (texts.text("consent-changed")) },
            Some(first) => {
                let link = html! {
                    a href={ "#" (id_of(*first)) } hx-boost="false" { (texts.text("consent-look")) }
                };
                let what = html! { (new_rows(added, *more, texts)) };
                texts.markup_around("consent-since", &[("what", what), ("link", link)])
            }
        },
    }
}

/// "1 new pizza and 2 new toppings".
fn new_rows(added: &[BoardObject], more: bool, texts: &Texts) -> String {
    let is_item = |object: &&BoardObject| matches!(object, BoardObject::Item(_));
    let items = added.iter().filter(is_item).count();
    let features = added.len() - items;
    let with_count = |id, count| texts.text(message(id).count("count", count)).into_owned();
    let new_items = || with_count("consent-new-items", items);
    let new_features = || with_count("consent-new-features", features);
    match (items, features) {
        _ if more => with_count("consent-new-many", MAX_NEW),
        (_, 0) => new_items(),
        (0, _) => new_features(),
        _ => {
            let both = message("consent-new-both");
            let both = both
                .text("items", new_items())
                .text("features", new_features());
            texts.text(both).into_owned()
        }
    }
}

/// The one button. The form says what the viewer saw last, so that nobody consents to what came after it; the script keeps that
/// current.
fn form(own: &OwnStanding, version: i64, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let (fine, label) = match own {
        OwnStanding::Fine => ("0", "consent-take-back"),
        OwnStanding::Outdated { .. } => ("1", "consent-renew"),
        OwnStanding::NotYet | OwnStanding::NotTakingPart => ("1", "consent-give"),
    };
    html! {
        form.take-back[fine == "0"] method="post" action=(context.urls.consent()) {
            input type="hidden" name="fine" value=(fine);
            input type="hidden" name="seen" value=(version);
            button { (texts.text(label)) }
        }
    }
}

/// The id of a row or card.
fn id_of(object: BoardObject) -> String {
    match object {
        BoardObject::Item(id) => format!("item-{id}"),
        BoardObject::Feature(id) => format!("feature-{id}"),
    }
}
