//! Parses the server-sent events of a live stream: the kind and the id of each message and, if wanted, what its data says about the
//! decision. Data is not copied. Also accepts a body with the framing of HTTP's chunked encoding: chunk sizes are on lines of their own that end
//! with a carriage return, which lines from SAVT never do.

use super::panels::{PanelScanner, Panels};

/// The kind of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Changes to the board if it has an id, else something that is not part of the log, such as presence.
    #[default]
    Plain,
    /// The first message of a stream, with the version of the board.
    Hello,
    /// The client must reload the page.
    Reload,
    /// A heartbeat.
    Alive,
}

/// One server-sent event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The number of the last event it contains.
    pub id: Option<i64>,
    pub kind: Kind,
    /// What it says about the decision; nothing if the reader does not look for that.
    pub panels: Panels,
}

/// How many bytes at the start of a line are significant.
const MAX_LINE: usize = 32;

/// Parses a stream in pieces of any size.
#[derive(Default)]
pub struct Reader {
    /// The significant start of a line that is not complete yet.
    line: Vec<u8>,
    message: Message,
    panels: Option<PanelScanner>,
}

impl Reader {
    /// A reader that also finds out what messages say about the decision.
    pub fn with_panels() -> Reader {
        Reader {
            panels: Some(PanelScanner::default()),
            ..Reader::default()
        }
    }

    /// Calls `emit` with each message that these bytes complete.
    pub fn read(&mut self, bytes: &[u8], mut emit: impl FnMut(Message)) {
        let mut from = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            // Truncated just like a line that arrives in pieces.
            let start = &bytes[from..end.min(from + MAX_LINE)];
            self.scan(&bytes[from..end]);
            from = end + 1;
            let is_complete = match self.line.is_empty() {
                true => self.message.parse_line(start),
                false => {
                    append(&mut self.line, start);
                    let is_complete = self.message.parse_line(&self.line);
                    self.line.clear();
                    is_complete
                }
            };
            if is_complete {
                if let Some(panels) = &mut self.panels {
                    self.message.panels = panels.take();
                }
                emit(std::mem::take(&mut self.message));
            }
        }
        self.scan(&bytes[from..]);
        append(&mut self.line, &bytes[from..]);
    }

    fn scan(&mut self, piece: &[u8]) {
        if let Some(panels) = &mut self.panels {
            panels.scan(piece);
        }
    }
}

fn append(line: &mut Vec<u8>, more: &[u8]) {
    let space = MAX_LINE.saturating_sub(line.len());
    line.extend_from_slice(&more[..more.len().min(space)]);
}

impl Message {
    /// Parses one line. Returns whether it ends the message.
    fn parse_line(&mut self, line: &[u8]) -> bool {
        match line {
            [] => return true,
            b"event: hello" => self.kind = Kind::Hello,
            b"event: reload" => self.kind = Kind::Reload,
            b"event: alive" => self.kind = Kind::Alive,
            [b'i', b'd', b':', b' ', number @ ..] => {
                let number = std::str::from_utf8(number).ok();
                self.id = number.and_then(|id| id.trim().parse().ok());
            }
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::stream;

    fn read_all(chunks: &[&[u8]]) -> Vec<(Option<i64>, Kind)> {
        let mut reader = Reader::default();
        let mut messages = Vec::new();
        for chunk in chunks {
            reader.read(chunk, |message| messages.push((message.id, message.kind)));
        }
        messages
    }

    #[test]
    fn messages_are_parsed_in_chunks_of_any_size() {
        let row = format!("<li id=\"feature-7\">{}</li>\n<p>", "x".repeat(99));
        let wire = [
            &*stream::hello(Some(4)),
            &stream::changes(5, &row),
            &stream::ephemeral("<p>id: 9</p>"),
            stream::KEEP_ALIVE,
            &stream::changes(12, "<p>"),
            stream::RELOAD,
        ];
        let wire = wire.concat().into_bytes();
        let expected = [
            (Some(4), Kind::Hello),
            (Some(5), Kind::Plain),
            (None, Kind::Plain),
            (None, Kind::Alive),
            (Some(12), Kind::Plain),
            (None, Kind::Reload),
        ];
        for size in [1, 2, 7, 31, 64, wire.len()] {
            let chunks: Vec<&[u8]> = wire.chunks(size).collect();
            assert_eq!(read_all(&chunks), expected, "in chunks of {size}");
        }
    }

    #[test]
    fn what_a_message_says_about_the_decision_is_read_if_wanted() {
        let agreed = r#"<section id="consent"><strong class="agreed">"#;
        let wire = [
            stream::changes(5, agreed),
            stream::changes(6, r#"<section id="outcome" data-closed>"#),
        ];
        let wire = wire.concat().into_bytes();
        let read = |mut reader: Reader, size: usize| {
            let mut messages = Vec::new();
            for chunk in wire.chunks(size) {
                reader.read(chunk, |message| {
                    messages.push((message.panels.agreed, message.panels.closed));
                });
            }
            messages
        };
        for size in [1, 7, wire.len()] {
            let expected = [(Some(true), None), (None, Some(true))];
            assert_eq!(read(Reader::with_panels(), size), expected);
            assert_eq!(read(Reader::default(), size), [(None, None); 2]);
        }
    }

    #[test]
    fn a_long_line_is_truncated_alike_in_one_piece_and_in_several() {
        let wire = format!("id: {}5\n\n", " ".repeat(MAX_LINE)).into_bytes();
        let pieces: Vec<&[u8]> = wire.chunks(7).collect();
        assert_eq!(read_all(&[&wire]), read_all(&pieces));
    }
}
