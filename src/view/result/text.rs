//! The result as text to paste into a chat or a document: short, in the order in which people ask.

use std::fmt::Write;

use super::{
    super::{
        language::{Texts, message},
        time::to_the_minute,
        title::title,
    },
    document::{Document, Syntax},
    veto_note::veto_note,
};
use crate::model::{Amount, DecisionResult, Feature, Item, Name, ResultFeature, ResultItem};

/// The whole text; `link` is the address of the board.
pub fn text(result: &DecisionResult, syntax: Syntax, link: Option<&str>, texts: &Texts) -> String {
    let mut document = Document::new(syntax);
    document.title(&title(result.board));
    if let Some(purpose) = result.board.purpose() {
        document.paragraph(purpose.as_str());
    }
    outcome(&mut document, result, texts);
    document.heading(&texts.text("result-acceptable"));
    if result.acceptable.is_empty() {
        document.bullet(&texts.text("result-acceptable-none"), None);
    }
    for item in &result.acceptable {
        document.bullet(&item_line(item, texts), note(item.item));
    }
    if !result.others.is_empty() {
        document.heading(&texts.text("result-others"));
        for item in &result.others {
            document.bullet(&item_line(item, texts), note(item.item));
        }
    }
    let free = feature_list(result.free_remaining());
    if !free.is_empty() {
        document.heading(&texts.text("free-features"));
        document.bullet(&free, None);
    }
    let mut vetoed = result.vetoed().peekable();
    if vetoed.peek().is_some() {
        document.heading(&texts.text("result-vetoes"));
        for (item, feature) in vetoed {
            document.bullet(&veto_line(item, feature, texts), None);
        }
    }
    people(&mut document, result, texts);
    if let Some(link) = link {
        document.link(link);
    }
    document.finish()
}

fn outcome(document: &mut Document, result: &DecisionResult, texts: &Texts) {
    let Some(closed) = &result.closed else {
        document.statement(&texts.text("result-so-far"));
        document.paragraph(&texts.text("result-open"));
        if let Some(deadline) = result.deadline {
            let time = to_the_minute(deadline.at, texts);
            document.paragraph(&texts.text(message("result-closes").text("time", time)));
        }
        if result.is_agreed {
            document.paragraph(&texts.text("result-agreed"));
        }
        return;
    };
    match result.chosen.is_empty() {
        true => document.statement(&texts.text("result-closed-heading")),
        false => {
            let names: Vec<&str> = result
                .chosen
                .iter()
                .map(|item| item.name.as_str())
                .collect();
            let decided = texts.text("result-decided");
            document.statement(&format!("{decided}: {}", names.join(", ")));
        }
    }
    if let Some(sentence) = &closed.outcome.text {
        document.paragraph(sentence.as_str());
    }
    let id = match closed.by_deadline {
        true => "result-closed-by-deadline",
        false => "result-closed",
    };
    let by = message(id)
        .name("by", &closed.by)
        .text("time", to_the_minute(closed.at, texts));
    document.paragraph(&texts.text(by));
    if result.is_agreed {
        document.paragraph(&texts.text("result-agreed"));
    }
}

fn people(document: &mut Document, result: &DecisionResult, texts: &Texts) {
    if result.count.of == 0 && result.not_taking_part.is_empty() {
        return;
    }
    document.heading(&texts.text("result-people"));
    let count = message("result-fine")
        .count("fine", result.count.fine)
        .count("of", result.count.of);
    for (label, names) in [
        (texts.text(count), &result.fine),
        (texts.text("result-outdated"), &result.outdated),
        (texts.text("result-not-yet"), &result.not_yet),
        (
            texts.text("result-not-taking-part"),
            &result.not_taking_part,
        ),
    ] {
        if !names.is_empty() {
            document.bullet(&format!("{label}: {}", joined(names)), None);
        }
    }
}

/// `✓ Margherita (vegetarian): Basil ×2, Mozzarella`.
fn item_line(item: &ResultItem, texts: &Texts) -> String {
    let mut line = String::new();
    if item.is_chosen {
        line.push_str("✓ ");
    }
    line.push_str(item.item.name.as_str());
    if let Some(kind) = &item.item.kind {
        // Writing to a String cannot fail.
        let _ = write!(line, " ({kind})");
    }
    let remaining = feature_list(item.remaining());
    if !remaining.is_empty() {
        let _ = write!(line, ": {remaining}");
    } else if !item.features.is_empty() {
        let _ = write!(line, ": {}", texts.text("result-nothing-left"));
    }
    line
}

fn note(item: &Item) -> Option<&str> {
    item.note.as_ref().map(|note| note.as_str())
}

/// `Pineapple (Hawaii): Ann (too sweet), Bob`.
fn veto_line(item: Option<&Item>, feature: &ResultFeature, texts: &Texts) -> String {
    let mut line = feature_text(feature.feature);
    if let Some(item) = item {
        let _ = write!(line, " ({})", item.name);
    }
    for (n, veto) in feature.vetoes.iter().enumerate() {
        line.push_str(if n == 0 { ": " } else { ", " });
        line.push_str(veto.name.as_str());
        if let Some(note) = veto_note(veto, texts) {
            let _ = write!(line, " ({note})");
        }
    }
    line
}

fn feature_list<'b>(features: impl Iterator<Item = &'b Feature>) -> String {
    let features: Vec<String> = features.map(feature_text).collect();
    features.join(", ")
}

fn feature_text(feature: &Feature) -> String {
    match feature.amount > Amount::ONE {
        true => format!("{} ×{}", feature.name, feature.amount),
        false => feature.name.to_string(),
    }
}

fn joined(names: &[&Name]) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    names.join(", ")
}
