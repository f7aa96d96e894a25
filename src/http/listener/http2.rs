//! Follows the frames that the server sends on an HTTP/2 connection (RFC 9113, section 4.1), to tell responses from control frames: an
//! answer to a PING does not make an idle connection a used one.

use std::io::IoSlice;

use tokio::time::Instant;

/// Length of the payload (3 bytes), type, flags, stream (4 bytes).
const HEADER_LENGTH: usize = 9;

/// The types of the frames of a response (RFC 9113, section 6).
const DATA: u8 = 0x00;
const HEADERS: u8 = 0x01;
const CONTINUATION: u8 = 0x09;

/// The sent frames, and since when the connection is idle.
#[derive(Default)]
pub(super) struct Http2 {
    frames: Frames,
    /// When the last byte of a response was sent, or first the first byte at all.
    idle_since: Option<Instant>,
}

impl Http2 {
    /// The first `count` bytes of `pieces` have been sent. Returns since when the connection is idle.
    pub(super) fn sent(&mut self, now: Instant, pieces: &[IoSlice], count: usize) -> Instant {
        let mut left = count;
        let mut is_response = false;
        for piece in pieces {
            let sent = &piece[..left.min(piece.len())];
            left -= sent.len();
            is_response |= self.frames.contain_response(sent);
        }
        if is_response {
            self.idle_since = Some(now);
        }
        *self.idle_since.get_or_insert(now)
    }
}

/// The position in a sequence of frames.
#[derive(Default)]
struct Frames {
    header: [u8; HEADER_LENGTH],
    /// The number of bytes of the current header so far.
    header_length: usize,
    /// The number of bytes of the current payload to come.
    payload_left: usize,
    /// The current payload belongs to a response.
    in_response: bool,
}

impl Frames {
    /// Reads the next bytes. Returns whether some of them belong to a response; a header counts once it is complete.
    fn contain_response(&mut self, mut bytes: &[u8]) -> bool {
        let mut found = false;
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.payload_left > 0 {
                let count = self.payload_left.min(bytes.len());
                self.payload_left -= count;
                bytes = &bytes[count..];
            } else {
                self.header[self.header_length] = byte;
                self.header_length += 1;
                bytes = rest;
                if self.header_length < HEADER_LENGTH {
                    continue;
                }
                self.header_length = 0;
                let [high, middle, low, kind, ..] = self.header;
                self.payload_left = u32::from_be_bytes([0, high, middle, low]) as usize;
                self.in_response = matches!(kind, DATA | HEADERS | CONTINUATION);
            }
            found |= self.in_response;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
        let length = (payload.len() as u32).to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, 0, 0, 0, 0, 1]);
        frame.extend(payload);
        frame
    }

    proptest! {
        /// However the bytes are split, only the frames of responses count.
        #[test]
        fn control_frames_do_not_count(
            frames in prop::collection::vec((0..12_u8, prop::collection::vec(any::<u8>(), 0..40)), 1..20),
            piece in 1..30_usize,
        ) {
            let is_response = |kind: &u8| [DATA, HEADERS, CONTINUATION].contains(kind);
            let expected = frames.iter().any(|(kind, _)| is_response(kind));
            let bytes: Vec<u8> = frames.iter().flat_map(|(kind, payload)| frame(*kind, payload)).collect();
            let mut position = Frames::default();
            let mut found = false;
            for bytes in bytes.chunks(piece) {
                found |= position.contain_response(bytes);
            }
            prop_assert_eq!(found, expected);
            prop_assert_eq!((position.header_length, position.payload_left), (0, 0));
        }
    }

    #[test]
    fn only_sent_bytes_of_responses_extend_the_time() {
        let start = Instant::now();
        let at = |seconds| start + std::time::Duration::from_secs(seconds);
        let mut http2 = Http2::default();
        let settings = frame(4, b"");
        let ping = frame(6, b"12345678");
        let response = [frame(HEADERS, b"h"), frame(DATA, b"data")].concat();
        assert_eq!(http2.sent(at(0), &[IoSlice::new(&settings)], 9), at(0));
        let pieces = [IoSlice::new(&ping), IoSlice::new(&response)];
        // The response waits.
        assert_eq!(http2.sent(at(1), &pieces, 17), at(0));
        let pieces = [IoSlice::new(&response[..12]), IoSlice::new(&response[12..])];
        assert_eq!(http2.sent(at(2), &pieces, response.len()), at(2));
        assert_eq!(http2.sent(at(3), &[IoSlice::new(&ping)], 17), at(2));
        assert_eq!(http2.sent(at(4), &[], 0), at(2));
    }
}
