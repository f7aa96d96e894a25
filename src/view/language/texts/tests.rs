//! That every language says all there is to say and nothing else, and that what people typed stays what it is.

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
    let rust = files.iter().filter(|file| {
        file.extension().is_some_and(|kind| kind == "rs") && !file.ends_with("tests.rs")
    });
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
                let Some(id) = id.filter(|id| !id.is_empty() && !id.contains(['/', ' '])) else {
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
