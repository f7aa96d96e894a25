//! An event, and what a board has come to, as one line of plain text.

use maud::Markup;

use super::{
    action,
    language::{Texts, message},
    time::to_the_minute,
};
use crate::model::{DecisionResult, EventSummary};

/// "Alice vetoed Anchovies".
pub fn event_text(event: &EventSummary, texts: &Texts) -> String {
    plain_text(&action::sentence(&event.actor.name, &event.action, texts))
}

/// "Everybody is fine with the rest. Pizzas everyone can live with: Funghi, Margherita".
pub fn agreed_text(result: &DecisionResult, texts: &Texts) -> String {
    let agreed = texts.text("result-agreed");
    format!("{agreed} {}", acceptable_text(result, texts))
}

/// "Closed on 2 Jan 2030 18:00 UTC, the deadline that Ann set. Pizzas everyone can live with: Funghi, Margherita".
pub fn closed_by_deadline_text(result: &DecisionResult, texts: &Texts) -> String {
    let acceptable = acceptable_text(result, texts);
    let Some(closed) = &result.closed else {
        return acceptable;
    };
    let told = message("result-closed-by-deadline")
        .name("by", &closed.by)
        .text("time", to_the_minute(closed.at, texts));
    format!("{} {acceptable}", texts.text(told))
}

fn acceptable_text(result: &DecisionResult, texts: &Texts) -> String {
    let acceptable = result.acceptable.iter().map(|item| item.item.name.as_str());
    let acceptable: Vec<_> = acceptable.collect();
    match acceptable.is_empty() {
        true => texts.text("result-acceptable-none").into_owned(),
        false => format!(
            "{}: {}",
            texts.text("result-acceptable"),
            acceptable.join(", ")
        ),
    }
}

/// "Decided: Margherita. See you at eight".
pub fn closed_text(result: &DecisionResult, texts: &Texts) -> String {
    let chosen: Vec<_> = result
        .chosen
        .iter()
        .map(|item| item.name.as_str())
        .collect();
    let mut text = match chosen.is_empty() {
        true => texts.text("result-closed-heading").into_owned(),
        false => format!("{}: {}", texts.text("result-decided"), chosen.join(", ")),
    };
    let outcome = result.closed.as_ref().map(|closed| &closed.outcome);
    if let Some(sentence) = outcome.and_then(|outcome| outcome.text.as_ref()) {
        text.push_str(". ");
        text.push_str(sentence.as_str());
    }
    text
}

/// The text of markup, in which every `<` of a text is escaped.
fn plain_text(markup: &Markup) -> String {
    let mut text = String::with_capacity(markup.0.len());
    let mut rest = markup.0.as_str();
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    // The ampersand last: what it escapes is text.
    let escapes = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    escapes.iter().fold(text, |text, (escape, character)| {
        text.replace(escape, character)
    })
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn markup_becomes_the_text_that_a_reader_sees() {
        let name = "<b>&lt; \"x\" & 'y'</b>";
        let markup = html! { bdi title=(name) { (name) } " vetoed " time { "noon" } };
        assert_eq!(plain_text(&markup), format!("{name} vetoed noon"));
        assert_eq!(plain_text(&html! {}), "");
    }
}
