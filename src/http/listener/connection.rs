//! One connection with its deadlines. Follows the bytes just enough to know who has to act next: the client, to send a request
//! head or to read a response, or the server.

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
    connection_limits::ConnectionPermit,
    deadlines::Deadlines,
    head::{Head, Progress},
    http2::Http2,
    write_budget::WriteBudget,
};

/// A TCP connection that ends, as if the client had disconnected, when the client misses a deadline.
pub struct Connection {
    stream: TcpStream,
    deadlines: Deadlines,
    turn: Turn,
    /// The client's deadline; ignored while it is the server's turn.
    deadline: Pin<Box<Sleep>>,
    /// How long the client may still leave unread what the server sends.
    write_budget: WriteBudget,
    /// The client has closed its sending side and has most likely disconnected.
    ended: bool,
    /// Dropped with the connection, which then no longer counts.
    _permit: ConnectionPermit,
}

/// Who has to act next.
enum Turn {
    /// The client: it has connected or started a request. Received bytes do not extend the deadline, so a head that arrives
    /// byte by byte has to be complete in time as well.
    Head(Head),
    /// The server: the request head is complete. Reading the body and responding have separate limits.
    Server,
    /// The client: it has received everything sent so far and may start a request.
    Idle,
    /// Either: this is HTTP/2, whose received frames are not parsed. Only sent bytes of responses extend the deadline, which suffices
    /// because a well-behaved client receives responses.
    Http2(Http2),
    /// Neither: the head is too long, and no more input is read.
    Closed,
}

impl Connection {
    /// Wraps a stream that has just been accepted.
    pub(super) fn new(stream: TcpStream, deadlines: Deadlines, permit: ConnectionPermit) -> Self {
        Self {
            stream,
            deadlines,
            turn: Turn::Head(Head::new()),
            deadline: Box::pin(sleep(deadlines.head)),
            write_budget: WriteBudget::new(deadlines.write),
            ended: false,
            _permit: permit,
        }
    }

    #[cfg(test)]
    pub(super) fn nodelay(&self) -> bool {
        self.stream.nodelay().unwrap()
    }

    /// Restarts the deadline and registers this task to be woken by it. The deadline after `ended` is never extended.
    fn restart_deadline(&mut self, context: &mut Context, time: Duration) {
        if self.ended {
            return;
        }
        self.deadline.as_mut().reset(Instant::now() + time);
        if self.deadline.as_mut().poll(context).is_ready() {
            context.waker().wake_by_ref();
        }
    }

    fn on_read(&mut self, context: &mut Context, bytes: &[u8]) {
        if let Turn::Idle = self.turn {
            self.turn = Turn::Head(Head::new());
            let head = self.deadlines.head;
            self.restart_deadline(context, head);
        }
        if let Turn::Head(head) = &mut self.turn {
            match head.read(bytes) {
                Progress::Incomplete => {}
                Progress::Complete => self.turn = Turn::Server,
                Progress::Http2 => self.turn = Turn::Http2(Http2::default()),
                Progress::TooLong => self.turn = Turn::Closed,
            }
        }
    }

    /// The first `count` bytes of `pieces` have been written.
    fn on_written(&mut self, context: &mut Context, pieces: &[io::IoSlice], count: usize) {
        let now = Instant::now();
        self.write_budget.written(now, count);
        let idle_since = match &mut self.turn {
            Turn::Http2(http2) => http2.sent(now, pieces, count),
            turn => {
                *turn = Turn::Idle;
                now
            }
        };
        let idle_until = idle_since + self.deadlines.idle;
        self.restart_deadline(context, idle_until.saturating_duration_since(now));
    }

    /// The client has closed its sending side, as it does when it disconnects. hyper notices, but poem 3.1 still waits for the
    /// response to end, which a stream never does. So the connection fails after time enough for a plain response.
    fn on_ended(&mut self, context: &mut Context) {
        let ended = self.deadlines.ended;
        self.restart_deadline(context, ended);
        self.ended = true;
    }

    /// Fails once the `ended` deadline has passed.
    fn poll_ended(&mut self, context: &mut Context) -> io::Result<()> {
        match self.ended && self.deadline.as_mut().poll(context).is_ready() {
            true => Err(io::ErrorKind::BrokenPipe.into()),
            false => Ok(()),
        }
    }

    /// Updates the deadline after a write, and fails if the client has not read enough in time.
    fn after_write(
        &mut self,
        context: &mut Context,
        pieces: &[io::IoSlice],
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(written) => {
                self.on_written(context, pieces, *written.as_ref().unwrap_or(&0));
                Poll::Ready(written)
            }
            Poll::Pending => {
                if let Some(left) = self.write_budget.wait(Instant::now()) {
                    self.restart_deadline(context, left);
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
        if let Turn::Closed = this.turn {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(context, buffer) {
            Poll::Ready(read) => {
                let bytes = &buffer.filled()[before..];
                match bytes {
                    [] if read.is_ok() => this.on_ended(context),
                    bytes => this.on_read(context, bytes),
                }
                Poll::Ready(read)
            }
            Poll::Pending if matches!(this.turn, Turn::Server) => Poll::Pending,
            Poll::Pending => {
                ready!(this.deadline.as_mut().poll(context));
                // Reading nothing signals the end of the stream.
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
        this.after_write(context, &[io::IoSlice::new(bytes)], written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context,
        pieces: &[io::IoSlice],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.poll_ended(context)?;
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, pieces);
        this.after_write(context, pieces, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // hyper calls this whenever it is woken, also when it has nothing to write.
        this.poll_ended(context)?;
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
