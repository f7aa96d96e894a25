//! The formats of a result as properties: whatever people type, it stays text. Pure functions, checked with other parsers.

use std::collections::BTreeSet;

use chrono::DateTime;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use savt::{
    model::{
        Amount, Board, BoardAction, BoardId, BrowserId, Command, DecisionResult, FeatureId,
        FieldEdit, ItemId, Kind, Limits, Name, Note, Outcome, OutcomeText, Reason, Slug, decide,
    },
    view::{
        Language, Terminology, Texts,
        result::{Syntax, csv, text},
    },
};

const LINK: &str = "https://savt.example/";

/// What people might type to break a format.
const HOSTILE: [&str; 24] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "a,b",
    "a\"b",
    "'a'",
    "[x](https://evil.example)",
    "![x](y)",
    "<b>x</b>",
    "<https://evil.example>",
    "https://evil.example",
    "www.evil.example",
    "a@evil.example",
    "@everyone",
    "&lt;b&gt;",
    "# x",
    "1. x",
    "- x",
    "`x`",
    "**x** __x__ ~~x~~ ==x==",
    "| a | b |",
    "x\\",
];

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(&HOSTILE[..]).prop_map(str::to_owned),
        "[\\PC]{1,40}",
        r"[-\\`*_\[\]<>()#|~&!.:/@=+^${}a1w ]{1,20}",
    ]
}

fn texts() -> Texts {
    // The words of a board are typed as well.
    let word = "[word](https://evil.example)".to_owned();
    let terminology = Terminology::new(word.clone(), Some(word.clone()), word.clone(), Some(word));
    Texts::new(Language::English, terminology)
}

/// A closed board with these texts in every place, as far as each is valid there.
fn board_of(all: &[String]) -> Board {
    let name = |text: &String| Name::parse(text).ok();
    let fallback = || Name::parse("x").unwrap();
    let board_name = all.first().and_then(name).unwrap_or_else(fallback);
    let slug = Slug::parse("b").unwrap();
    let mut board = Board::new(BoardId(1), slug, board_name);
    let at = DateTime::UNIX_EPOCH.naive_utc();
    let mut run = |who: &str, command: Command| {
        let browser = BrowserId::from_hash(who.to_owned());
        // A text that is taken or invalid is left out.
        if let Ok(decision) = decide(&board, &browser, &command, &Limits::UNLIMITED, at) {
            board = decision.board;
        }
    };
    for text in all {
        if let Some(name) = name(text) {
            run(text, Command::Rename(name));
        }
    }
    for (number, text) in (1..).zip(all) {
        let Some(name) = name(text) else { continue };
        let item = ItemId(number);
        let kind = Kind::parse(text).ok().flatten();
        run(
            text,
            BoardAction::CreateItem {
                name: Some(name.clone()),
                kind,
                fallback: fallback(),
            }
            .into(),
        );
        let note = Note::parse(&format!("{text}\n{text}")).ok().flatten();
        run(
            text,
            BoardAction::EditItem {
                item,
                name: None,
                kind: None,
                note: Some(FieldEdit::replacing(note)),
            }
            .into(),
        );
        for item in [Some(item), None] {
            let amount = Amount::MAX;
            run(
                text,
                BoardAction::Suggest {
                    name: name.clone(),
                    amount,
                    item,
                }
                .into(),
            );
        }
        let feature = FeatureId(2 * number);
        let reason = Reason::parse(text).ok().flatten();
        run(text, BoardAction::VetoWithReason { feature, reason }.into());
        run(text, BoardAction::Consent { seen: None }.into());
    }
    let outcome = Outcome {
        text: OutcomeText::parse(&all.join("\n")).ok().flatten(),
        chosen: vec![ItemId(1)],
    };
    run("closer", BoardAction::Close(outcome).into());
    board
}

fn result(board: &Board) -> DecisionResult<'_> {
    DecisionResult::new(board, DateTime::UNIX_EPOCH.naive_utc())
}

/// The text without the characters that only keep programs from making links of it.
fn without_joiners(text: &str) -> String {
    text.replace('\u{2060}', "")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_table_parses_back_to_its_cells(all in proptest::collection::vec(typed(), 1..6)) {
        let board = board_of(&all);
        let result = result(&board);
        let table = csv(&result, &texts());
        let table = table.strip_prefix('\u{FEFF}').unwrap();
        prop_assert!(table.ends_with("\r\n"));
        let mut reader = ::csv::ReaderBuilder::new().has_headers(true).from_reader(table.as_bytes());
        let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let mut expected = Vec::new();
        for item in result.items() {
            let of_item = (item.item.name.as_str(), item.item.note.as_ref().map_or("", |note| note.as_str()));
            if item.features.is_empty() {
                expected.push((of_item, ""));
            }
            expected.extend(item.features.iter().map(|feature| (of_item, feature.feature.name.as_str())));
        }
        expected.extend(result.free.iter().map(|feature| (("", ""), feature.feature.name.as_str())));
        prop_assert_eq!(rows.len(), expected.len());
        for (row, ((item, note), feature)) in rows.iter().zip(expected) {
            prop_assert_eq!(row.len(), 8);
            for cell in row {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']), "{:?}", cell);
            }
            for (cell, text) in [(&row[0], item), (&row[2], note), (&row[3], feature)] {
                // An apostrophe was added, or not.
                let as_it_was = cell == text || cell.strip_prefix('\'') == Some(text);
                prop_assert!(as_it_was, "{:?} for {:?}", cell, text);
            }
        }
    }

    #[test]
    fn markdown_has_no_markup_of_what_people_typed(all in proptest::collection::vec(typed(), 1..6)) {
        let board = board_of(&all);
        let texts = texts();
        let markdown = text(&result(&board), Syntax::Markdown, Some(LINK), &texts);
        let mut rendered = String::new();
        let mut links = BTreeSet::new();
        for event in Parser::new_ext(&markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Text(text) => rendered.push_str(&text),
                Event::SoftBreak | Event::HardBreak => rendered.push('\n'),
                Event::End(_) => rendered.push('\n'),
                Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::List(None) | Tag::Item) => {}
                Event::Start(Tag::Link { dest_url, .. }) => {
                    links.insert(dest_url.to_string());
                }
                other => prop_assert!(false, "{:?} in {}", other, markdown),
            }
        }
        prop_assert_eq!(links, BTreeSet::from([LINK.to_owned()]));
        // What programs make of the rendered text: mentions, and links without markup.
        let foreign = rendered.replace(LINK, "");
        prop_assert!(!foreign.contains("://") && !foreign.to_lowercase().contains("www."), "{}", foreign);
        let mention = foreign.char_indices().find(|(at, c)| *c == '@' && !foreign[at + 1..].starts_with('\u{2060}'));
        prop_assert_eq!(mention, None, "{}", foreign);
        // Nothing is lost.
        let plain = text(&result(&board), Syntax::Plain, Some(LINK), &texts);
        let words = |text: &str| -> String {
            let text = without_joiners(text);
            text.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != ':').collect()
        };
        prop_assert_eq!(words(&rendered), words(&plain));
    }

    #[test]
    fn text_has_no_control_characters(all in proptest::collection::vec(typed(), 1..6)) {
        let board = board_of(&all);
        let plain = text(&result(&board), Syntax::Plain, None, &texts());
        prop_assert!(!plain.contains(|c: char| c.is_control() && c != '\n'), "{:?}", plain);
        for item in result(&board).items() {
            prop_assert!(plain.contains(item.item.name.as_str()));
        }
    }
}
