//! Waits for the signals that end a load test early: SIGINT (Ctrl-C) and SIGTERM.

use std::{future::poll_fn, io, task::Poll};

use tokio::signal::unix::{Signal, SignalKind, signal};

pub(super) struct Interrupt([Signal; 2]);

impl Interrupt {
    pub(super) fn new() -> io::Result<Interrupt> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        let [interrupt, terminate] = kinds.map(signal);
        Ok(Interrupt([interrupt?, terminate?]))
    }

    /// Completes at the next signal.
    pub(super) async fn received(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        poll_fn(|context| {
            let received =
                interrupt.poll_recv(context).is_ready() || terminate.poll_recv(context).is_ready();
            match received {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
    }
}
