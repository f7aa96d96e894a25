//! The texts of one language, with the terminology filled in.

use std::{
    borrow::Cow,
    fmt::Write,
    sync::{Arc, LazyLock},
};

use chrono::Datelike;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use maud::{Markup, PreEscaped, Render, html};

use super::{
    by_language::ByLanguage,
    message::{Message, MessageArg, message},
    supported::Language,
};
use crate::{
    model::Timestamp,
    view::terminology::{Terminology, capitalized},
};

/// The messages of each language, parsed once: boards with words of their own share them.
static MESSAGES: LazyLock<ByLanguage<Arc<FluentResource>>> =
    LazyLock::new(|| ByLanguage::from_fn(|language| parse(source(language).to_owned())));

/// All texts of one language.
pub struct Texts {
    pub language: Language,
    pub terminology: Terminology,
    bundle: FluentBundle<Arc<FluentResource>>,
}

impl Texts {
    /// # Panics
    /// If a text file is invalid; a test checks that none is.
    pub fn new(language: Language, terminology: Terminology) -> Texts {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // In pages, elements isolate names; in attributes, isolating characters would be visible.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(number.value as i64)),
            _ => None,
        }));
        for resource in [MESSAGES.of(language).clone(), parse(terms(&terminology))] {
            bundle
                .add_resource(resource)
                .expect("the text files define each message once");
        }
        Texts {
            language,
            terminology,
            bundle,
        }
    }

    /// A message as plain text, for attributes and titles. An unknown message is shown as its id.
    pub fn text<'a>(&self, message: impl Into<Message<'a>>) -> Cow<'_, str> {
        let Message { id, args } = message.into();
        if args.is_empty() {
            return self.format(id, None);
        }
        let mut values = FluentArgs::with_capacity(args.len());
        for (key, arg) in args {
            let arg = self.in_words(arg);
            set(&mut values, key, arg, |text, _| FluentValue::from(text));
        }
        self.format(id, Some(&values)).into_owned().into()
    }

    /// A message whose arguments the page's script fills in: `{name}` in the text marks the argument `name`.
    pub fn pattern(&self, id: &'static str, args: &[&'static str]) -> String {
        let open = args.iter().fold(message(id), |message, arg| {
            message.text(arg, format!("{{{arg}}}"))
        });
        self.text(open).into_owned()
    }

    /// A message as HTML: text is escaped, and each name is in an element that isolates its writing direction.
    pub fn markup<'a>(&self, message: impl Into<Message<'a>>) -> Markup {
        self.markup_around(message, &[])
    }

    /// A message as HTML with further arguments that are HTML themselves, such as links.
    pub fn markup_around<'a>(
        &self,
        message: impl Into<Message<'a>>,
        markup_args: &[(&'static str, Markup)],
    ) -> Markup {
        let Message { id, args } = message.into();
        let count = args.len() + markup_args.len();
        let mut values = FluentArgs::with_capacity(count);
        let mut replacements: Vec<Markup> = Vec::with_capacity(count);
        let mut placeholder = |markup: Markup| {
            replacements.push(markup);
            let last = replacements.len();
            debug_assert!(last <= PLACEHOLDERS.len(), "{id} has too many arguments");
            FluentValue::from(PLACEHOLDERS[last.min(PLACEHOLDERS.len()) - 1])
        };
        for (key, arg) in args {
            if let MessageArg::Time(at) = arg {
                values.set(key, placeholder(self.time(at)));
                continue;
            }
            set(&mut values, key, arg, |text, is_typed| {
                placeholder(match is_typed {
                    true => html! { bdi { (text) } },
                    false => html! { (text) },
                })
            });
        }
        for (key, markup) in markup_args {
            values.set(*key, placeholder(markup.clone()));
        }
        fill_placeholders(&self.format(id, Some(&values)), &replacements)
    }

    /// A `time` element: to the second for programs, to the minute for people.
    pub fn time(&self, at: Timestamp) -> Markup {
        html! {
            time datetime=(at.format("%Y-%m-%dT%H:%M:%SZ")) { (self.date_and_time(at)) }
        }
    }

    /// A time in UTC, to the minute.
    pub(in crate::view) fn date_and_time(&self, at: Timestamp) -> String {
        let message = message("date-and-time")
            .number("day", at.day())
            .number("month", at.month())
            .number("year", at.year())
            .text("time", at.format("%H:%M").to_string());
        self.text(message).into_owned()
    }

    /// An argument as plain text has it.
    fn in_words<'a>(&self, arg: MessageArg<'a>) -> MessageArg<'a> {
        match arg {
            MessageArg::Time(at) => MessageArg::Text(self.date_and_time(at).into()),
            arg => arg,
        }
    }

    fn format<'b>(&'b self, id: &'static str, values: Option<&'b FluentArgs<'b>>) -> Cow<'b, str> {
        let found = self.bundle.get_message(id);
        let Some(pattern) = found.and_then(|message| message.value()) else {
            debug_assert!(false, "no text {id} in {:?}", self.language);
            return id.into();
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, values, &mut errors);
        debug_assert!(errors.is_empty(), "{id} in {:?}: {errors:?}", self.language);
        match text.contains('\n') {
            true => text.replace('\n', " ").into(),
            false => text,
        }
    }
}

/// The characters that mark the arguments of a message until the text between them is escaped. They are for private use
/// (Unicode, section 23.5), and no text file contains them.
const PLACEHOLDERS: [&str; 8] = [
    "\u{F0000}",
    "\u{F0001}",
    "\u{F0002}",
    "\u{F0003}",
    "\u{F0004}",
    "\u{F0005}",
    "\u{F0006}",
    "\u{F0007}",
];

fn is_placeholder(char: char) -> bool {
    ('\u{F0000}'..='\u{F0007}').contains(&char)
}

/// Escapes a text and replaces its placeholders.
fn fill_placeholders(text: &str, replacements: &[Markup]) -> Markup {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_placeholder) {
        let (before, from_placeholder) = rest.split_at(at);
        before.render_to(&mut out);
        let (placeholder, after) = from_placeholder.split_at(PLACEHOLDERS[0].len());
        let number = PLACEHOLDERS.iter().position(|known| *known == placeholder);
        if let Some(markup) = number.and_then(|number| replacements.get(number)) {
            markup.render_to(&mut out);
        }
        rest = after;
    }
    rest.render_to(&mut out);
    PreEscaped(out)
}

/// Sets an argument. `convert` gets each text and whether somebody typed it.
fn set<'v>(
    values: &mut FluentArgs<'v>,
    key: &'static str,
    arg: MessageArg<'v>,
    mut convert: impl FnMut(Cow<'v, str>, bool) -> FluentValue<'v>,
) {
    match arg {
        MessageArg::Name(text) => values.set(key, convert(text, true)),
        MessageArg::Text(text) => values.set(key, convert(text, false)),
        MessageArg::Number(number) => values.set(key, number),
        MessageArg::Time(at) => values.set(key, convert(at.to_string().into(), false)),
        MessageArg::Flag(flag) => values.set(key, flag),
        MessageArg::OptionalName(text) => {
            let has = if text.is_some() { "yes" } else { "no" };
            values.set(format!("has-{key}"), has);
            if let Some(text) = text {
                values.set(key, convert(text, true));
            }
        }
    }
}

/// A number with its digits in groups of three, if it has at least five: separated by a narrow no-break space, which is correct
/// in every language (ISO 80000-1).
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

fn parse(source: String) -> Arc<FluentResource> {
    Arc::new(FluentResource::try_new(source).expect("the text files are valid"))
}

fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("en.ftl"),
        Language::German => include_str!("de.ftl"),
    }
}

/// The terminology as Fluent terms, which every message can refer to.
fn terms(terminology: &Terminology) -> String {
    let mut out = String::new();
    for (term, word) in [
        ("item", &terminology.item),
        ("items", &terminology.items),
        ("feature", &terminology.feature),
        ("features", &terminology.features),
        ("Item", &capitalized(&terminology.item)),
        ("Items", &capitalized(&terminology.items)),
        ("Feature", &capitalized(&terminology.feature)),
        ("Features", &capitalized(&terminology.features)),
    ] {
        let word = word.replace('\\', r"\\").replace('"', r#"\""#);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "-{term} = {{ \"{word}\" }}");
    }
    out
}

#[cfg(test)]
mod tests;
