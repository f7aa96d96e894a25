//! How long anybody waits at a door, whatever the database does. A wish that is not begun by then is taken back;
//! of one that is begun nobody can tell what becomes of it.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    sync::oneshot,
    time::{Duration, Instant, timeout_at},
};

use super::door::Failure;

/// How long a wish may wait before it is begun.
const UNBEGUN: Duration = Duration::from_millis(2_500);

/// How long it may take in all: longer than three seconds nobody should stand before a button.
const IN_ALL: Duration = Duration::from_millis(2_900);

/// The right to a wish: the door takes it to begin, or who asked takes it to go away. It is had once.
#[derive(Clone, Default)]
pub(super) struct Claim(Arc<AtomicBool>);

impl Claim {
    /// Whether it was still to be had.
    pub(super) fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// What comes of a wish that was just brought to the door, as far as one can wait for it.
pub(super) async fn answered<T>(
    answer: oneshot::Receiver<Result<T, Failure>>,
    claim: &Claim,
) -> Result<T, Failure> {
    let since = Instant::now();
    let mut answer = pin!(answer);
    if let Ok(answer) = timeout_at(since + UNBEGUN, &mut answer).await {
        return answer.unwrap_or(Err(Failure::Broken));
    }
    if claim.take() {
        return Err(Failure::Busy);
    }
    match timeout_at(since + IN_ALL, answer).await {
        Ok(answer) => answer.unwrap_or(Err(Failure::Broken)),
        Err(_) => Err(Failure::Uncertain),
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    /// What is answered by a door that begins after so many milliseconds and then works for so many, and whether it began.
    async fn at_a_door(begins: u64, works: u64) -> (Result<(), Failure>, bool) {
        let (tell, answer) = oneshot::channel();
        let claim = Claim::default();
        let theirs = claim.clone();
        let door = tokio::spawn(async move {
            sleep(Duration::from_millis(begins)).await;
            let began = theirs.take();
            if began {
                sleep(Duration::from_millis(works)).await;
                let _ = tell.send(Ok(()));
            }
            began
        });
        let since = Instant::now();
        let answer = answered(answer, &claim).await;
        assert!(since.elapsed() <= IN_ALL + Duration::from_millis(1)); // of a clock that only goes on by itself
        (answer, door.await.expect("the door does not fail"))
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_done_in_time_is_answered() {
        assert_eq!(at_a_door(0, 0).await, (Ok(()), true));
        assert_eq!(at_a_door(2_400, 0).await, (Ok(()), true));
        assert_eq!(at_a_door(2_400, 400).await, (Ok(()), true));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_begun_in_time_is_never_begun() {
        assert_eq!(at_a_door(2_600, 0).await, (Err(Failure::Busy), false));
        assert_eq!(at_a_door(60_000, 0).await, (Err(Failure::Busy), false));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_begun_and_not_done_in_time_is_uncertain() {
        assert_eq!(at_a_door(0, 3_000).await, (Err(Failure::Uncertain), true));
        assert_eq!(
            at_a_door(2_400, 60_000).await,
            (Err(Failure::Uncertain), true)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_door_that_is_gone_is_not_waited_for() {
        let (tell, answer) = oneshot::channel::<Result<(), Failure>>();
        drop(tell);
        let answer = answered(answer, &Claim::default()).await;
        assert_eq!(answer, Err(Failure::Broken));
    }
}
