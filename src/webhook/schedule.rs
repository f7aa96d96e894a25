//! When to try again: after growing pauses, for three days.

use std::time::Duration;

use chrono::TimeDelta;

use crate::model::Timestamp;

/// The pauses after the first, second, … failure, in seconds; the last one repeats.
const PAUSES: [u64; 9] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];

/// How long to try.
pub(super) const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(3);

/// How much a pause is changed at random, so that not all boards try again at the same time.
const JITTER: f64 = 0.25;

/// The failures of one event so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failures {
    /// With the present one.
    pub(super) count: u32,
    pub(super) first_at: Timestamp,
}

/// When to try again after a failure at `now`; none to give up. The last try is after three days, whatever the pauses. `random` is between
/// 0 and 1; `asked` is the pause that the receiver asks for.
pub(super) fn next_attempt(
    failures: Failures,
    now: Timestamp,
    asked: Option<Duration>,
    random: f64,
) -> Option<Timestamp> {
    let end = failures.first_at + GIVE_UP_AFTER;
    if now >= end {
        return None;
    }
    let index = usize::try_from(failures.count.saturating_sub(1)).unwrap_or(usize::MAX);
    let pause = Duration::from_secs(PAUSES[index.min(PAUSES.len() - 1)]);
    let jittered = pause.mul_f64(1.0 + JITTER * (2.0 * random.clamp(0.0, 1.0) - 1.0));
    let pause = asked.map_or(jittered, |asked| asked.max(jittered));
    let pause = TimeDelta::from_std(pause).unwrap_or(GIVE_UP_AFTER);
    Some((now + pause).min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Timestamp {
        "2030-01-02T18:00:00".parse().unwrap()
    }

    /// All attempts after a first one at `start` that fail.
    fn attempts(random: f64) -> Vec<Timestamp> {
        let (mut all, mut now) = (vec![], start());
        for count in 1.. {
            let failures = Failures {
                count,
                first_at: start(),
            };
            match next_attempt(failures, now, None, random) {
                None => break,
                Some(next) => now = next,
            }
            all.push(now);
        }
        all
    }

    #[test]
    fn pauses_grow_and_the_last_attempt_is_after_three_days() {
        for random in [0.0, 0.5, 1.0] {
            let attempts = attempts(random);
            assert!((12..=24).contains(&attempts.len()), "{}", attempts.len());
            assert_eq!(attempts.last(), Some(&(start() + GIVE_UP_AFTER)));
            let pauses: Vec<_> = attempts.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert!(pauses[..7].is_sorted(), "{pauses:?}");
            let day = start() + TimeDelta::hours(1);
            assert!(attempts.iter().filter(|at| **at < day).count() >= 4);
        }
        assert_ne!(attempts(0.0), attempts(1.0));
    }

    #[test]
    fn the_receiver_can_ask_for_a_longer_pause_but_not_for_a_shorter_one() {
        let failures = Failures {
            count: 1,
            first_at: start(),
        };
        let next = |asked| next_attempt(failures, start(), asked, 0.5);
        let after = |seconds| Some(start() + TimeDelta::seconds(seconds));
        assert_eq!(next(Some(Duration::from_secs(3_600))), after(3_600));
        assert_eq!(next(Some(Duration::ZERO)), after(5));
        assert_eq!(next(None), after(5));
    }
}
