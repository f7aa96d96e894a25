//! One connection with its deadlines. It reads along just enough to know whose turn it is: the
//! client's, to send the head of a request or to take an answer, or ours.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

use super::{
    Deadlines,
    head::{Head, Progress},
};

/// A TCP connection that ends, as if the client had hung up, when the client misses a deadline.
pub struct Connection {
    stream: TcpStream,
    deadlines: Deadlines,
    turn: Turn,
    /// Counts for whoever's turn it is; it runs on, unheeded, while that is us.
    deadline: Pin<Box<Sleep>>,
    /// The client does not take what we send.
    stalled: bool,
    /// The client will send no more, and is most likely gone.
    ended: bool,
}

/// Who has to act next.
enum Turn {
    /// The client: it has begun a request, or just come. What it sends does not extend the
    /// deadline, so a head that dribbles in has to be complete in time as well.
    Head(Head),
    /// We: the head of a request is here. Reading its body and answering have limits of their own.
    Ours,
    /// The client: it has what we sent so far, and may begin a request.
    Idle,
    /// Both: this is HTTP/2, whose frames we do not follow. Only what we send extends the
    /// deadline, which suffices, for an honest client is answered.
    Frames,
    /// Nobody: the client sent what no client sends, and is not heard any more.
    Over,
}

impl Connection {
    /// Takes a stream that has just been accepted.
    pub(super) fn new(stream: TcpStream, deadlines: Deadlines) -> Self {
        Self {
            stream,
            deadlines,
            turn: Turn::Head(Head::new()),
            deadline: Box::pin(sleep(deadlines.head)),
            stalled: false,
            ended: false,
        }
    }

    #[cfg(test)]
    pub(super) fn nodelay(&self) -> bool {
        self.stream.nodelay().unwrap()
    }

    /// Starts the deadline anew, and makes sure that it will wake whoever waits here. The last one is never put off.
    fn expect_within(&mut self, context: &mut Context, time: Duration) {
        if self.ended {
            return;
        }
        self.deadline.as_mut().reset(Instant::now() + time);
        let _ = self.deadline.as_mut().poll(context);
    }

    fn has_read(&mut self, context: &mut Context, bytes: &[u8]) {
        if let Turn::Idle = self.turn {
            self.turn = Turn::Head(Head::new());
            let head = self.deadlines.head;
            self.expect_within(context, head);
        }
        if let Turn::Head(head) = &mut self.turn {
            match head.read(bytes) {
                Progress::Incomplete => {}
                Progress::Complete => self.turn = Turn::Ours,
                Progress::Http2 => self.turn = Turn::Frames,
                Progress::TooLong => self.turn = Turn::Over,
            }
        }
    }

    fn has_written(&mut self, context: &mut Context) {
        self.stalled = false;
        if !matches!(self.turn, Turn::Frames) {
            self.turn = Turn::Idle;
        }
        let idle = self.deadlines.idle;
        self.expect_within(context, idle);
    }

    /// The client has closed its side, as it does when it goes. The server above notices that, but poem 3.1 then waits for the
    /// answer to end all the same, which a stream never does: so the connection fails it, after time for a plain answer.
    fn has_ended(&mut self, context: &mut Context) {
        let ended = self.deadlines.ended;
        self.expect_within(context, ended);
        self.ended = true;
    }

    /// Fails once a client that has gone had time enough for its answer.
    fn poll_ended(&mut self, context: &mut Context) -> io::Result<()> {
        match self.ended && self.deadline.as_mut().poll(context).is_ready() {
            true => Err(io::ErrorKind::BrokenPipe.into()),
            false => Ok(()),
        }
    }

    /// What a write came to; if it has to wait for the client, only for so long.
    fn after_write(
        &mut self,
        context: &mut Context,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(written) => {
                self.has_written(context);
                Poll::Ready(written)
            }
            Poll::Pending => {
                if !self.stalled {
                    self.stalled = true;
                    let write = self.deadlines.write;
                    self.expect_within(context, write);
                }
                ready!(self.deadline.as_mut().poll(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context,
        buffer: &mut ReadBuf,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Turn::Over = this.turn {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(context, buffer) {
            Poll::Ready(read) => {
                let bytes = &buffer.filled()[before..];
                match bytes {
                    [] if read.is_ok() => this.has_ended(context),
                    bytes => this.has_read(context, bytes),
                }
                Poll::Ready(read)
            }
            Poll::Pending if matches!(this.turn, Turn::Ours) => Poll::Pending,
            Poll::Pending => {
                ready!(this.deadline.as_mut().poll(context));
                // Nothing more read: the end of the stream.
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.poll_ended(context)?;
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.after_write(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context,
        pieces: &[io::IoSlice],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.poll_ended(context)?;
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, pieces);
        this.after_write(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // Asked whenever the server above is woken, also when it has nothing to write.
        this.poll_ended(context)?;
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
