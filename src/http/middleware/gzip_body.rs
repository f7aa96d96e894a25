//! Compresses a large body while the client reads it. Each unit is compressed by itself, so that no compressor, which takes some
//! 300 KiB, stays with a connection between two units.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame};

/// Uncompressed bytes per unit: twice the window of deflate, so that starting anew costs little.
const UNIT: usize = 64 * 1024;

/// The header of a gzip member without name and time, made on an unknown system (RFC 1952, section 2.3).
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// A last block without content, with fixed Huffman codes (RFC 1951, section 3.2.6).
const LAST_BLOCK: [u8; 2] = [0x03, 0x00];

thread_local! {
    static DEFLATE: RefCell<Option<Compress>> = const { RefCell::new(None) };
}

/// The gzip form of another body.
pub(super) struct GzipBody {
    inner: BoxBody<Bytes, io::Error>,
    level: Compression,
    /// Read from `inner` and not compressed yet.
    read: VecDeque<Bytes>,
    read_bytes: usize,
    crc: Crc,
    begun: bool,
    ended: bool,
}

impl GzipBody {
    pub(super) fn new(inner: BoxBody<Bytes, io::Error>, level: Compression) -> GzipBody {
        GzipBody {
            inner,
            level,
            read: VecDeque::new(),
            read_bytes: 0,
            crc: Crc::new(),
            begun: false,
            ended: false,
        }
    }

    /// Reads until there is enough for a unit. Ready with true once `inner` has ended.
    fn poll_fill(&mut self, context: &mut Context) -> Poll<io::Result<bool>> {
        while self.read_bytes < UNIT {
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                None => return Poll::Ready(Ok(true)),
                Some(frame) => {
                    // Trailers are dropped: no response here has any.
                    if let Ok(bytes) = frame?.into_data() {
                        self.read_bytes += bytes.len();
                        self.read.push_back(bytes);
                    }
                }
            }
        }
        Poll::Ready(Ok(false))
    }

    /// Compresses up to a unit of what was read, and appends it to `out`.
    fn compress_unit(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        DEFLATE.with_borrow_mut(|cached| {
            let deflate = cached.get_or_insert_with(|| Compress::new(self.level, false));
            deflate.reset();
            let mut room = UNIT;
            while room > 0
                && let Some(bytes) = self.read.front_mut()
            {
                let piece = bytes.split_to(bytes.len().min(room));
                if bytes.is_empty() {
                    self.read.pop_front();
                }
                room -= piece.len();
                self.read_bytes -= piece.len();
                self.crc.update(&piece);
                run(deflate, &piece, FlushCompress::None, out)?;
            }
            // Ends the unit at a byte boundary, so that the next one can follow.
            run(deflate, &[], FlushCompress::Sync, out)
        })
    }
}

/// Passes `input` to the compressor and appends its output.
fn run(
    deflate: &mut Compress,
    mut input: &[u8],
    flush: FlushCompress,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    loop {
        out.reserve(1024 + input.len() / 8);
        let before = deflate.total_in();
        deflate
            .compress_vec(input, out, flush)
            .map_err(io::Error::other)?;
        input = &input[(deflate.total_in() - before) as usize..];
        // The compressor has more output exactly if it filled the buffer.
        if input.is_empty() && out.len() < out.capacity() {
            return Ok(());
        }
    }
}

impl Body for GzipBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let inner_ended = ready!(this.poll_fill(context))?;
        let mut out = Vec::new();
        if !this.begun {
            this.begun = true;
            out.extend(HEADER);
        }
        if this.read_bytes > 0 {
            this.compress_unit(&mut out)?;
        }
        if inner_ended && this.read_bytes == 0 {
            this.ended = true;
            out.extend(LAST_BLOCK);
            out.extend(this.crc.sum().to_le_bytes());
            out.extend(this.crc.amount().to_le_bytes());
        }
        out.shrink_to_fit();
        Poll::Ready(Some(Ok(Frame::data(out.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use http_body_util::BodyExt;
    use proptest::prelude::*;

    use super::*;
    use crate::http::pieces::Pieces;

    async fn gzip(pieces: Vec<Bytes>) -> Vec<Bytes> {
        let length = pieces.iter().map(Bytes::len).sum();
        let inner = Pieces::new(length, pieces.into_iter()).into_body().into();
        let mut body = GzipBody::new(inner, Compression::new(2));
        let mut frames = Vec::new();
        while let Some(frame) = body.frame().await {
            frames.push(frame.unwrap().into_data().unwrap());
        }
        frames
    }

    fn gunzip(bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        // Reads one member: browsers ignore any other.
        let mut decoder = flate2::read::GzDecoder::new(bytes);
        decoder.read_to_end(&mut plain).unwrap();
        plain
    }

    #[tokio::test]
    async fn a_large_piece_is_compressed_in_units() {
        let text = "Margherita, vetoed by Alice. ".repeat(100_000);
        let frames = gzip(vec![Bytes::from(text.clone())]).await;
        assert!(frames.len() >= text.len() / UNIT);
        assert!(frames.iter().all(|frame| frame.len() < UNIT / 8));
        assert_eq!(gunzip(&frames.concat()), text.as_bytes());
    }

    #[tokio::test]
    async fn bodies_that_do_not_compress_survive() {
        let noise: Vec<u8> = (0..300_000).map(|_| rand::random()).collect();
        let pieces = noise.chunks(8_000).map(Bytes::copy_from_slice).collect();
        assert_eq!(gunzip(&gzip(pieces).await.concat()), noise);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_body_survives(pieces in prop::collection::vec("[a-c]{1,40000}", 0..8)) {
            let plain = pieces.concat();
            let pieces = pieces.into_iter().map(Bytes::from).collect();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let compressed = runtime.block_on(gzip(pieces)).concat();
            prop_assert_eq!(gunzip(&compressed), plain.into_bytes());
        }
    }
}
