//! Measures how long it takes from the response to a veto until the last stream of the board shows it. Receiving an event costs
//! the same however many streams there are. Knows event numbers and times, no requests.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// How many events are tracked; older ones are dropped.
const MAX_EVENTS: usize = 65_536;

/// The recent events of one board and which streams still lack them.
#[derive(Default)]
pub(super) struct DeliveryTracker {
    /// The number of the first event in `events`.
    first: i64,
    events: VecDeque<TrackedEvent>,
    streams: u32,
    /// From the response to the last stream, for each veto that all streams show.
    latencies: Vec<Duration>,
}

#[derive(Default)]
struct TrackedEvent {
    /// When vetoes whose response names this event were answered: those of one batch share the last event of the batch.
    answered_at: Vec<Instant>,
    /// The number of streams that lack the event.
    pending_streams: u32,
    last_delivered_at: Option<Instant>,
}

impl DeliveryTracker {
    /// Adds a stream that has all events up to this one.
    pub(super) fn add_stream(&mut self, position: i64) {
        self.track_up_to(position);
        let start = self.index(position + 1);
        for event in self.events.range_mut(start..) {
            event.pending_streams += 1;
        }
        self.streams += 1;
    }

    /// Moves a stream forward: it received the events after `from` up to `to`.
    pub(super) fn advance_stream(&mut self, from: i64, to: i64, now: Instant) {
        self.track_up_to(to);
        let range = self.index(from + 1)..self.index(to + 1);
        for event in self.events.range_mut(range) {
            event.pending_streams = event.pending_streams.saturating_sub(1);
            event.last_delivered_at = Some(now);
            event.collect_latencies(&mut self.latencies);
        }
    }

    /// Removes a stream that has all events up to this one. The later ones no longer wait for it.
    pub(super) fn remove_stream(&mut self, position: i64) {
        self.streams -= 1;
        let start = self.index(position + 1);
        for event in self.events.range_mut(start..) {
            event.pending_streams = event.pending_streams.saturating_sub(1);
            event.collect_latencies(&mut self.latencies);
        }
    }

    /// Records the response to a veto, which names this event.
    pub(super) fn record_response(&mut self, number: i64, now: Instant) {
        self.track_up_to(number);
        let index = self.index(number);
        if let Some(event) = self.events.get_mut(index) {
            event.answered_at.push(now);
            event.collect_latencies(&mut self.latencies);
        }
    }

    /// The latencies since the last call.
    pub(super) fn take_latencies(&mut self) -> Vec<Duration> {
        std::mem::take(&mut self.latencies)
    }

    /// The number of answered vetoes that some stream does not show.
    pub(super) fn undelivered(&self) -> usize {
        let events = self.events.iter();
        let pending = events.filter(|event| event.pending_streams > 0);
        pending.map(|event| event.answered_at.len()).sum()
    }

    /// Adds all events up to this one. No stream has a new event yet.
    fn track_up_to(&mut self, number: i64) {
        let next = self.first + self.events.len() as i64;
        if self.events.is_empty() && self.streams == 0 {
            // Nothing is known of earlier events, and no stream lacks them.
            self.first = number;
        } else if number >= next + MAX_EVENTS as i64 {
            self.events.clear();
            self.first = number;
        }
        while self.first + (self.events.len() as i64) <= number {
            self.events.push_back(TrackedEvent {
                pending_streams: self.streams,
                ..TrackedEvent::default()
            });
            if self.events.len() > MAX_EVENTS {
                self.events.pop_front();
                self.first += 1;
            }
        }
    }

    /// The index of an event, limited to the bounds of `events`.
    fn index(&self, number: i64) -> usize {
        let index = usize::try_from(number - self.first).unwrap_or(0);
        index.min(self.events.len())
    }
}

impl TrackedEvent {
    /// Once all streams have the event, adds the latency of each of its vetoes.
    fn collect_latencies(&mut self, latencies: &mut Vec<Duration>) {
        if let (0, Some(last)) = (self.pending_streams, self.last_delivered_at) {
            let answered_at = self.answered_at.drain(..);
            latencies.extend(answered_at.map(|answered| last.saturating_duration_since(answered)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    fn latencies_ms(tracker: &mut DeliveryTracker) -> Vec<u128> {
        let latencies = tracker.take_latencies();
        latencies.iter().map(Duration::as_millis).collect()
    }

    #[test]
    fn the_last_stream_determines_the_latency() {
        let (mut tracker, start) = (DeliveryTracker::default(), Instant::now());
        for _ in 0..3 {
            tracker.add_stream(40);
        }
        tracker.advance_stream(40, 41, at(start, 1));
        tracker.record_response(41, at(start, 2));
        tracker.advance_stream(40, 41, at(start, 5));
        assert_eq!(
            (latencies_ms(&mut tracker), tracker.undelivered()),
            (vec![], 1)
        );
        // Two events in one message.
        tracker.record_response(42, at(start, 7));
        tracker.advance_stream(40, 42, at(start, 9));
        assert_eq!(
            (latencies_ms(&mut tracker), tracker.undelivered()),
            (vec![7], 1)
        );
        tracker.advance_stream(41, 42, at(start, 10));
        tracker.advance_stream(41, 42, at(start, 11));
        assert_eq!(
            (latencies_ms(&mut tracker), tracker.undelivered()),
            (vec![4], 0)
        );
    }

    #[test]
    fn a_stream_may_be_faster_than_the_response() {
        let (mut tracker, start) = (DeliveryTracker::default(), Instant::now());
        tracker.add_stream(0);
        tracker.advance_stream(0, 1, at(start, 1));
        tracker.record_response(1, at(start, 2));
        assert_eq!(latencies_ms(&mut tracker), [0]);
        tracker.record_response(1, at(start, 0));
        assert_eq!(
            latencies_ms(&mut tracker),
            [1],
            "another veto of the same batch"
        );
    }

    #[test]
    fn new_streams_have_earlier_events_and_closed_streams_do_not_count() {
        let (mut tracker, start) = (DeliveryTracker::default(), Instant::now());
        tracker.add_stream(0);
        tracker.add_stream(0);
        tracker.record_response(1, at(start, 1));
        tracker.add_stream(1);
        tracker.advance_stream(0, 1, at(start, 3));
        tracker.remove_stream(0);
        assert_eq!(latencies_ms(&mut tracker), [2]);
        // A stream that starts from an old page counts as well.
        tracker.record_response(2, at(start, 4));
        tracker.add_stream(0);
        for from in [1, 1] {
            tracker.advance_stream(from, 2, at(start, 5));
        }
        assert_eq!(tracker.undelivered(), 1);
        tracker.advance_stream(0, 2, at(start, 6));
        assert_eq!(
            (latencies_ms(&mut tracker), tracker.undelivered()),
            (vec![2], 0)
        );
    }

    #[test]
    fn without_streams_nothing_is_undelivered() {
        let mut tracker = DeliveryTracker::default();
        tracker.record_response(1, Instant::now());
        assert_eq!(
            (tracker.take_latencies(), tracker.undelivered()),
            (vec![], 0)
        );
    }

    #[test]
    fn old_events_are_dropped() {
        let (mut tracker, now) = (DeliveryTracker::default(), Instant::now());
        tracker.add_stream(0);
        tracker.advance_stream(0, 200_000, now);
        assert!(tracker.events.len() <= MAX_EVENTS);
        tracker.record_response(200_001, now);
        tracker.advance_stream(200_000, 200_001, now);
        assert_eq!(tracker.take_latencies().len(), 1);
    }
}
