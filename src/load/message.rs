//! The messages of a live stream as they come over the wire: which event each is, never what it shows. A page of
//! fragments passes by without being copied. Where the chunks of HTTP are still around them, those have lines of their own,
//! but they end with a carriage return, and SAVT's never do.

/// What a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Changes, if it has a number, else something aside.
    #[default]
    Plain,
    Hello,
    Reload,
    Alive,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub id: Option<i64>,
    pub kind: Kind,
}

/// How much of a line can matter, in bytes.
const HEAD: usize = 32;

/// Takes bytes as they come.
#[derive(Default)]
pub struct Reader {
    /// The beginning of a line whose end has not come yet, as far as it matters.
    line: Vec<u8>,
    message: Message,
}

impl Reader {
    /// Tells each message that these bytes complete.
    pub fn read(&mut self, bytes: &[u8], mut tell: impl FnMut(Message)) {
        let mut from = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            // No more of it than of a line that comes in pieces.
            let part = &bytes[from..end.min(from + HEAD)];
            from = end + 1;
            let whole = match self.line.is_empty() {
                true => self.message.take_in(part),
                false => {
                    keep(&mut self.line, part);
                    let whole = self.message.take_in(&self.line);
                    self.line.clear();
                    whole
                }
            };
            if whole {
                tell(std::mem::take(&mut self.message));
            }
        }
        keep(&mut self.line, &bytes[from..]);
    }
}

fn keep(line: &mut Vec<u8>, more: &[u8]) {
    let room = HEAD.saturating_sub(line.len());
    line.extend_from_slice(&more[..more.len().min(room)]);
}

impl Message {
    /// Whether the line ends the message.
    fn take_in(&mut self, line: &[u8]) -> bool {
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

    fn all(chunks: &[&[u8]]) -> Vec<(Option<i64>, Kind)> {
        let mut reader = Reader::default();
        let mut messages = Vec::new();
        for chunk in chunks {
            reader.read(chunk, |message| messages.push((message.id, message.kind)));
        }
        messages
    }

    #[test]
    fn what_the_server_writes_is_read_however_it_is_cut() {
        let row = format!("<li id=\"feature-7\">{}</li>\n<p>", "x".repeat(99));
        let wire = [
            &*stream::hello(Some(4)),
            &stream::changes(5, &row),
            &stream::aside("<p>id: 9</p>"),
            stream::ALIVE,
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
            assert_eq!(all(&chunks), expected, "in pieces of {size}");
        }
    }

    #[test]
    fn a_line_too_long_to_matter_is_the_same_in_pieces() {
        let wire = format!("id: {}5\n\n", " ".repeat(HEAD)).into_bytes();
        let pieces: Vec<&[u8]> = wire.chunks(7).collect();
        assert_eq!(all(&[&wire]), all(&pieces));
    }
}
