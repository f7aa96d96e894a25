//! Events that follow each other, with a document about them that is written once, however many programs follow the board.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::model::EventSummary;

/// Some events of a board, in order and without gaps.
#[derive(Default)]
pub struct EventBatch {
    events: Vec<EventSummary>,
    document: OnceLock<Bytes>,
}

impl EventBatch {
    pub(in crate::board) fn new(events: Vec<EventSummary>) -> EventBatch {
        EventBatch {
            events,
            document: OnceLock::new(),
        }
    }

    pub fn events(&self) -> &[EventSummary] {
        &self.events
    }

    /// A document about the events, written by the first reader.
    pub fn document(&self, write: impl FnOnce(&[EventSummary]) -> Bytes) -> Bytes {
        self.document.get_or_init(|| write(&self.events)).clone()
    }

    /// The number of the last event.
    pub(super) fn last(&self) -> Option<i64> {
        self.events.last().map(|event| event.number)
    }

    /// The events that follow a number without a gap; none if there are no such events.
    pub(super) fn after(self: &Arc<Self>, number: i64) -> Option<Arc<EventBatch>> {
        let first = self.events.first()?.number;
        let known = usize::try_from(number.checked_add(1)?.checked_sub(first)?).ok()?;
        match known {
            0 => Some(self.clone()),
            _ => {
                let rest = self.events.get(known..).filter(|rest| !rest.is_empty())?;
                Some(Arc::new(EventBatch::new(rest.to_vec())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;

    use super::*;
    use crate::model::{Action, Actor, Name, ParticipantId};

    fn batch(numbers: impl Iterator<Item = i64>) -> Arc<EventBatch> {
        let event = |number| EventSummary {
            number,
            at: NaiveDateTime::default(),
            actor: Actor {
                id: ParticipantId(1),
                name: Name::from_stored("Ann".to_owned()),
            },
            action: Action::Reopened,
        };
        Arc::new(EventBatch::new(numbers.map(event).collect()))
    }

    #[test]
    fn a_batch_continues_what_is_known_without_gaps() {
        let batch = batch(7..10);
        let after = |number| {
            let rest = batch.after(number)?;
            Some(rest.events().iter().map(|event| event.number).collect())
        };
        for (number, expected) in [
            (i64::MIN, None),
            (5, None),
            (6, Some(vec![7, 8, 9])),
            (7, Some(vec![8, 9])),
            (8, Some(vec![9])),
            (9, None),
            (i64::MAX, None),
        ] {
            assert_eq!(after(number), expected, "{number}");
        }
    }

    #[test]
    fn a_document_is_written_once_for_all_who_know_the_event_before() {
        let batch = batch(7..9);
        let write = |events: &[EventSummary]| Bytes::from(events.len().to_string());
        let [first, second] = [(); 2].map(|()| batch.after(6).unwrap().document(write));
        assert_eq!(first, "2");
        assert_eq!(first.as_ptr(), second.as_ptr());
        assert_eq!(batch.after(7).unwrap().document(write), "1");
    }
}
