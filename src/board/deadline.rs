//! How long a caller waits for a writer, whatever the database does. A caller that times out cancels its command unless
//! processing has started; if it has, the result is unknown.

use std::pin::pin;

use tokio::{
    sync::oneshot,
    time::{Duration, Instant, timeout_at},
};

use super::command::{CancelToken, CommandError};

/// How long a command may wait before the writer starts it.
pub(super) const START_DEADLINE: Duration = Duration::from_millis(2_500);

/// How long a caller waits in all: an HTTP response is due within three seconds.
pub(super) const REPLY_DEADLINE: Duration = Duration::from_millis(2_900);

/// Waits for the reply to a command, up to the deadlines. They count from `since`, when the caller began to wait.
pub(super) async fn await_reply<T>(
    reply: oneshot::Receiver<Result<T, CommandError>>,
    cancel: &CancelToken,
    since: Instant,
) -> Result<T, CommandError> {
    let mut reply = pin!(reply);
    if let Ok(reply) = timeout_at(since + START_DEADLINE, &mut reply).await {
        return reply.unwrap_or(Err(CommandError::Internal));
    }
    if cancel.try_cancel() {
        return Err(CommandError::Busy);
    }
    match timeout_at(since + REPLY_DEADLINE, reply).await {
        Ok(reply) => reply.unwrap_or(Err(CommandError::Internal)),
        Err(_) => Err(CommandError::Unconfirmed),
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    /// Sends a command to a writer that starts after `queued_ms` and runs for `run_ms`. Returns the caller's result, and
    /// whether the writer started.
    async fn send_command(queued_ms: u64, run_ms: u64) -> (Result<(), CommandError>, bool) {
        let (sender, reply) = oneshot::channel();
        let cancel = CancelToken::default();
        let writer_token = cancel.clone();
        let writer = tokio::spawn(async move {
            sleep(Duration::from_millis(queued_ms)).await;
            let started = writer_token.try_start();
            if started {
                sleep(Duration::from_millis(run_ms)).await;
                let _ = sender.send(Ok(()));
            }
            started
        });
        let sent_at = Instant::now();
        let result = await_reply(reply, &cancel, sent_at).await;
        // The paused clock advances to the next timer, which is rounded up to a millisecond.
        assert!(sent_at.elapsed() <= REPLY_DEADLINE + Duration::from_millis(1));
        (result, writer.await.expect("the writer task ends"))
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_finishes_in_time_succeeds() {
        assert_eq!(send_command(0, 0).await, (Ok(()), true));
        assert_eq!(send_command(2_400, 0).await, (Ok(()), true));
        assert_eq!(send_command(2_400, 400).await, (Ok(()), true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_times_out_before_processing_never_runs() {
        let busy = (Err(CommandError::Busy), false);
        assert_eq!(send_command(2_600, 0).await, busy);
        assert_eq!(send_command(60_000, 0).await, busy);
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_times_out_during_processing_is_unconfirmed() {
        let unconfirmed = (Err(CommandError::Unconfirmed), true);
        assert_eq!(send_command(0, 3_000).await, unconfirmed);
        assert_eq!(send_command(2_400, 60_000).await, unconfirmed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_to_a_dropped_writer_fails_at_once() {
        let (sender, reply) = oneshot::channel::<Result<(), CommandError>>();
        drop(sender);
        let sent_at = Instant::now();
        let result = await_reply(reply, &CancelToken::default(), sent_at).await;
        assert_eq!(result, Err(CommandError::Internal));
        assert_eq!(sent_at.elapsed(), Duration::ZERO);
    }
}
