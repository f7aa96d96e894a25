//! Parses the server-sent events of a live stream: the kind and the id of each message, not its data. Data is skipped without
//! being copied. Also accepts a body with the framing of HTTP's chunked encoding: chunk sizes are on lines of their own that end
//! with a carriage return, which lines from SAVT never do.

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
}

/// How many bytes at the start of a line are significant.
const MAX_LINE: usize = 32;

/// Parses a stream in pieces of any size.
#[derive(Default)]
pub struct Reader {
    /// The significant start of a line that is not complete yet.
    line: Vec<u8>,
    message: Message,
}

impl Reader {
    /// Calls `emit` with each message that these bytes complete.
    pub fn read(&mut self, bytes: &[u8], mut emit: impl FnMut(Message)) {
        let mut from = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            // Truncated just like a line that arrives in pieces.
            let start = &bytes[from..end.min(from + MAX_LINE)];
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
                emit(std::mem::take(&mut self.message));
            }
        }
        append(&mut self.line, &bytes[from..]);
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
    fn a_long_line_is_truncated_alike_in_one_piece_and_in_several() {
        let wire = format!("id: {}5\n\n", " ".repeat(MAX_LINE)).into_bytes();
        let pieces: Vec<&[u8]> = wire.chunks(7).collect();
        assert_eq!(read_all(&[&wire]), read_all(&pieces));
    }
}
