//! How long it takes from a veto's answer until the last of our streams shows it. A receipt costs the same however many
//! streams there are. Knows numbers of events and times, no requests.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// How many events are remembered: those long past are not waited for.
const REMEMBERED: usize = 65_536;

/// The events of one board and where its streams are.
#[derive(Default)]
pub(super) struct Shown {
    /// The number of the first event in `events`.
    first: i64,
    events: VecDeque<Event>,
    streams: u32,
    /// From the answer to the last stream, for each veto that all have; taken out by who counts them.
    times: Vec<Duration>,
}

#[derive(Default)]
struct Event {
    /// When vetoes were answered whose change came with this event, the last of its batch; others are not waited for.
    answered: Vec<Instant>,
    /// Streams that do not have it yet.
    left: u32,
    last: Option<Instant>,
}

impl Shown {
    /// A stream begins that has everything up to this event.
    pub(super) fn enter(&mut self, position: i64) {
        self.mention(position);
        for event in self.after(position) {
            event.left += 1;
        }
        self.streams += 1;
    }

    /// A stream that had everything up to `from` has everything up to `to` now.
    pub(super) fn tell(&mut self, from: i64, to: i64, now: Instant) {
        self.mention(to);
        let range = self.place(from + 1)..self.place(to + 1);
        for event in self.events.range_mut(range) {
            event.left = event.left.saturating_sub(1);
            event.last = Some(now);
            event.done(&mut self.times);
        }
    }

    /// A stream ends that had everything up to this event. What it did not get it does not wait for.
    pub(super) fn leave(&mut self, position: i64) {
        self.streams -= 1;
        let place = self.place(position + 1);
        for event in self.events.range_mut(place..) {
            event.left = event.left.saturating_sub(1);
            event.done(&mut self.times);
        }
    }

    /// A veto was answered that is this event.
    pub(super) fn answer(&mut self, number: i64, now: Instant) {
        self.mention(number);
        let place = self.place(number);
        if let Some(event) = self.events.get_mut(place) {
            event.answered.push(now);
            event.done(&mut self.times);
        }
    }

    /// The times since they were last taken.
    pub(super) fn take(&mut self) -> Vec<Duration> {
        std::mem::take(&mut self.times)
    }

    /// How many vetoes were answered and have not come to every stream.
    pub(super) fn missing(&self) -> usize {
        let events = self.events.iter();
        let waiting = events.filter(|event| event.left > 0);
        waiting.map(|event| event.answered.len()).sum()
    }

    /// Makes room for all events up to this one: every stream that is open lacks those nobody spoke of.
    fn mention(&mut self, number: i64) {
        let next = self.first + self.events.len() as i64;
        if self.events.is_empty() && self.streams == 0 {
            // What was before us concerns nobody.
            self.first = number;
        } else if number >= next + REMEMBERED as i64 {
            self.events.clear();
            self.first = number;
        }
        while self.first + (self.events.len() as i64) <= number {
            self.events.push_back(Event {
                left: self.streams,
                ..Event::default()
            });
            if self.events.len() > REMEMBERED {
                self.events.pop_front();
                self.first += 1;
            }
        }
    }

    fn after(&mut self, position: i64) -> impl Iterator<Item = &mut Event> {
        let place = self.place(position + 1);
        self.events.range_mut(place..)
    }

    /// Where an event is, or would be.
    fn place(&self, number: i64) -> usize {
        let place = usize::try_from(number - self.first).unwrap_or(0);
        place.min(self.events.len())
    }
}

impl Event {
    /// Tells how long the last stream took, once it is known, for each veto once.
    fn done(&mut self, times: &mut Vec<Duration>) {
        if let (0, Some(last)) = (self.left, self.last) {
            let answered = self.answered.drain(..);
            times.extend(answered.map(|answered| last.saturating_duration_since(answered)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(begin: Instant, ms: u64) -> Instant {
        begin + Duration::from_millis(ms)
    }

    fn ms(shown: &mut Shown) -> Vec<u128> {
        shown.take().iter().map(Duration::as_millis).collect()
    }

    #[test]
    fn the_last_stream_counts() {
        let (mut shown, begin) = (Shown::default(), Instant::now());
        for _ in 0..3 {
            shown.enter(40);
        }
        shown.tell(40, 41, at(begin, 1));
        shown.answer(41, at(begin, 2));
        shown.tell(40, 41, at(begin, 5));
        assert_eq!((ms(&mut shown), shown.missing()), (vec![], 1));
        // Two events in one step.
        shown.answer(42, at(begin, 7));
        shown.tell(40, 42, at(begin, 9));
        assert_eq!((ms(&mut shown), shown.missing()), (vec![7], 1));
        shown.tell(41, 42, at(begin, 10));
        shown.tell(41, 42, at(begin, 11));
        assert_eq!((ms(&mut shown), shown.missing()), (vec![4], 0));
    }

    #[test]
    fn a_stream_may_be_quicker_than_the_answer() {
        let (mut shown, begin) = (Shown::default(), Instant::now());
        shown.enter(0);
        shown.tell(0, 1, at(begin, 1));
        shown.answer(1, at(begin, 2));
        assert_eq!(ms(&mut shown), [0]);
        shown.answer(1, at(begin, 0));
        assert_eq!(ms(&mut shown), [1], "another one of the same batch");
    }

    #[test]
    fn who_comes_later_has_it_and_who_goes_is_not_waited_for() {
        let (mut shown, begin) = (Shown::default(), Instant::now());
        shown.enter(0);
        shown.enter(0);
        shown.answer(1, at(begin, 1));
        shown.enter(1);
        shown.tell(0, 1, at(begin, 3));
        shown.leave(0);
        assert_eq!(ms(&mut shown), [2]);
        // One that comes with an old page waits as well.
        shown.answer(2, at(begin, 4));
        shown.enter(0);
        for from in [1, 1] {
            shown.tell(from, 2, at(begin, 5));
        }
        assert_eq!(shown.missing(), 1);
        shown.tell(0, 2, at(begin, 6));
        assert_eq!((ms(&mut shown), shown.missing()), (vec![2], 0));
    }

    #[test]
    fn nobody_looks() {
        let mut shown = Shown::default();
        shown.answer(1, Instant::now());
        assert_eq!((shown.take(), shown.missing()), (vec![], 0));
    }

    #[test]
    fn the_past_is_forgotten() {
        let (mut shown, now) = (Shown::default(), Instant::now());
        shown.enter(0);
        shown.tell(0, 200_000, now);
        assert!(shown.events.len() <= REMEMBERED);
        shown.answer(200_001, now);
        shown.tell(200_000, 200_001, now);
        assert_eq!(shown.take().len(), 1);
    }
}
