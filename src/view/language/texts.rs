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
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::{Path, PathBuf},
    };

    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
    use maud::html;

    use super::*;
    use crate::model::Name;

    /// The ids of a language's messages, each with what it is about.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let texts = FluentResource::try_new(source(language).to_owned()).unwrap();
        let messages = texts.entries().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            _ => None,
        });
        messages
            .map(|message| {
                let mut about = BTreeSet::new();
                collect(message.value.as_ref().unwrap(), &mut about);
                (message.id.name.to_owned(), about)
            })
            .collect()
    }

    fn collect(pattern: &Pattern<&str>, about: &mut BTreeSet<String>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { .. } => {}
                PatternElement::Placeable { expression } => match expression {
                    Expression::Inline(inline) => collect_inline(inline, about),
                    Expression::Select { selector, variants } => {
                        collect_inline(selector, about);
                        for variant in variants {
                            collect(&variant.value, about);
                        }
                    }
                },
            }
        }
    }

    fn collect_inline(inline: &InlineExpression<&str>, about: &mut BTreeSet<String>) {
        if let InlineExpression::VariableReference { id } = inline {
            about.insert(id.name.to_owned());
        }
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let paths = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let files = paths.flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        });
        files.collect()
    }

    /// The program without its tests.
    fn code() -> Vec<String> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let files = sources(&source);
        let rust = files
            .iter()
            .filter(|file| file.extension().is_some_and(|kind| kind == "rs"));
        rust.map(|file| {
            let code = fs::read_to_string(file).unwrap();
            code.split("#[cfg(test)]").next().unwrap().to_owned()
        })
        .collect()
    }

    #[test]
    fn whatever_is_said_is_there() {
        let known = messages(Language::English);
        let says = [
            "texts.text(",
            "message(",
            "texts.markup(",
            "markup_around(",
            "pattern(",
            "later(",
            "invalid(",
            "(named(",
            " at(",
        ];
        let mut said = 0;
        for code in code() {
            for call in says {
                for rest in code.split(call).skip(1) {
                    let id = rest
                        .trim_start()
                        .strip_prefix('"')
                        .and_then(|id| id.split('"').next());
                    let Some(id) = id.filter(|id| !id.is_empty() && !id.contains(['/', ' ']))
                    else {
                        continue;
                    };
                    said += 1;
                    assert!(known.contains_key(id), "{call}\"{id}\") has no text");
                }
            }
        }
        assert!(said > 100, "{said}");
    }

    #[test]
    fn every_language_says_the_same_things() {
        let english = messages(Language::English);
        for language in Language::ALL {
            let said = messages(language);
            let ids = |said: &BTreeMap<_, _>| said.keys().cloned().collect::<Vec<String>>();
            assert_eq!(ids(&said), ids(&english), "{language:?}");
            for (id, about) in said {
                let extra: Vec<_> = about.difference(&english[&id]).collect();
                assert!(extra.is_empty(), "{id} in {language:?} knows {extra:?}");
            }
        }
    }

    #[test]
    fn nothing_is_there_that_nobody_says() {
        let code = code();
        let quoted: BTreeSet<&str> = code.iter().flat_map(|code| code.split('"')).collect();
        for id in messages(Language::English).keys() {
            assert!(quoted.contains(id.as_str()), "{id} is never said");
        }
    }

    fn english() -> Texts {
        let terms = Terms {
            item: "R&D".to_owned(),
            items: r#"a "\ {b"#.to_owned(),
            ..Terms::usual(Language::English)
        };
        Texts::new(Language::English, terms)
    }

    #[test]
    fn what_people_typed_stays_what_it_is() {
        let texts = english();
        for name in ["<b>", "a & b", "{ $name }", "\u{F0000}", "\"", "→ א"] {
            let name = Name::stored(name.to_owned());
            let about = || message("more-about").name("name", &name);
            assert_eq!(texts.text(about()), format!("More about {name}"));
            let markup = html! { "More about " bdi { (name) } };
            assert_eq!(texts.markup(about()).0, markup.0);
        }
    }

    #[test]
    fn words_of_ones_own_are_no_markup() {
        let texts = english();
        assert_eq!(texts.text("item-new"), "New R&D");
        assert_eq!(texts.markup("item-new").0, "New R&amp;D");
        assert_eq!(texts.text("items-heading"), r#"A "\ {b"#);
    }

    #[test]
    fn pieces_stand_where_the_language_wants_them() {
        let names = html! { b { "Alice" } };
        let more = html! { a href="/?a&b" { "2 & more" } };
        let pieces = [("names", names), ("more", more)];
        assert_eq!(
            english().markup_around("vetoers-and-more", &pieces).0,
            "vetoed by <b>Alice</b> and <a href=\"/?a&amp;b\">2 &amp; more</a>"
        );
    }

    #[test]
    fn numbers_can_be_read() {
        for (number, read) in [
            (0, "0"),
            (9_999, "9999"),
            (10_000, "10\u{202F}000"),
            (1_234_567, "1\u{202F}234\u{202F}567"),
            (-12_345, "−12\u{202F}345"),
        ] {
            assert_eq!(grouped(number), read);
        }
    }

    #[test]
    fn one_and_many_differ() {
        let texts = Texts::new(Language::German, Terms::usual(Language::German));
        let stats = |count: usize| {
            let stats = message("stats")
                .count("items", count)
                .count("features", count);
            texts.text(stats.count("vetoed", count).count("people", count))
        };
        assert_eq!(stats(1), "1 Eintrag, 1 Merkmal, 1 mit Veto, 1 Person");
        assert_eq!(stats(0), "0 Einträge, 0 Merkmale, 0 mit Veto, 0 Personen");
    }
}
