//! Everything that is said in one language, with the words for item and feature in it.

use std::{borrow::Cow, fmt::Write};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use maud::{Markup, PreEscaped, Render, html};

use super::{Language, Message, Value, message};
use crate::view::terms::{Terms, capital};

/// All texts of one language.
pub struct Texts {
    pub language: Language,
    pub terms: Terms,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// # Panics
    /// If the texts themselves are not sound, which a test sees to.
    pub fn new(language: Language, terms: Terms) -> Texts {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Names stand in elements that do that, or in attributes, where it would be seen.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(number.value as i64)),
            _ => None,
        }));
        for source in [source(language).to_owned(), words(&terms)] {
            let texts = FluentResource::try_new(source).expect("the texts can be read");
            bundle.add_resource(texts).expect("each text is there once");
        }
        Texts {
            language,
            terms,
            bundle,
        }
    }

    /// A message as plain text, for attributes and titles. One that is not there is its id.
    pub fn text<'a>(&self, message: impl Into<Message<'a>>) -> Cow<'_, str> {
        let Message { id, about } = message.into();
        if about.is_empty() {
            return self.format(id, None);
        }
        let mut values = FluentArgs::with_capacity(about.len());
        for (key, value) in about {
            set(&mut values, key, value, |text, _| FluentValue::from(text));
        }
        self.format(id, Some(&values)).into_owned().into()
    }

    /// A message for the page's script to complete: `{name}` stands where it will put the name.
    pub fn pattern(&self, id: &'static str, gaps: &[&'static str]) -> String {
        let open = gaps.iter().fold(message(id), |message, gap| {
            message.text(gap, format!("{{{gap}}}"))
        });
        self.text(open).into_owned()
    }

    /// A message as part of a page: its words escaped, and each name in an element that keeps its direction to itself.
    pub fn markup<'a>(&self, message: impl Into<Message<'a>>) -> Markup {
        self.markup_around(message, &[])
    }

    /// The same around pieces of a page, such as links.
    pub fn markup_around<'a>(
        &self,
        message: impl Into<Message<'a>>,
        pieces: &[(&'static str, Markup)],
    ) -> Markup {
        let Message { id, about } = message.into();
        let mut values = FluentArgs::with_capacity(about.len() + pieces.len());
        let mut put: Vec<Markup> = Vec::with_capacity(about.len() + pieces.len());
        let mut place = |piece: Markup| {
            put.push(piece);
            debug_assert!(put.len() <= PLACES.len(), "{id} is about too much");
            FluentValue::from(PLACES[put.len().min(PLACES.len()) - 1])
        };
        for (key, value) in about {
            set(&mut values, key, value, |text, typed| {
                place(match typed {
                    true => html! { bdi { (text) } },
                    false => html! { (text) },
                })
            });
        }
        for (key, piece) in pieces {
            values.set(*key, place(piece.clone()));
        }
        let said = self.format(id, Some(&values));
        let mut out = String::with_capacity(said.len());
        let mut rest = &*said;
        while let Some(at) = rest.find(is_place) {
            let (words, place) = rest.split_at(at);
            words.render_to(&mut out);
            let (place, after) = place.split_at(PLACES[0].len());
            let number = PLACES.iter().position(|known| *known == place);
            if let Some(piece) = number.and_then(|number| put.get(number)) {
                piece.render_to(&mut out);
            }
            rest = after;
        }
        rest.render_to(&mut out);
        PreEscaped(out)
    }

    fn format<'b>(&'b self, id: &'static str, values: Option<&'b FluentArgs<'b>>) -> Cow<'b, str> {
        let found = self.bundle.get_message(id);
        let Some(pattern) = found.and_then(|message| message.value()) else {
            debug_assert!(false, "there is no text {id} in {:?}", self.language);
            return id.into();
        };
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, values, &mut errors);
        debug_assert!(errors.is_empty(), "{id} in {:?}: {errors:?}", self.language);
        match said.contains('\n') {
            true => said.replace('\n', " ").into(),
            false => said,
        }
    }
}

/// In place of what a message is about, until the words around it are escaped: for private use (Unicode, section 23.5), and no
/// text of ours has them.
const PLACES: [&str; 8] = [
    "\u{F0000}",
    "\u{F0001}",
    "\u{F0002}",
    "\u{F0003}",
    "\u{F0004}",
    "\u{F0005}",
    "\u{F0006}",
    "\u{F0007}",
];

fn is_place(char: char) -> bool {
    ('\u{F0000}'..='\u{F0007}').contains(&char)
}

/// Gives a message what it is about; `put` is told whether somebody typed it.
fn set<'v>(
    values: &mut FluentArgs<'v>,
    key: &'static str,
    value: Value<'v>,
    mut put: impl FnMut(Cow<'v, str>, bool) -> FluentValue<'v>,
) {
    match value {
        Value::Name(text) => values.set(key, put(text, true)),
        Value::Text(text) => values.set(key, put(text, false)),
        Value::Number(number) => values.set(key, number),
        Value::Case(case) => values.set(key, case),
        Value::Maybe(text) => {
            let has = if text.is_some() { "yes" } else { "no" };
            values.set(format!("has-{key}"), has);
            if let Some(text) = text {
                values.set(key, put(text, true));
            }
        }
    }
}

/// A number as people read it: from five digits on in groups of three, apart by a thin blank (ISO 80000-1), which is right in
/// every language.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let sign = if number < 0 { "−" } else { "" };
    if digits.len() < 5 {
        return format!("{sign}{digits}");
    }
    let mut out = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}

fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("en.ftl"),
        Language::German => include_str!("de.ftl"),
    }
}

/// The words for item and feature as terms that all messages may use.
fn words(terms: &Terms) -> String {
    let mut out = String::new();
    for (term, word) in [
        ("item", &terms.item),
        ("items", &terms.items),
        ("feature", &terms.feature),
        ("features", &terms.features),
        ("Item", &capital(&terms.item)),
        ("Items", &capital(&terms.items)),
        ("Feature", &capital(&terms.feature)),
        ("Features", &capital(&terms.features)),
    ] {
        let word = word.replace('\\', r"\\").replace('"', r#"\""#);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "-{term} = {{ \"{word}\" }}");
    }
    out
}

#[cfg(test)]
mod tests;
