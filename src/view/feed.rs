//! The last events of a board as an Atom feed (RFC 4287), for people who follow it with a feed reader.

use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{action, context::BoardContext, language::message, time::iso, title::title};
use crate::model::{Board, EventSummary};

const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The feed with these events, the newest first. `origin` precedes the addresses.
pub fn feed(
    board: &Board,
    events: &[EventSummary],
    origin: &str,
    context: &BoardContext,
) -> String {
    let (texts, urls) = (&context.texts, &context.urls);
    let at = |path: String| format!("{origin}{path}");
    let updated = board.last_event_at().unwrap_or_default();
    let feed = html! {
        (PreEscaped(PROLOG))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(texts.language.tag()) {
            id { (id(board, 0)) }
            title { (texts.text(message("history-title").text("board", title(board)))) }
            updated { (iso(updated)) }
            link rel="self" type="application/atom+xml" href=(at(urls.feed())) {}
            link rel="alternate" type="text/html" href=(at(urls.home())) {}
            @for event in events {
                entry {
                    id { (id(board, event.number)) }
                    title { (text_of(&action::sentence(&event.actor.name, &event.action, texts))) }
                    updated { (iso(event.at)) }
                    author { name { (event.actor.name) } }
                    link rel="alternate" type="text/html" href=(at(urls.history_at(event.number))) {}
                }
            }
        }
    };
    let mut feed = feed.into_string();
    feed.retain(is_xml);
    feed
}

/// Identifies an event, or with number 0 the feed: the same at every address, also after a move to another database, and without
/// the link to the board. A UUID of version 8 (RFC 9562).
fn id(board: &Board, number: i64) -> String {
    let mut hash = Sha256::new();
    for part in [
        "savt",
        board.slug.as_str(),
        &board.epoch.to_string(),
        &number.to_string(),
    ] {
        hash.update(part);
        hash.update([0]);
    }
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &hex[group]);
    format!("urn:uuid:{}", groups.join("-"))
}

/// The text of some markup, escaped as in it. A `<` in the text is escaped, so that each one begins a tag.
fn text_of(markup: &Markup) -> Markup {
    let mut parts = markup.0.split('<');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text += part.split_once('>').map_or("", |(_, text)| text);
    }
    PreEscaped(text)
}

/// Whether a character may be part of an XML document.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Action, Actor, BoardId, Epoch, Name, ParticipantId, Slug, Timestamp},
        view::{ByLanguage, Language, Languages, Terminology},
    };

    fn board() -> Board {
        let slug = Slug::parse("abc").unwrap();
        Board::new(BoardId(1), slug, Name::from_stored("A & B".to_owned()))
    }

    fn feed_of(name: &str) -> String {
        let board = board();
        let terms = ByLanguage::from_fn(|_| {
            Terminology::new("item".to_owned(), None, "feature".to_owned(), None)
        });
        let context = BoardContext::new(&board, Language::English, &Languages::new(&terms));
        let event = EventSummary {
            number: 7,
            at: Timestamp::default(),
            actor: Actor {
                id: ParticipantId(1),
                name: Name::from_stored(name.to_owned()),
            },
            action: Action::Joined,
        };
        feed(&board, &[event], "https://savt.example", &context)
    }

    #[test]
    fn names_are_escaped_and_characters_that_xml_forbids_are_left_out() {
        let feed = feed_of("<b>&\"x\u{ffff}y");
        assert!(feed.starts_with("<?xml version=\"1.0\""), "{feed}");
        assert!(
            feed.contains("<title>History – A &amp; B</title>"),
            "{feed}"
        );
        assert!(
            feed.contains("<name>&lt;b&gt;&amp;&quot;xy</name>"),
            "{feed}"
        );
        assert!(
            feed.contains("<title>&lt;b&gt;&amp;&quot;xy joined</title>"),
            "{feed}"
        );
        let link = "href=\"https://savt.example/b/abc/history?before=8#event-7\"";
        assert!(feed.contains(link), "{feed}");
    }

    #[test]
    fn ids_are_stable_and_differ() {
        let board = board();
        assert_eq!(id(&board, 1), id(&board, 1));
        assert_ne!(id(&board, 1), id(&board, 2));
        let mut other = board.clone();
        other.epoch = Epoch(1);
        assert_ne!(id(&board, 1), id(&other, 1));
        let id = id(&board, 1);
        assert_eq!(
            (id.len(), &id[..9], &id[23..24]),
            (45, "urn:uuid:", "8"),
            "{id}"
        );
    }
}
