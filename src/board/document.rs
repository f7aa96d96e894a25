//! What programs read of a version of a board: written once, and kept as it is and in each coding that somebody asked for.

use std::sync::OnceLock;

use bytes::Bytes;

/// A content coding of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Zstd,
    Gzip,
}

/// A document about one version of a board.
pub struct Document {
    plain: Bytes,
    zstd: OnceLock<Option<Bytes>>,
    gzip: OnceLock<Option<Bytes>>,
}

impl Document {
    pub(super) fn new(plain: Bytes) -> Document {
        Document {
            plain,
            zstd: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    pub fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// The document in this coding, encoded for the first reader; `None` if that failed.
    pub fn encoded(
        &self,
        coding: Coding,
        encode: impl FnOnce(&[u8]) -> Option<Bytes>,
    ) -> Option<Bytes> {
        let encoded = match coding {
            Coding::Zstd => &self.zstd,
            Coding::Gzip => &self.gzip,
        };
        encoded.get_or_init(|| encode(&self.plain)).clone()
    }

    /// The memory in all codings.
    pub(super) fn bytes(&self) -> usize {
        let encoded = [&self.zstd, &self.gzip].into_iter();
        let encoded = encoded.filter_map(|encoded| encoded.get()?.as_ref());
        self.plain.len() + encoded.map(Bytes::len).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_coding_is_encoded_once() {
        let document = Document::new(Bytes::from_static(b"a board"));
        let encode = |with: &'static str| move |_: &[u8]| Some(Bytes::from_static(with.as_bytes()));
        for _ in 0..2 {
            assert_eq!(document.encoded(Coding::Zstd, encode("z")).unwrap(), "z");
            assert_eq!(document.encoded(Coding::Gzip, encode("gg")).unwrap(), "gg");
        }
        let never = |_: &[u8]| -> Option<Bytes> { panic!("it is kept") };
        assert_eq!(document.encoded(Coding::Zstd, never).unwrap(), "z");
        assert_eq!(document.plain(), "a board");
        assert_eq!(document.bytes(), "a board".len() + 3);
    }
}
