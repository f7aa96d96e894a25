//! When a virtual user acts. The schedule is an open model: it does not wait for the server, so that a slow response delays the
//! next action instead of reducing the load (coordinated omission). Does not know what the actions are.

use std::{fmt, str::FromStr, time::Duration};

use tokio::time::{Instant, sleep_until};

use super::duration;

/// The time between the starts of two actions, uniformly distributed between two limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThinkTime {
    min: Duration,
    max: Duration,
}

impl ThinkTime {
    pub(super) const fn between_ms(min: u64, max: u64) -> ThinkTime {
        ThinkTime {
            min: Duration::from_millis(min),
            max: Duration::from_millis(max),
        }
    }

    /// Whether the model is closed: a virtual user acts again as soon as it has a response.
    pub(super) fn is_zero(self) -> bool {
        self.max.is_zero()
    }

    pub(super) fn random(self) -> Duration {
        rand::random_range(self.min..=self.max)
    }
}

impl FromStr for ThinkTime {
    type Err = String;

    /// `0`, `2s` or `200ms..4s`.
    fn from_str(text: &str) -> Result<ThinkTime, String> {
        let (min, max) = text.split_once("..").unwrap_or((text, text));
        let (min, max) = (duration::parse(min)?, duration::parse(max)?);
        match min <= max {
            true => Ok(ThinkTime { min, max }),
            false => Err("the first time must not be longer than the second".to_owned()),
        }
    }
}

impl fmt::Display for ThinkTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&duration::format_duration(self.min))?;
        match self.min == self.max {
            true => Ok(()),
            false => write!(f, "..{}", duration::format_duration(self.max)),
        }
    }
}

/// A delay up to the resolution of the timer does not count: it works in milliseconds.
const TIMER_RESOLUTION: Duration = Duration::from_millis(2);

/// The intended starts of one virtual user.
pub(super) struct Schedule {
    think_time: ThinkTime,
    due: Instant,
}

/// The start of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// When the response time begins.
    pub(super) at: Instant,
    /// By how much the load generator was late. `None` if the virtual user was still busy when the action was due.
    pub(super) delay: Option<Duration>,
}

impl Schedule {
    pub(super) fn new(think_time: ThinkTime, first: Instant) -> Schedule {
        Schedule {
            think_time,
            due: first,
        }
    }

    /// Waits for the next start. Cancel safe: the next call waits for the same start.
    pub(super) async fn next(&mut self) -> Start {
        if self.think_time.is_zero() {
            // Lets other virtual users run, even if the response was available at once.
            tokio::task::yield_now().await;
            let now = Instant::now();
            return Start {
                at: now,
                delay: None,
            };
        }
        let idle_since = Instant::now();
        sleep_until(self.due).await;
        let start = start(self.due, idle_since, Instant::now());
        self.due += self.think_time.random();
        start
    }
}

/// The start of an action that was due at `due` and actually starts at `now`.
fn start(due: Instant, idle_since: Instant, now: Instant) -> Start {
    let delay = now.saturating_duration_since(due);
    let was_idle = idle_since <= due;
    Start {
        at: match was_idle && delay <= TIMER_RESOLUTION {
            true => now,
            false => due,
        },
        delay: was_idle.then_some(delay),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn think_times_are_parsed_and_formatted() {
        let range: ThinkTime = "200ms..4s".parse().unwrap();
        assert_eq!(range, ThinkTime::between_ms(200, 4_000));
        assert_eq!(range.to_string(), "200ms..4s");
        assert_eq!("2s".parse(), Ok(ThinkTime::between_ms(2_000, 2_000)));
        assert!("0".parse::<ThinkTime>().unwrap().is_zero());
        assert!("4s..1s".parse::<ThinkTime>().is_err());
    }

    #[test]
    fn a_late_action_is_measured_from_when_it_was_due() {
        let due = Instant::now();
        let later = |ms| due + Duration::from_millis(ms);
        // The previous response was still outstanding.
        let busy = start(due, later(500), later(500));
        assert_eq!((busy.at, busy.delay), (due, None));
        // Idle, and late within the resolution of the timer.
        let idle = start(due, due, later(1));
        assert_eq!(idle.at, later(1));
        // Idle, but the load generator had no processor time.
        let starved = start(due, due, later(30));
        assert_eq!(starved.at, due);
        assert_eq!(starved.delay, Some(Duration::from_millis(30)));
    }

    #[tokio::test(start_paused = true)]
    async fn starts_keep_their_interval_however_slow_the_responses() {
        let begin = Instant::now();
        let mut schedule = Schedule::new(ThinkTime::between_ms(1_000, 1_000), begin);
        schedule.next().await;
        // A response that took 3.5 seconds: the missed starts follow at once.
        tokio::time::advance(Duration::from_millis(3_500)).await;
        for due in [1_000, 2_000, 3_000, 4_000] {
            let start = schedule.next().await;
            assert_eq!(start.at, begin + Duration::from_millis(due));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_model_starts_immediately() {
        let mut schedule = Schedule::new(ThinkTime::between_ms(0, 0), Instant::now());
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(schedule.next().await.at, Instant::now());
    }
}
