//! Finds the end of a request's head in the bytes as they come: the first empty line after
//! something. Knows no more of HTTP; what the head says is the server's to read.

/// How HTTP/2 begins, instead of a request's first line.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n";

/// The longest head, in bytes: browsers send one of a kilobyte, and whoever has more in mind should not fill our memory with it.
const LONGEST: usize = 64 * 1024;

/// As much of a head as matters for finding its end.
pub(super) struct Head {
    /// How many bytes it has in common with the beginning of HTTP/2; `None` once it differs.
    http2: Option<usize>,
    /// A line with something in it has begun; empty lines before the first do not count.
    begun: bool,
    /// The current line has something in it.
    in_line: bool,
    /// In bytes, so far.
    length: usize,
}

/// What has been found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// The head goes on.
    Incomplete,
    /// The head is here.
    Complete,
    /// There will be no head.
    Http2,
    /// There may be no end to it.
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

    /// Takes the next bytes. What follows the head is not looked at.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Progress {
        for &byte in bytes {
            if let Some(common) = self.http2 {
                self.http2 = (HTTP2[common] == byte).then_some(common + 1);
                if self.http2 == Some(HTTP2.len()) {
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
        match self.length > LONGEST {
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
        for half in [
            "",
            "\r\n\r\n\r\n",
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nHost: savt\r\n",
            "PRI * HTTP/1.1\r\n",
        ] {
            assert_eq!(Head::new().read(half.as_bytes()), Progress::Incomplete);
        }
    }

    #[test]
    fn it_may_come_byte_by_byte() {
        let bytes = b"GET / HTTP/1.1\r\nHost: savt\r\n\r\n";
        let (last, rest) = bytes.split_last().unwrap();
        let mut head = Head::new();
        for &byte in rest {
            assert_eq!(head.read(&[byte]), Progress::Incomplete);
        }
        assert_eq!(head.read(&[*last]), Progress::Complete);
    }

    #[test]
    fn http_2_is_noticed() {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        let mut head = Head::new();
        assert_eq!(head.read(&preface[..5]), Progress::Incomplete);
        assert_eq!(head.read(&preface[5..]), Progress::Http2);
    }

    #[test]
    fn a_head_without_end_is_given_up() {
        let mut head = Head::new();
        assert_eq!(
            head.read(b"GET / HTTP/1.1\r\nCookie: "),
            Progress::Incomplete
        );
        let piece = [b'x'; 1024];
        let taken = (0..1_000).take_while(|_| head.read(&piece) == Progress::Incomplete);
        assert_eq!(taken.count(), LONGEST / piece.len() - 1);
    }
}
