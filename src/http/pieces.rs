//! A response body that is assembled piece by piece while the client reads it, so that a slow reader of a large page costs the
//! memory of a few pieces instead of the whole page. Small bodies stay whole, because that is fastest.

use std::{
    fmt, io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::body::{Frame, SizeHint};
use poem::Body;

/// The largest body, in bytes, that is held whole for each reader: a board of 100 items with 5 features each has 320 KB. 150 readers
/// hold at most 75 MiB.
pub const MAX_WHOLE: usize = 512 * 1024;

/// The content of a response: whole, or in pieces that are produced when they are needed.
pub struct Pieces(Content);

enum Content {
    Whole(String),
    Lazy(LazyBody),
}

impl Pieces {
    /// Content of exactly `length` bytes in total, which becomes the `Content-Length`.
    pub fn new(
        length: usize,
        pieces: impl Iterator<Item = Bytes> + Send + Sync + 'static,
    ) -> Pieces {
        Pieces(Content::Lazy(LazyBody {
            remaining: length as u64,
            pieces: Box::new(pieces),
        }))
    }

    /// The length in bytes.
    pub fn length(&self) -> usize {
        match &self.0 {
            Content::Whole(text) => text.len(),
            Content::Lazy(body) => body.remaining as usize,
        }
    }

    pub fn into_body(self) -> Body {
        match self.0 {
            Content::Whole(text) => Body::from(text),
            Content::Lazy(body) => Body::from(BoxBody::new(body)),
        }
    }
}

impl From<String> for Pieces {
    fn from(text: String) -> Pieces {
        Pieces(Content::Whole(text))
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Pieces({} bytes)", self.length())
    }
}

struct LazyBody {
    /// The number of bytes to come.
    remaining: u64,
    pieces: Box<dyn Iterator<Item = Bytes> + Send + Sync>,
}

impl hyper::body::Body for LazyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        let Some(piece) = this.pieces.next() else {
            debug_assert_eq!(this.remaining, 0, "the pieces are as long as announced");
            return Poll::Ready(None);
        };
        this.remaining = this.remaining.saturating_sub(piece.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.remaining == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn pieces_are_produced_only_when_they_are_read() {
        let produced = Arc::new(AtomicUsize::new(0));
        let count = produced.clone();
        let pieces = (0..3).map(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Bytes::from_static(b"piece")
        });
        let mut body: BoxBody<Bytes, io::Error> = Pieces::new(15, pieces).into_body().into();
        assert_eq!(hyper::body::Body::size_hint(&body).exact(), Some(15));
        assert_eq!(produced.load(Ordering::Relaxed), 0);
        body.frame().await.unwrap().unwrap();
        assert_eq!(produced.load(Ordering::Relaxed), 1);
        assert_eq!(body.collect().await.unwrap().to_bytes(), "piecepiece");
    }

    #[tokio::test]
    async fn whole_content_is_one_piece() {
        let whole = Pieces::from("a page".to_owned());
        assert_eq!(whole.length(), 6);
        assert_eq!(whole.into_body().into_string().await.unwrap(), "a page");
    }
}
