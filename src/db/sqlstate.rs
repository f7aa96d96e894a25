//! Writes the SQLSTATE of each error that PostgreSQL reports before its message, as in `53100: could not extend file …`.
//!
//! The message is in the language of the server (`lc_messages`), so only the SQLSTATE says what has happened. diesel-async
//! drops it: of an error it keeps the message, and a kind that distinguishes few SQLSTATEs. So the code is put where diesel
//! keeps it, before the connection parses the answer.
//!
//! PostgreSQL documentation: messages in section 55.7, fields of an error in 55.8, codes in appendix A.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{BufMut, BytesMut};
use futures_util::TryFutureExt;
use futures_util::future::MapOk;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// The length of a SQLSTATE.
const LENGTH: usize = 5;
const SEPARATOR: &str = ": ";
/// The type of a message, and its length without the type.
const HEADER: usize = 5;
const ERROR_RESPONSE: u8 = b'E';
const FIELD_CODE: u8 = b'C';
const FIELD_MESSAGE: u8 = b'M';

/// The SQLSTATE at the beginning of a message; none in SQLite's messages.
pub(super) fn of(message: &str) -> Option<&str> {
    let (code, rest) = message.split_at_checked(LENGTH)?;
    let is_code = |c: u8| c.is_ascii_digit() || c.is_ascii_uppercase();
    (rest.starts_with(SEPARATOR) && code.bytes().all(is_code)).then_some(code)
}

/// The decrypted stream from a server.
pub(super) struct CodedErrors<S> {
    stream: S,
    /// How much of the current message is still to come. It passes unchanged.
    passing: usize,
    /// The beginning of a message that may have to be changed.
    held: BytesMut,
    /// What is passed on next.
    ready: BytesMut,
}

impl<S> CodedErrors<S> {
    pub(super) fn new(stream: S) -> CodedErrors<S> {
        CodedErrors {
            stream,
            passing: 0,
            held: BytesMut::new(),
            ready: BytesMut::new(),
        }
    }

    /// How many of these bytes pass unchanged, because they end before an error or an incomplete header.
    fn pass(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        loop {
            let passed = self.passing.min(bytes.len() - at);
            self.passing -= passed;
            at += passed;
            match message_length(&bytes[at..]) {
                Some((kind, length)) if kind != ERROR_RESPONSE => self.passing = length,
                _ => return at,
            }
        }
    }

    /// Moves what is complete from `held` to `ready`.
    fn release(&mut self) {
        loop {
            let held = std::mem::take(&mut self.held);
            let passed = self.pass(&held);
            self.held = held;
            self.ready.put(self.held.split_to(passed));
            match message_length(&self.held) {
                Some((_, length)) if length <= self.held.len() => {
                    let error = self.held.split_to(length);
                    match with_code(&error) {
                        Some(changed) => self.ready.put(changed),
                        None => self.ready.put(error),
                    }
                }
                _ => return,
            }
        }
    }
}

/// The type and the length of a message, if its header is complete.
fn message_length(bytes: &[u8]) -> Option<(u8, usize)> {
    let (kind, rest) = bytes.split_first()?;
    let length = u32::from_be_bytes(*rest.first_chunk()?);
    Some((*kind, (1 + length as usize).max(HEADER)))
}

/// The error with its SQLSTATE before its message; none if it lacks one of them.
fn with_code(error: &[u8]) -> Option<BytesMut> {
    let fields = || error[HEADER..].split(|byte| *byte == 0);
    let code = fields().find_map(|field| field.strip_prefix(&[FIELD_CODE]))?;
    let mut changed = BytesMut::with_capacity(error.len() + LENGTH + SEPARATOR.len());
    changed.put_slice(&error[..HEADER]);
    for field in fields().take_while(|field| !field.is_empty()) {
        let (kind, text) = field.split_first()?;
        changed.put_u8(*kind);
        if *kind == FIELD_MESSAGE {
            changed.put_slice(code);
            changed.put_slice(SEPARATOR.as_bytes());
        }
        changed.put_slice(text);
        changed.put_u8(0);
    }
    changed.put_u8(0);
    let length = u32::try_from(changed.len() - 1).ok()?;
    changed[1..HEADER].copy_from_slice(&length.to_be_bytes());
    Some(changed)
}

impl<S: AsyncRead + Unpin> AsyncRead for CodedErrors<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if !this.ready.is_empty() {
                let length = this.ready.len().min(buffer.remaining());
                buffer.put_slice(&this.ready.split_to(length));
                return Poll::Ready(Ok(()));
            }
            let before = buffer.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
            let received = &buffer.filled()[before..];
            if received.is_empty() {
                // The end, perhaps inside an error.
                match this.held.is_empty() {
                    true => return Poll::Ready(Ok(())),
                    false => this.ready = std::mem::take(&mut this.held),
                }
                continue;
            }
            let passed = match this.held.is_empty() {
                true => this.pass(received),
                false => 0,
            };
            this.held.put_slice(&received[passed..]);
            buffer.set_filled(before + passed);
            this.release();
            if passed > 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CodedErrors<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: TlsStream + Unpin> TlsStream for CodedErrors<S> {
    fn channel_binding(&self) -> ChannelBinding {
        self.stream.channel_binding()
    }
}

/// Encrypts a stream, and changes the errors that arrive in it.
pub(super) struct CodedTls<T>(pub(super) T);

impl<S, T: TlsConnect<S>> TlsConnect<S> for CodedTls<T> {
    type Stream = CodedErrors<T::Stream>;
    type Error = T::Error;
    type Future = MapOk<T::Future, fn(T::Stream) -> CodedErrors<T::Stream>>;

    fn connect(self, stream: S) -> Self::Future {
        self.0.connect(stream).map_ok(CodedErrors::new)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut message = vec![kind];
        message.extend((body.len() as u32 + 4).to_be_bytes());
        message.extend(body);
        message
    }

    /// What arrives if the network delivers `piece` bytes at a time.
    async fn received(sent: &[u8], piece: usize) -> Vec<u8> {
        let (mut server, client) = duplex(piece);
        let sent = sent.to_vec();
        let sending = tokio::spawn(async move { server.write_all(&sent).await });
        let mut received = Vec::new();
        let mut stream = CodedErrors::new(client);
        stream.read_to_end(&mut received).await.unwrap();
        sending.await.unwrap().unwrap();
        received
    }

    #[tokio::test]
    async fn only_the_message_of_an_error_is_changed_however_it_arrives() {
        let full = "SFEHLER\0VERROR\0C53100\0Mkonnte Datei nicht erweitern\0Fmd.c\0\0";
        let coded = "SFEHLER\0VERROR\0C53100\0M53100: konnte Datei nicht erweitern\0Fmd.c\0\0";
        let large = message(b'D', &[b'E'; 100]);
        let notice = message(b'N', full.as_bytes());
        let end = message(b'Z', b"E");
        let error = message(b'E', full.as_bytes());
        let changed = message(b'E', coded.as_bytes());
        let sent = [&large, &notice, &error, &error, &end, &error, &large].map(Vec::as_slice);
        let expected =
            [&large, &notice, &changed, &changed, &end, &changed, &large].map(Vec::as_slice);
        for piece in (1..=20).chain([64, 1_000]) {
            let received = received(&sent.concat(), piece).await;
            assert!(received == expected.concat(), "{piece} bytes at a time");
        }
    }

    #[tokio::test]
    async fn what_is_no_complete_error_arrives_unchanged() {
        // PostgreSQL's answer if it cannot start a process is an error of the protocol's version 2: without a length.
        let old = b"Ecould not fork new process for connection: Cannot allocate memory\n\0";
        let without_code = message(b'E', b"SERROR\0Mtext\0\0");
        let incomplete = &message(b'E', b"SERROR\0C53100\0Mtext\0\0")[..15];
        let invalid_length = [b'D', 0, 0, 0, 0, b'E', 0, 0, 0, 4];
        for sent in [&old[..], &without_code, incomplete, &invalid_length, b"E"] {
            for piece in [1, 7, 1_000] {
                assert_eq!(received(sent, piece).await, sent);
            }
        }
    }

    #[test]
    fn a_code_is_found_at_the_beginning_of_a_message_only() {
        assert_eq!(of("53100: voll"), Some("53100"));
        assert_eq!(of("XX000: "), Some("XX000"));
        for other in ["", "53100", "table: x", "near \"FROM\": 53100: x", "ÄÄÄ: x"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
