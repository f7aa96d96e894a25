//! Who is viewing a board: the count in the page's header. The list is in `people`.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{context::BoardContext, language::message};
use crate::model::ParticipantId;

/// The current viewers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PresenceView {
    pub participants: BTreeSet<ParticipantId>,
    /// The number of participants of whom another process sent only the number.
    pub others: usize,
    /// Browsers that have not done anything yet.
    pub guests: usize,
}

impl PresenceView {
    /// The number of viewers.
    pub fn count(&self) -> usize {
        self.participants.len() + self.others + self.guests
    }
}

/// The link in the page's header. The count is `None` until the stream sends it, which it never does without JavaScript.
pub fn link(count: Option<usize>, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    html! {
        a #presence href=(context.urls.presence()) {
            @match count {
                Some(count) => (texts.text(message("here").count("count", count))),
                None => { span { (texts.text("here-counting")) } noscript { (texts.text("here-ask")) } }
            }
        }
    }
}
