//! Every language has exactly the messages that the program uses, and text that people typed is never interpreted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use maud::html;

use super::*;
use crate::model::Name;

/// The ids of a language's messages, each with the names of its arguments.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let texts = FluentResource::try_new(source(language).to_owned()).unwrap();
    let messages = texts.entries().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message),
        _ => None,
    });
    messages
        .map(|message| {
            let mut args = BTreeSet::new();
            collect(message.value.as_ref().unwrap(), &mut args);
            (message.id.name.to_owned(), args)
        })
        .collect()
}

fn collect(pattern: &Pattern<&str>, args: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(inline) => collect_inline(inline, args),
                Expression::Select { selector, variants } => {
                    collect_inline(selector, args);
                    for variant in variants {
                        collect(&variant.value, args);
                    }
                }
            },
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, args: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        args.insert(id.name.to_owned());
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

/// The source files of the program without their tests.
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
fn every_message_in_the_code_exists() {
    let known = messages(Language::English);
    let calls = [
        "texts.text(",
        "message(",
        "texts.markup(",
        "markup_around(",
        "pattern(",
        "later(",
        "invalid(",
        "(named(",
        " about_feature(",
    ];
    let mut checked = 0;
    for code in code() {
        for call in calls {
            for rest in code.split(call).skip(1) {
                let id = rest
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|id| id.split('"').next());
                let Some(id) = id.filter(|id| !id.is_empty() && !id.contains(['/', ' '])) else {
                    continue;
                };
                checked += 1;
                assert!(known.contains_key(id), "{call}\"{id}\") has no text");
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn all_languages_have_the_same_messages_and_arguments() {
    let english = messages(Language::English);
    for language in Language::ALL {
        let own = messages(language);
        let ids = |messages: &BTreeMap<_, _>| messages.keys().cloned().collect::<Vec<String>>();
        assert_eq!(ids(&own), ids(&english), "{language:?}");
        for (id, args) in own {
            let extra: Vec<_> = args.difference(&english[&id]).collect();
            assert!(
                extra.is_empty(),
                "{id} in {language:?} has unknown arguments {extra:?}"
            );
        }
    }
}

#[test]
fn every_message_is_used() {
    let code = code();
    let quoted: BTreeSet<&str> = code.iter().flat_map(|code| code.split('"')).collect();
    for id in messages(Language::English).keys() {
        assert!(quoted.contains(id.as_str()), "{id} is never used");
    }
}

fn english() -> Texts {
    let terminology = Terminology {
        item: "R&D".to_owned(),
        items: r#"a "\ {b"#.to_owned(),
        ..Terminology::default_for(Language::English)
    };
    Texts::new(Language::English, terminology)
}

#[test]
fn names_are_never_interpreted() {
    let texts = english();
    for name in ["<b>", "a & b", "{ $name }", "\u{F0000}", "\"", "→ א"] {
        let name = Name::from_stored(name.to_owned());
        let more_about = || message("more-about").name("name", &name);
        assert_eq!(texts.text(more_about()), format!("More about {name}"));
        let markup = html! { "More about " bdi { (name) } };
        assert_eq!(texts.markup(more_about()).0, markup.0);
    }
}

#[test]
fn terminology_is_escaped() {
    let texts = english();
    assert_eq!(texts.text("item-new"), "New R&D");
    assert_eq!(texts.markup("item-new").0, "New R&amp;D");
    assert_eq!(texts.text("items-heading"), r#"A "\ {b"#);
}

#[test]
fn markup_arguments_are_inserted_unescaped() {
    let names = html! { b { "Alice" } };
    let more = html! { a href="/?a&b" { "2 & more" } };
    let args = [("names", names), ("more", more)];
    assert_eq!(
        english().markup_around("vetoers-and-more", &args).0,
        "vetoed by <b>Alice</b> and <a href=\"/?a&amp;b\">2 &amp; more</a>"
    );
}

#[test]
fn large_numbers_are_grouped() {
    for (number, text) in [
        (0, "0"),
        (9_999, "9999"),
        (10_000, "10\u{202F}000"),
        (1_234_567, "1\u{202F}234\u{202F}567"),
        (-12_345, "−12\u{202F}345"),
    ] {
        assert_eq!(grouped(number), text);
    }
}

#[test]
fn german_has_singular_and_plural() {
    let texts = Texts::new(Language::German, Terminology::default_for(Language::German));
    let stats = |count: usize| {
        let stats = message("stats")
            .count("items", count)
            .count("features", count);
        texts.text(stats.count("vetoed", count).count("people", count))
    };
    assert_eq!(stats(1), "1 Eintrag, 1 Merkmal, 1 mit Veto, 1 Person");
    assert_eq!(stats(0), "0 Einträge, 0 Merkmale, 0 mit Veto, 0 Personen");
}
