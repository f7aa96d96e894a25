//! When a person acts: by a schedule that does not wait for the server, so that a slow answer makes the next one late
//! instead of rare (known as coordinated omission). Knows nothing of what is done.

use std::{fmt, str::FromStr, time::Duration};

use tokio::time::{Instant, sleep_until};

use super::time;

/// How long people think from one action to the next: anything between the two, alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Think {
    pub(super) least: Duration,
    pub(super) most: Duration,
}

impl Think {
    pub(super) const fn between_ms(least: u64, most: u64) -> Think {
        Think {
            least: Duration::from_millis(least),
            most: Duration::from_millis(most),
        }
    }

    /// Whether people act again as soon as they are answered: a closed loop, without a schedule.
    pub(super) fn is_none(self) -> bool {
        self.most.is_zero()
    }

    fn draw(self) -> Duration {
        rand::random_range(self.least..=self.most)
    }
}

impl FromStr for Think {
    type Err = String;

    /// `0`, `2s` or `200ms..4s`.
    fn from_str(text: &str) -> Result<Think, String> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least, most) = (time::parse(least)?, time::parse(most)?);
        match least <= most {
            true => Ok(Think { least, most }),
            false => Err("the longer time comes last".to_owned()),
        }
    }
}

impl fmt::Display for Think {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&time::short(self.least))?;
        match self.least == self.most {
            true => Ok(()),
            false => write!(f, "..{}", time::short(self.most)),
        }
    }
}

/// What the timer may be late by without that being anybody's delay: it counts milliseconds.
const GRAIN: Duration = Duration::from_millis(2);

/// One person's intended starts.
pub(super) struct Schedule {
    think: Think,
    due: Instant,
}

/// The start of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// From when on the answer is waited for.
    pub(super) at: Instant,
    /// By how much this program was late itself: the person was free and not woken. None if the person was not free.
    pub(super) own_delay: Option<Duration>,
}

impl Schedule {
    pub(super) fn new(think: Think, first: Instant) -> Schedule {
        Schedule { think, due: first }
    }

    /// Waits for the next start. Cancel safe: the next call waits for the same one.
    pub(super) async fn wait(&mut self) -> Start {
        if self.think.is_none() {
            // Lets others go first, also where an answer was there at once.
            tokio::task::yield_now().await;
            let now = Instant::now();
            return Start {
                at: now,
                own_delay: None,
            };
        }
        let free = Instant::now();
        sleep_until(self.due).await;
        let start = start(self.due, free, Instant::now());
        self.due += self.think.draw();
        start
    }
}

/// The start of an action that was due then, by a person who was free at that time and got to it `now`.
fn start(due: Instant, free: Instant, now: Instant) -> Start {
    let late = now.saturating_duration_since(due);
    let was_free = free <= due;
    Start {
        at: match was_free && late <= GRAIN {
            true => now,
            false => due,
        },
        own_delay: was_free.then_some(late),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thought_is_read_and_shown() {
        let room: Think = "200ms..4s".parse().unwrap();
        assert_eq!(room, Think::between_ms(200, 4_000));
        assert_eq!(room.to_string(), "200ms..4s");
        assert_eq!("2s".parse(), Ok(Think::between_ms(2_000, 2_000)));
        assert!("0".parse::<Think>().unwrap().is_none());
        assert!("4s..1s".parse::<Think>().is_err());
    }

    #[test]
    fn what_comes_late_counts_from_when_it_was_due() {
        let due = Instant::now();
        let later = |ms| due + Duration::from_millis(ms);
        // Still waiting for the last answer when this was due.
        let busy = start(due, later(500), later(500));
        assert_eq!((busy.at, busy.own_delay), (due, None));
        // Free, and woken by a timer that counts milliseconds.
        let free = start(due, due, later(1));
        assert_eq!(free.at, later(1));
        // Free, but this program had no time.
        let starved = start(due, due, later(30));
        assert_eq!(starved.at, due);
        assert_eq!(starved.own_delay, Some(Duration::from_millis(30)));
    }

    #[tokio::test(start_paused = true)]
    async fn starts_keep_their_distance_whatever_the_answers_take() {
        let begin = Instant::now();
        let mut schedule = Schedule::new(Think::between_ms(1_000, 1_000), begin);
        schedule.wait().await;
        // An answer that took three seconds: two starts were missed, and are made up for.
        tokio::time::advance(Duration::from_millis(3_500)).await;
        for due in [1_000, 2_000, 3_000, 4_000] {
            let start = schedule.wait().await;
            assert_eq!(start.at, begin + Duration::from_millis(due));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_loop_has_no_schedule() {
        let mut schedule = Schedule::new(Think::between_ms(0, 0), Instant::now());
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(schedule.wait().await.at, Instant::now());
    }
}
