//! The signals that ask a process to end. As process 1 of a container, a process gets only the signals that it handles, so a command
//! creates [`ShutdownSignals`] before anything that takes time.

use std::io::{self, IsTerminal};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Receives SIGTERM, SIGINT (Ctrl-C), SIGQUIT and, on a terminal, SIGHUP. None of them kills the process as long as this exists, nor
/// afterwards: tokio never removes its handlers.
pub struct ShutdownSignals {
    terminate: Signal,
    interrupt: Signal,
    quit: Signal,
    hangup: Signal,
    is_interactive: bool,
}

impl ShutdownSignals {
    /// Handles the signals from now on.
    ///
    /// # Errors
    /// The system refuses a handler.
    pub fn new() -> io::Result<ShutdownSignals> {
        ShutdownSignals::for_terminal(io::stdin().is_terminal())
    }

    fn for_terminal(is_interactive: bool) -> io::Result<ShutdownSignals> {
        Ok(ShutdownSignals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            hangup: signal(SignalKind::hangup())?,
            is_interactive,
        })
    }

    /// Completes at the next signal. SIGHUP tells that the terminal is gone; without a terminal (as a service or with `nohup`) it is
    /// ignored.
    pub async fn received(&mut self) -> SignalKind {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return SignalKind::terminate(),
                _ = self.interrupt.recv() => return SignalKind::interrupt(),
                _ = self.quit.recv() => return SignalKind::quit(),
                _ = self.hangup.recv() => {
                    if self.is_interactive {
                        return SignalKind::hangup();
                    }
                    tracing::info!("ignored SIGHUP; to change an option, restart savt");
                }
            }
        }
    }

    /// Completes at the next SIGTERM or SIGINT. Does not count SIGHUP and SIGQUIT: a terminal that closes can send SIGHUP twice, itself
    /// and through the shell.
    pub async fn received_again(&mut self) -> SignalKind {
        loop {
            let kind = self.received().await;
            if kind == SignalKind::terminate() || kind == SignalKind::interrupt() {
                return kind;
            }
        }
    }
}

/// The exit status of a process that a signal has ended, as shells report it.
pub fn exit_status(kind: SignalKind) -> i32 {
    128 + kind.as_raw_value()
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

    use rustix::process::{Signal, getpid, kill_process};
    use tokio::time::timeout;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(20);

    /// One test, because all handlers of a process get its signals.
    #[tokio::test]
    async fn a_hangup_counts_only_on_a_terminal() {
        let mut interactive = ShutdownSignals::for_terminal(true).unwrap();
        let mut service = ShutdownSignals::for_terminal(false).unwrap();
        kill_process(getpid(), Signal::HUP).unwrap();
        let received = timeout(LIMIT, interactive.received()).await;
        assert_eq!(received, Ok(SignalKind::hangup()));
        {
            let mut ignored = pin!(service.received());
            let state = poll_fn(|context| Poll::Ready(ignored.as_mut().poll(context))).await;
            assert!(state.is_pending());
        }

        for signal in [Signal::QUIT, Signal::HUP, Signal::INT] {
            kill_process(getpid(), signal).unwrap();
        }
        let again = timeout(LIMIT, interactive.received_again()).await;
        assert_eq!(again, Ok(SignalKind::interrupt()));
        assert_eq!(exit_status(again.unwrap()), 130);

        kill_process(getpid(), Signal::TERM).unwrap();
        let terminated = async { while service.received().await != SignalKind::terminate() {} };
        timeout(LIMIT, terminated).await.unwrap();
    }
}
