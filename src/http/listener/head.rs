//! Finds the end of a request head in a stream of bytes: the first empty line after a non-empty one. Does not parse the head;
//! that is up to the server.

/// The start of an HTTP/2 connection, in place of a request line.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n";

/// The longest head, in bytes. Browsers send about one kilobyte; the limit bounds the memory that one client can fill.
const MAX_LENGTH: usize = 64 * 1024;

/// The state needed to find the end of a head.
pub(super) struct Head {
    /// Number of leading bytes that match the HTTP/2 preface; `None` once they differ.
    http2: Option<usize>,
    /// A non-empty line has started; leading empty lines do not count.
    begun: bool,
    /// The current line is not empty.
    in_line: bool,
    /// Bytes so far.
    length: usize,
}

/// The result of reading more bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// The head continues.
    Incomplete,
    /// The head is complete.
    Complete,
    /// This is HTTP/2, which has no head.
    Http2,
    /// The head exceeds the limit.
    TooLong,
}

impl Head {
    pub(super) fn new() -> Self {
        Self {
            http2: Some(0),
            begun: false,
            in_line: false,
            length: 0,
        }
    }

    /// Reads the next bytes, up to the end of the head.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Progress {
        for &byte in bytes {
            if let Some(common) = self.http2 {
                self.http2 = (HTTP2_PREFACE[common] == byte).then_some(common + 1);
                if self.http2 == Some(HTTP2_PREFACE.len()) {
                    return Progress::Http2;
                }
            }
            match byte {
                b'\r' => {}
                b'\n' if self.begun && !self.in_line => return Progress::Complete,
                b'\n' => self.in_line = false,
                _ => (self.begun, self.in_line) = (true, true),
            }
        }
        self.length += bytes.len();
        match self.length > MAX_LENGTH {
            true => Progress::TooLong,
            false => Progress::Incomplete,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_with_an_empty_line() {
        for head in [
            "GET / HTTP/1.1\r\nHost: savt\r\n\r\n",
            "GET / HTTP/1.1\nHost: savt\n\n",
            "POST / HTTP/1.1\r\n\r\na body\r\n",
            "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(Head::new().read(head.as_bytes()), Progress::Complete);
        }
        for incomplete in [
            "",
            "\r\n\r\n\r\n",
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nHost: savt\r\n",
            "PRI * HTTP/1.1\r\n",
        ] {
            assert_eq!(
                Head::new().read(incomplete.as_bytes()),
                Progress::Incomplete
            );
        }
    }

    #[test]
    fn a_head_may_arrive_byte_by_byte() {
        let bytes = b"GET / HTTP/1.1\r\nHost: savt\r\n\r\n";
        let (last, rest) = bytes.split_last().unwrap();
        let mut head = Head::new();
        for &byte in rest {
            assert_eq!(head.read(&[byte]), Progress::Incomplete);
        }
        assert_eq!(head.read(&[*last]), Progress::Complete);
    }

    #[test]
    fn the_http2_preface_is_recognized() {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        let mut head = Head::new();
        assert_eq!(head.read(&preface[..5]), Progress::Incomplete);
        assert_eq!(head.read(&preface[5..]), Progress::Http2);
    }

    #[test]
    fn a_head_above_the_limit_is_rejected() {
        let mut head = Head::new();
        assert_eq!(
            head.read(b"GET / HTTP/1.1\r\nCookie: "),
            Progress::Incomplete
        );
        let piece = [b'x'; 1024];
        let accepted = (0..1_000).take_while(|_| head.read(&piece) == Progress::Incomplete);
        assert_eq!(accepted.count(), MAX_LENGTH / piece.len() - 1);
    }
}
